"""The plot of trackers: what a score costs."""

from collections.abc import Iterator
from operator import attrgetter

from matplotlib.figure import Figure

from nearhit.records.row import Row

from .drawing import Named, draw_front
from .section import Section

_SECONDS, _SCORE = attrgetter("seconds_per_event"), attrgetter("trackml_score")


def track_front(section: Section) -> Iterator[Named]:
    """TrackML score against seconds per event, a marker for each row, the Pareto front drawn."""
    for table in section.track_tables:
        rows = [row for row in table.rows if row.trackml_score is not None]
        if len(rows) < 2:  # noqa: PLR2004 - a front needs company
            continue
        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.subplots()
        for place, tracker in enumerate(sorted({str(row.tracker_name) for row in rows})):
            points = [row for row in rows if row.tracker_name == tracker]
            perfect = points[0].reads_truth  # it bounds what others find inside the same buckets
            axes.plot(
                [_SECONDS(row) for row in points],
                [_SCORE(row) for row in points],
                "o",
                color=f"C{place}",
                fillstyle="none" if perfect else "full",
                label=f"{tracker} (reads the truth)" if perfect else tracker,
            )
        for row in rows:
            at = (row.seconds_per_event, row.trackml_score)
            axes.annotate(_where(row), at, xytext=(5, -9), textcoords="offset points", fontsize=6.5)
        draw_front(axes, table.front, _SCORE)
        axes.set(
            xscale="log",
            ylim=(0, 1),
            xlabel="seconds per event, from hits in memory to resolved tracks",
            ylabel="TrackML score",
            title=f"{section.title_over(table.rows)}\n{table.title}; the line is the Pareto front",
        )
        figure.legend(loc="outside right center")
        yield f"front-{table.slug}", figure


def _where(row: Row) -> str:
    """Return what tells a point from others of its tracker: buckets are named, or parameters."""
    if row.cell.takes_whole_event:
        return str(row.tracker).partition("(")[2].rstrip(")")
    return f"{row.bucket_size} of {row.library}"
