"""Quality of buckets beside that of exact search on the same event."""

from dataclasses import replace
from functools import cache

from nearhit.bucket_selection import rows_asked
from nearhit.cells.cell import Cell
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.measure.judge import judge_of
from nearhit.plugins.registry import metric_named
from nearhit.quality import nearest_neighbours
from nearhit.records.results import Quality

from .goal import Demand, Goal


class Reference:
    """Judges buckets of one event beside those of exact search.

    Args:
        event: with its truth.
        cell: with metric, bucket size, seed and trackable particles; its index does not matter.
        goal: what is demanded.

    Raises:
        BadInputError: the event has no truth, and the goal needs it.
    """

    def __init__(self, event: Event, cell: Cell, goal: Goal) -> None:
        self._event, self._cell, self._goal = event, cell, goal
        self.judge = judge_of(event)
        self._exact = cache(self._exact_figure)
        if goal.figure != "recall" and event.truth is None:
            raise BadInputError(f"{event.name} has no truth: demand --min-recall instead.")

    @property
    def demand(self) -> Demand:
        """The goal for this event, all its hits queried."""
        return self._goal.on(self._exact(None))

    def share(self, quality: Quality, queries: int | None) -> float:
        """Return the demanded figure as a share of what exact search has with these queries."""
        if self._goal.figure == "recall":
            return quality.recall
        return (quality.figures["particle_efficiency"] or 0.0) / self._exact(queries)

    def _exact_figure(self, queries: int | None) -> float:
        """Return the figure of exact search; tiny where it is nothing, so that shares exist."""
        if self._goal.figure == "recall":
            return 1.0
        cell, metric = self._cell, metric_named(self._cell.metric)
        rows = rows_asked(self._event, (), queries, cell.seed)
        points = metric.project(self._event)
        found = nearest_neighbours(points, rows, cell.bucket_size, metric.distances[0])
        asked = Buckets(rows, found)
        figures = self.judge.quality(replace(cell, queries=queries), asked).figures
        return figures["particle_efficiency"] or 1e-9
