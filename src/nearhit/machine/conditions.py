"""Conditions of a measurement: processor time of nearhit and of others, and threads."""

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from math import nan
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple, Protocol, Self

import psutil

_INTERVAL_SECONDS = 0.2  # between counts of threads, which take a ten-thousandth of it
_LEAST_SEEN = 0.5  # share of its own time that the system must report to be believed
_RESOLUTION = 0.02  # seconds of each processor: the system counts in hundredths, at both ends

DISTURBING_SHARE = 0.05
"""Share of the processors asked for that others may take: less than rankings are read to."""

IDLE_SHARE = 0.5
"""Share of the processors not asked for that others may take.

Processors often come in pairs that share a core, and all share the memory: beyond half of the idle
ones, others reach the cores and the bandwidth of what is measured.
"""


class Taken(Protocol):
    """Contract of what is told of other processes: of a whole cell, or of one of its rounds."""

    @property
    def seconds(self) -> float:
        """Wall time."""

    @property
    def other_cores(self) -> float | None:
        """Processor seconds of other processes per second; None where not known."""

    @property
    def stolen_cores(self) -> float | None:
        """Processor seconds of other guests of the hypervisor per second; None where not known."""


def is_disturbed(taken: Taken, threads: int, cores: int) -> bool | None:
    """Return whether others took so much that times are not to be ranked; None if not known.

    They disturb where they took more than `DISTURBING_SHARE` of the processors asked for and more
    than `IDLE_SHARE` of those left, or where the hypervisor withheld more than the former. What the
    system's counts do not resolve is not held against a short measurement.

    Args:
        taken: of a measurement.
        threads: that it was asked to use.
        cores: that it might have used.
    """
    if taken.other_cores is None or taken.stolen_cores is None:
        return None
    unresolved = _RESOLUTION * cores / taken.seconds
    allowed, idle = DISTURBING_SHARE * threads, IDLE_SHARE * (cores - threads)
    return (
        taken.other_cores - unresolved > max(allowed, idle)
        or taken.stolen_cores - unresolved > allowed
    )


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


@dataclass(frozen=True)
class Spent:
    """Wall time, and the processor time in it, as `Taken` has it.

    Attributes:
        seconds: wall time.
        own_cores: processor seconds of this process and its descendants per second.
        other_cores: as in `Conditions`.
        stolen_cores: as in `Conditions`.
    """

    seconds: float
    own_cores: float
    other_cores: float | None
    stolen_cores: float | None


class ProcessorMonitor:
    """Monitors the processors during its `with` blocks; afterwards `spent` returns their sum.

    To enter and to leave take some milliseconds, which are not in the sum.
    """

    def __init__(self) -> None:
        self._sum = _Sample(0.0, 0.0, 0.0, 0.0)

    def __enter__(self) -> Self:
        self._start = _sample()
        return self

    def __exit__(self, *_error: object) -> None:
        ended = zip(self._sum, self._start, _sample(), strict=True)
        self._sum = _Sample(*(total + after - before for total, before, after in ended))

    def spent(self) -> Spent:
        """Return what was spent in the blocks that have ended."""
        wall, mine, busy, stolen = self._sum
        reported = busy + _RESOLUTION >= _LEAST_SEEN * mine  # never if not a number
        return Spent(
            seconds=wall,
            own_cores=mine / wall,
            other_cores=max(0.0, busy - mine) / wall if reported else None,
            stolen_cores=stolen / wall if reported else None,
        )


class ResourceMonitor:
    """Monitors the machine during its `with` blocks; afterwards `conditions` returns the result.

    Args:
        processes: returns the identifiers of the processes whose threads are counted.
    """

    def __init__(self, processes: Callable[[], list[int]] | None = None) -> None:
        self._processes = processes or _children
        self._processors = ProcessorMonitor()
        self._counts: list[int] = []

    def __enter__(self) -> Self:
        self._ended = Event()
        self._sampler = Thread(target=self._sample_threads, daemon=True)
        self._processors.__enter__()
        self._sampler.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._processors.__exit__(*_error)
        self._ended.set()
        self._sampler.join()

    def conditions(self) -> Conditions:
        """Return the conditions during the blocks that have ended."""
        return Conditions(
            **asdict(self._processors.spent()),
            most_threads=max(self._counts, default=None),
            load=os.getloadavg()[0],
        )

    def _sample_threads(self) -> None:
        """Count threads at intervals; list processes, which is expensive, ever less often."""
        samples, children = 0, self._processes()
        while not self._ended.wait(_INTERVAL_SECONDS):
            samples += 1
            if samples & (samples - 1) == 0:
                children = self._processes()
            self._counts += _threads_of(children)
        self._counts += _threads_of(self._processes())


class _Sample(NamedTuple):
    """Seconds so far: wall time, and processor time by user; NaN where not known."""

    clock: float
    own: float
    busy: float
    stolen: float


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


def _machine_seconds() -> tuple[float, float]:
    """Return busy and stolen seconds of the processors that this process may use, or NaN."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return nan, nan
    lines = (line.split() for line in stat.read_text(encoding="ascii").splitlines())
    mine = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    ticks = [[int(number) for number in fields] for name, *fields in lines if name in mine]
    if not ticks:
        return nan, nan
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
