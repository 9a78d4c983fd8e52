"""Conditions of a measurement: processor time of nearhit and of others, and threads."""

import os
import resource
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Self

import psutil

_INTERVAL_SECONDS = 0.2  # between counts of threads, which take a ten-thousandth of it
_LEAST_SEEN = 0.5  # share of its own time that the system must report to be believed


@dataclass(frozen=True)
class Conditions:
    """Use of the machine between the request to a cell's worker and its answer.

    Attributes:
        seconds: wall time, imports and compilation included.
        own_cores: processor seconds of nearhit and its worker per second.
        other_cores: the same of all other processes on the processors that this process may use,
            to 0.02 s over `seconds`; None where the system does not report it.
        stolen_cores: the same taken by the hypervisor for other guests; None as above.
        most_threads: largest number of threads of the worker, idle ones included; None where no
            sample found it alive.
        load: runnable processes, averaged over the last minute.
    """

    seconds: float
    own_cores: float
    other_cores: float | None
    stolen_cores: float | None
    most_threads: int | None
    load: float


class ResourceMonitor:
    """Monitors the machine during its `with` block; afterwards `conditions` returns the result."""

    def __enter__(self) -> Self:
        self._counts: list[int] = []
        self._ended = Event()
        self._sampler = Thread(target=self._sample_threads, daemon=True)
        self._start = _sample()
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end = _sample()
        self._ended.set()
        self._sampler.join()

    def conditions(self) -> Conditions:
        """Return the conditions during the block that has ended."""
        seconds, own, busy, stolen = (
            None if before is None or after is None else after - before
            for before, after in zip(self._start, self._end, strict=True)
        )
        wall, mine = float(seconds or 0.0), float(own or 0.0)
        reported = busy is not None and busy >= _LEAST_SEEN * mine
        return Conditions(
            seconds=wall,
            own_cores=mine / wall,
            other_cores=max(0.0, (busy or 0.0) - mine) / wall if reported else None,
            stolen_cores=stolen / wall if reported and stolen is not None else None,
            most_threads=max(self._counts, default=None),
            load=os.getloadavg()[0],
        )

    def _sample_threads(self) -> None:
        """Count threads at intervals; list child processes, which is expensive, ever less often."""
        samples, children = 0, _children()
        while not self._ended.wait(_INTERVAL_SECONDS):
            samples += 1
            if samples & (samples - 1) == 0:
                children = _children()
            self._counts += _threads_of(children)
        self._counts += _threads_of(_children())


class _Sample(NamedTuple):
    """Seconds so far: wall time, and processor time by user."""

    clock: float
    own: float
    busy: float | None
    stolen: float | None


def _sample() -> _Sample:
    return _Sample(perf_counter(), _own_seconds(), *_machine_seconds())


def _own_seconds() -> float:
    """Return the processor seconds of this process and its descendants, ended ones included."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    ended = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))
    return ended + sum(_seconds_of_children())


def _seconds_of_children() -> Iterator[float]:
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has just ended; the next sample includes it
            yield sum(child.cpu_times()[:4])


def _machine_seconds() -> tuple[float | None, float | None]:
    """Return busy and stolen seconds of the processors that this process may use."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return None, None
    lines = (line.split() for line in stat.read_text(encoding="ascii").splitlines())
    mine = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    ticks = [[int(number) for number in fields] for name, *fields in lines if name in mine]
    if not ticks:
        return None, None
    sums = [sum(each) for each in zip(*ticks, strict=True)]
    user, nice, system, _idle, _waiting, hard, soft, stolen = sums[:8]
    ticks_per_second = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + hard + soft) / ticks_per_second, stolen / ticks_per_second


def _children() -> list[int]:
    return [child.pid for child in psutil.Process().children()]


def _threads_of(processes: list[int]) -> list[int]:
    """Return the number of threads of each process that is alive."""
    counts = []
    for process in processes:
        with suppress(OSError):
            counts.append(len(os.listdir(f"/proc/{process}/task")))  # noqa: PTH208 - names alone
    return counts
