"""What the machine did while a cell was measured: how many threads ran, and what else did."""

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

_EVERY_SECONDS = 0.2  # threads are counted so often, in a ten-thousandth of that time
_LEAST_SEEN = 0.5  # of its own time a process must find in the system's, or that is not told


@dataclass(frozen=True)
class Conditions:
    """The machine from the moment that a cell's worker was asked until it had answered.

    Attributes:
        seconds: wall time, imports and compilation included.
        own_cores: processor seconds of nearhit and its worker per second.
        other_cores: the same of everything else on the processors that this process may use, to
            0.02 s over `seconds`; None where the system does not tell.
        stolen_cores: what a hypervisor gave to others meanwhile; None as above.
        most_threads: threads that the worker was seen to hold at once, idle ones included; None
            where it was gone at every look.
        load: processes that wanted to run, averaged over the minute before the end.
    """

    seconds: float
    own_cores: float
    other_cores: float | None
    stolen_cores: float | None
    most_threads: int | None
    load: float


class Watch:
    """Watches the machine as long as its `with` block lasts; then `conditions` says what was."""

    def __enter__(self) -> Self:
        self._counts: list[int] = []
        self._ended = Event()
        self._looking = Thread(target=self._look, daemon=True)
        self._start = _sample()
        self._looking.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end = _sample()
        self._ended.set()
        self._looking.join()

    def conditions(self) -> Conditions:
        """Return what the block that has ended saw."""
        seconds, own, busy, stolen = (
            None if before is None or after is None else after - before
            for before, after in zip(self._start, self._end, strict=True)
        )
        wall, mine = float(seconds or 0.0), float(own or 0.0)
        told = busy is not None and busy >= _LEAST_SEEN * mine
        return Conditions(
            seconds=wall,
            own_cores=mine / wall,
            other_cores=max(0.0, (busy or 0.0) - mine) / wall if told else None,
            stolen_cores=stolen / wall if told and stolen is not None else None,
            most_threads=max(self._counts, default=None),
            load=os.getloadavg()[0],
        )

    def _look(self) -> None:
        """Count threads now and then; processes are looked for ever less often, as that is dear."""
        looks, children = 0, _children()
        while not self._ended.wait(_EVERY_SECONDS):
            looks += 1
            if looks & (looks - 1) == 0:
                children = _children()
            self._counts += _threads_of(children)
        self._counts += _threads_of(_children())


class _Sample(NamedTuple):
    """Seconds so far: of the clock, and of processors by who had them."""

    clock: float
    own: float
    busy: float | None
    stolen: float | None


def _sample() -> _Sample:
    return _Sample(perf_counter(), _own_seconds(), *_machine_seconds())


def _own_seconds() -> float:
    """Return the processor seconds of this process and all below it, those that ended included."""
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    ended = sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))
    return ended + sum(_seconds_of_children())


def _seconds_of_children() -> Iterator[float]:
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it ended just now, and is among those of the next sample
            yield sum(child.cpu_times()[:4])


def _machine_seconds() -> tuple[float | None, float | None]:
    """Return what the processors that this process may use spent on work, and what was stolen."""
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
    a_second = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + hard + soft) / a_second, stolen / a_second


def _children() -> list[int]:
    return [child.pid for child in psutil.Process().children()]


def _threads_of(processes: list[int]) -> list[int]:
    """Return how many threads each process has that is there still."""
    counts = []
    for process in processes:
        with suppress(OSError):
            counts.append(len(os.listdir(f"/proc/{process}/task")))  # noqa: PTH208 - names alone
    return counts
