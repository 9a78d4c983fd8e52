"""Rounds: each gives every cell that one table ranks one pass, in an order drawn anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from nearhit.cells.cell import Cell
from nearhit.data.event import Event

from .course import Course
from .judge import Judge
from .worker import Limits
from .workers import Workers

ATTEMPTS = 3
"""Passes of a cell in one round, as long as others disturb them."""

IN_VAIN = 3
"""Passes made again and disturbed again, one after the other, after which none is made again.

A machine that others keep busy would only be measured for longer. The next pass that nothing
disturbs shows that it has become quiet.
"""


@dataclass
class Rounds:
    """Measures cells in rounds.

    Attributes:
        judge: of the event.
        event: of all cells.
        workers: that are asked.
        number: of rounds.
        limits: of one cell.
        tell: called with a cell and the number of its round when its pass has ended.
    """

    judge: Judge
    event: Event
    workers: Workers
    number: int
    limits: Limits
    tell: Callable[[Cell, int], None]
    _in_vain: int = field(default=0, init=False)

    def of(self, cells: Sequence[Cell]) -> Iterator[Course]:
        """Yield the course of each cell when it has ended: most in the last round.

        A pass that others disturbed is made again after the round.
        """
        going = [Course(cell, self.limits) for cell in cells]
        for number in range(1, self.number + 1):
            last = number == self.number
            disturbed: list[Course] = []
            for course in in_drawn_order(going, number):
                course.run(self.event, self.workers, self.judge if last else None)
                self.tell(course.cell, number)
                if course.disturbed:
                    disturbed.append(course)
                    continue
                self._in_vain = 0
                if course.failed or last:
                    yield course
            self._again(disturbed)
            yield from (course for course in disturbed if course.failed or last)
            going = [course for course in going if not course.failed]

    def _again(self, courses: list[Course]) -> None:
        """Make passes again that others disturbed, until they are not or it is in vain."""
        for _ in range(ATTEMPTS - 1):
            for course in courses:
                if self._in_vain == IN_VAIN:
                    return
                course.run_again(self.event, self.workers)
                self._in_vain = self._in_vain + 1 if course.disturbed else 0
            courses = [course for course in courses if course.disturbed]


def in_drawn_order(courses: Sequence[Course], number: int) -> list[Course]:
    """Return courses in the order of a round, drawn by the seed of the first cell."""
    if not courses:
        return []
    order = np.random.default_rng((courses[0].cell.seed, number)).permutation(len(courses))
    return [courses[at] for at in order]
