"""Workers of all sides in lockstep: each pass at once on one core, so that all are slowed alike.

Other work on a machine changes its speed within tenths of a second, by more than the differences
that matter. Processes that share a core get time slices of a few milliseconds, so that such work
hits all of them, and the processor time that each uses can be compared.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from nearhit.cells.status import Status
from nearhit.machine.hardware import thread_variables
from nearhit.measure.worker import Limits, end_of_stderr, exit_reason

TURN_FILE = Path(__file__).with_name("turn.py")

Answers = tuple[dict[int, dict[str, Any]], Status]
"""Lines that a worker wrote, by cell, and its exit reason for the cells without one."""

_Stop = tuple[int, int]  # the cell and the pass before which a worker waits


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        label: for people.
        command: that runs a turn; the job's file is appended.
    """

    label: str
    command: tuple[str, ...]


def run_in_lockstep(
    sides: Sequence[Side], jobs: Sequence[dict[str, Any]], limits: Limits
) -> list[Answers]:
    """Run a job of each side in a process of its own and return what each wrote.

    All begin a pass when the last of them is ready for it: with one thread at once on one core, the
    next pass on the next core; with more threads one after the other on all cores.

    Args:
        sides: to compare.
        jobs: one a side, alike but for file names; each has a folder of its own.
        limits: of a worker, from one pass to the next.
    """
    threads = jobs[0]["threads"]
    with thread_variables(threads), ExitStack() as stack:
        workers = []
        for side, job in zip(sides, jobs, strict=True):
            workers.append(_Worker(side, job, limits))
            stack.callback(workers[-1].kill)
        _conduct(workers, at_once=threads == 1)
        return [worker.answers() for worker in workers]


def _conduct(workers: Sequence["_Worker"], *, at_once: bool) -> None:
    cores = sorted(os.sched_getaffinity(0))
    stops = {worker: worker.next_stop() for worker in workers}
    while waiting := {worker: stop for worker, stop in stops.items() if stop}:
        stop = min(waiting.values())
        ready = [worker for worker, other in waiting.items() if other == stop]
        ready = ready[:: -1 if stop[1] % 2 else 1]
        for group in [ready] if at_once else [[worker] for worker in ready]:
            for worker in group:
                if at_once:
                    worker.pin(cores[stop[1] % len(cores)])
                worker.go_on()
            stops |= {worker: worker.next_stop() for worker in group}


class _Worker:
    """A process that does a job and waits before each pass.

    Args:
        side: whose command does it.
        job: as `turn.py` reads it.
        limits: see `run_in_lockstep`.
    """

    def __init__(self, side: Side, job: dict[str, Any], limits: Limits) -> None:
        self._out = Path(job["out"])
        self._stderr = self._out.with_name("stderr")
        self._seconds, self._late = limits.timeout_seconds, False
        file = self._out.with_name("job.json")
        file.write_text(json.dumps(job), encoding="utf-8")
        self._out.write_text("", encoding="utf-8")
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [*side.command, str(file)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.communicate()

    def next_stop(self) -> _Stop | None:
        """Wait until it is ready for a pass and return which; None if it has ended."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        timer = Timer(self._seconds, self._time_out)
        timer.start()
        line = self._process.stdout.readline().split()
        timer.cancel()
        return (int(line[0]), int(line[1])) if line else None

    def pin(self, core: int) -> None:
        """Run all of its threads on one core."""
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            with suppress(ProcessLookupError):  # it has ended
                os.sched_setaffinity(int(thread.name), {core})

    def go_on(self) -> None:
        """Start the pass that it waits for."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # it has died, which its next stop tells
            self._process.stdin.write("\n")
            self._process.stdin.flush()

    def answers(self) -> Answers:
        """Return what it wrote, once it has ended."""
        code = self._process.wait()
        if self._late:
            end = Status("timeout", f"not done after {self._seconds:g} s")
        else:
            end = Status("failed", exit_reason(code) + end_of_stderr(self._stderr.read_bytes()))
        complete = self._out.read_text(encoding="utf-8").split("\n")[:-1]  # but for a cut line
        lines = [json.loads(line) for line in complete]
        return {line["number"]: line for line in lines}, end

    def _time_out(self) -> None:
        self._late = True
        self._process.kill()
