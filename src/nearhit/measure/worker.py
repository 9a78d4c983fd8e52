"""A worker: a process of its own for one library, whose failure costs one cell alone."""

import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from nearhit.cells.cell import Cell
from nearhit.cells.status import LONGEST, Status, in_one_line
from nearhit.data.event import Event
from nearhit.errors import BadInputError, SkippedError
from nearhit.machine.hardware import MIB, memory_limit, resident_bytes, thread_variables
from nearhit.plugins.registry import trackers

from .measure import Measurement, measure

T = TypeVar("T")
"""Result of a function in the worker."""

_SHARE_OF_MEMORY = 0.8  # the rest is for the harness and the system
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True)
class Limits:
    """Limits of one cell.

    Attributes:
        timeout_seconds: wall time for all passes of the cell together.
        memory_mb: data that the worker may allocate, in MiB; None for 80 % of the machine's memory.
    """

    timeout_seconds: float = 600.0
    memory_mb: int | None = None

    @property
    def memory_bytes(self) -> int:
        """The limit on memory in bytes."""
        return self.memory_mb * MIB if self.memory_mb else int(memory_limit() * _SHARE_OF_MEMORY)

    @property
    def exceeded(self) -> Status:
        """The status of a cell that took longer."""
        return Status("timeout", f"not done after {self.timeout_seconds:g} s")


class Worker:
    """Measures cells of one library in a spawned process that is replaced when it dies.

    Args:
        threads: of OpenMP, BLAS and numba.
        limits: of one cell.
    """

    def __init__(self, threads: int, limits: Limits) -> None:
        self._threads = threads
        self._limits = limits

    def __enter__(self) -> Self:
        try:
            self._folder = TemporaryDirectory(prefix="nearhit-")
            self._stderr = Path(self._folder.name) / "stderr"
            self._stderr.touch()
            self._process = Path(self._folder.name) / "process"
            self._process.touch()
        except OSError as error:
            raise BadInputError(
                f"A worker cannot be given a folder for temporary files ({error.strerror}): make "
                "room there, or name another in TMPDIR."
            ) from error
        self._pool = self._new_pool()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end_pool()
        self._folder.cleanup()

    @property
    def process(self) -> int:
        """Identifier of the process, which may have ended; 0 before there was one."""
        return int(self._process.read_text(encoding="ascii") or 0)

    @property
    def resident_bytes(self) -> int:
        """Memory that the process holds; 0 where it has ended."""
        return resident_bytes(self.process)

    def measure(self, cell: Cell, event: Event, seconds: float, *, last: bool) -> "Outcome":
        """Return what was measured in one pass, or the status that says why nothing was.

        Args:
            cell: what to measure.
            event: its truth is taken away before the worker sees it, but for trackers that read it.
            seconds: those that the limit of the cell leaves.
            last: whether the answer is wanted, and latencies of queries one by one.
        """
        shown = event if _reads_truth(cell) else event.without_truth()
        return self.call(partial(_measure, last=last), cell, shown, seconds=seconds)

    def call(
        self, function: Callable[..., T], *arguments: object, seconds: float | None = None
    ) -> T | Status:
        """Return what the function returns in the worker, or the status of its end.

        It ends after the given seconds, by default those of the limit.

        A process that dies before the pool has heard that it began breaks the pool, and its end is
        not known; so the function is called once more, in a new pool.
        """
        already_said = self._stderr.stat().st_size
        with thread_variables(self._threads):
            for _attempt in range(2):
                try:
                    return self._schedule(function, arguments, seconds)
                except FutureTimeoutError:
                    self._renew_pool()
                    return self._limits.exceeded
                except ProcessExpired as death:
                    self._renew_pool()
                    reason = exit_reason(death.exitcode)
                    return Status("failed", reason + self._end_of_stderr(already_said))
                except BrokenProcessPool:
                    self._renew_pool()
        return Status("failed", "its process died at its start" + self._end_of_stderr(already_said))

    def _schedule(
        self, function: Callable[..., T], arguments: tuple[object, ...], seconds: float | None
    ) -> T:
        if not self._pool.active:  # its process died while it had nothing to do
            raise BrokenProcessPool
        allowed = self._limits.timeout_seconds if seconds is None else seconds
        future = self._pool.schedule(function, args=arguments, timeout=allowed)
        outcome: T = future.result()
        return outcome

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            initializer=_start,
            initargs=(self._stderr, self._process, self._limits.memory_bytes),
            context=multiprocessing.get_context("spawn"),
        )

    def _renew_pool(self) -> None:
        """Have the next process start when it is needed, with the number of threads set."""
        self._end_pool()
        self._pool = self._new_pool()

    def _end_pool(self) -> None:
        self._pool.stop()
        self._pool.join()

    def _end_of_stderr(self, position: int) -> str:
        return end_of_stderr(self._stderr.read_bytes()[position:])


Outcome = Measurement | Status

_warmed: set[tuple[str, str, str]] = set()
"""Libraries, metrics and trackers that this process has run: what they compile is paid for."""


def _reads_truth(cell: Cell) -> bool:
    return cell.tracker is not None and trackers()[cell.tracker.name].truth


@cache
def _empty_bytes() -> int:
    """Return the memory held at the first call, which `_start` makes before any library loads."""
    return resident_bytes()


def _start(stderr: Path, process: Path, memory_bytes: int) -> None:
    """Prepare a new worker process: its output, its limits, and its end with its parent."""
    process.write_text(str(os.getpid()), encoding="ascii")
    with stderr.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # go before the harness
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    _empty_bytes()


def _measure(cell: Cell, event: Event, *, last: bool) -> Outcome:
    kind = (cell.index.name, cell.metric, cell.tracker.name if cell.tracker else "")
    cold = kind not in _warmed
    _warmed.add(kind)
    try:
        measured = measure(cell, event, cold=cold, last=last)
        return replace(measured, peak_bytes=measured.peak_bytes - _empty_bytes())
    except SkippedError as reason:
        return Status("skipped", str(reason))
    except Exception as error:  # noqa: BLE001 - whatever a library raises is this cell's result
        return Status("failed", in_one_line(f"{type(error).__name__}: {error}"))


def exit_reason(exit_code: int) -> str:
    """Return why a process ended before its work was done, in a few words."""
    if exit_code >= 0:
        return f"its process ended with exit code {exit_code}"
    name = signal.Signals(-exit_code).name
    hint = " (often: out of memory)" if name == "SIGKILL" else ""
    return f"its process was killed by {name}{hint}"


def end_of_stderr(written: bytes) -> str:
    """Return the end of what a process wrote to stderr, to follow its exit reason; may be empty."""
    end = " ".join(written.decode(errors="replace").split())[-LONGEST:]
    return f"; the end of its stderr: {end}" if end else ""
