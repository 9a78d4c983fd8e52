"""One turn of all sides together: pass by pass at once on one core, so that all are slowed alike.

What else a machine does changes its speed within tenths of a second, by more than what is looked
for. The kernel lets processes that share a core take turns of a few milliseconds, so that it meets
all of them, and what each takes of the core, its processor time, can be held against the others'.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Timer
from typing import Any

from nearhit.cells.status import Status
from nearhit.machine.hardware import thread_variables
from nearhit.measure.worker import Limits, cause_of_end

from .side import Side

Found = tuple[dict[int, dict[str, Any]], Status]
"""What a worker wrote of each cell, and how it ended where it wrote nothing of one."""

_Stop = tuple[int, int]  # the cell and the pass before which a worker waits


def run_together(
    sides: Sequence[Side], jobs: Sequence[dict[str, Any]], limits: Limits
) -> list[Found]:
    """Run a job of each side in a process of its own and return what each found.

    All begin a pass when the last of them is ready for it: at once on one core, and on the next one
    for the next pass, where they use one thread; one after the other on all cores where they use
    more.

    Args:
        sides: what is compared.
        jobs: one a side, alike but for the files that they name; each has a folder of its own.
        limits: what a worker may take from one pass to the next.
    """
    threads = jobs[0]["threads"]
    with thread_variables(threads), ExitStack() as all_end:
        workers = []
        for side, job in zip(sides, jobs, strict=True):
            workers.append(_Worker(side, job, limits))
            all_end.callback(workers[-1].end)
        _conduct(workers, at_once=threads == 1)
        return [worker.found() for worker in workers]


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
        job: what is written for it.
        limits: see `run_together`.
    """

    def __init__(self, side: Side, job: dict[str, Any], limits: Limits) -> None:
        self._out = Path(job["out"])
        self._errors = self._out.with_name("stderr")
        self._seconds, self._late = limits.timeout_seconds, False
        file = self._out.with_name("job.json")
        file.write_text(json.dumps(job), encoding="utf-8")
        self._out.write_text("", encoding="utf-8")
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [*side.command, str(file)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip

    def end(self) -> None:
        """End it, wherever it is."""
        self._process.kill()
        self._process.communicate()

    def next_stop(self) -> _Stop | None:
        """Wait until it is ready for a pass and return for which; None where it has ended."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        timer = Timer(self._seconds, self._give_up)
        timer.start()
        said = self._process.stdout.readline().split()
        timer.cancel()
        return (int(said[0]), int(said[1])) if said else None

    def pin(self, core: int) -> None:
        """Let all of its threads run on one core."""
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            with suppress(ProcessLookupError):  # it has ended
                os.sched_setaffinity(int(thread.name), {core})

    def go_on(self) -> None:
        """Let it run the pass."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):  # it has died, which its next stop tells
            self._process.stdin.write("\n")
            self._process.stdin.flush()

    def found(self) -> Found:
        """Return what it wrote, when it has ended."""
        code = self._process.wait()
        if self._late:
            end = Status("timeout", f"not done after {self._seconds:g} s")
        else:
            said = self._errors.read_text(encoding="utf-8", errors="replace")
            said = " ".join(said.split())[-300:]
            cause = cause_of_end(code) + (f"; the end of its stderr: {said}" if said else "")
            end = Status("failed", cause)
        whole = self._out.read_text(encoding="utf-8").split("\n")[:-1]  # a cut line says nothing
        lines = [json.loads(line) for line in whole]
        return {line["number"]: line for line in lines}, end

    def _give_up(self) -> None:
        self._late = True
        self._process.kill()
