"""Workers of many libraries, kept alive from round to round within a memory budget."""

from contextlib import ExitStack
from typing import Self

from nearhit.cells.cell import Cell
from nearhit.machine.hardware import memory_limit

from .worker import Limits, Worker

_SHARE_OF_IDLE = 0.3  # of the memory; a worker that has measured holds some 300 MiB


def worker_of(cell: Cell) -> tuple[str, str, int]:
    """Return what cells share that one worker measures: index, tracker and threads."""
    return cell.index.name, cell.tracker.name if cell.tracker else "", cell.threads


class Workers:
    """One worker for each library and number of threads.

    Before a worker is asked, those that were idle longest end until the others hold no more than
    the budget. One that ended is started again when it is needed, and then makes a cold pass.

    Args:
        limits: of one cell.
        idle_bytes: resident memory that idle workers may hold together; None for 30 % of the
            machine's.
    """

    def __init__(self, limits: Limits, idle_bytes: int | None = None) -> None:
        self._limits = limits
        self._budget = int(memory_limit() * _SHARE_OF_IDLE) if idle_bytes is None else idle_bytes
        self._idle: dict[tuple[str, str, int], Worker] = {}  # the least recently used first

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with ExitStack() as stack:
            for worker in self._idle.values():
                stack.push(worker)

    def of(self, cell: Cell) -> Worker:
        """Return the worker of a cell, alive or new, when others hold no more than the budget."""
        worker = self._idle.pop(worker_of(cell), None)
        self._end_beyond_budget()
        if worker is None:
            worker = Worker(cell.threads, self._limits).__enter__()
        self._idle[worker_of(cell)] = worker
        return worker

    def _end_beyond_budget(self) -> None:
        while sum(one.resident_bytes for one in self._idle.values()) > self._budget:
            oldest = self._idle.pop(next(iter(self._idle)))
            oldest.__exit__(None, None, None)
