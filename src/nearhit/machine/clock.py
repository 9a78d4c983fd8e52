"""The clock: wall and processor time of named stages."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns, process_time_ns


class Stopwatch:
    """Wall and processor seconds of named stages; repeated stages add up."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the `with` block."""
        processor, wall = process_time_ns(), perf_counter_ns()
        yield
        seconds = (perf_counter_ns() - wall) / 1e9
        self.wall[name] = self.wall.get(name, 0.0) + seconds
        seconds = (process_time_ns() - processor) / 1e9
        self.processor[name] = self.processor.get(name, 0.0) + seconds
