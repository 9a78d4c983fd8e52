"""Charts of rows, one figure against another: in files, and on pages that filter their rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from operator import attrgetter
from typing import Any

from nearhit.records.row import Row

from .chart import Axis, Chart, Panel, Series

MANY = 8
"""The colours that can be told apart."""


@dataclass(frozen=True)
class Quantity:
    """One figure of rows.

    Attributes:
        key: of the row.
        label: with its unit.
        scale: how numbers, or words, are laid out.
        order: the words, if it has words.
        less: whether less is better.
    """

    key: str
    label: str
    scale: str = "linear"
    order: tuple[str, ...] = ()
    less: bool = False

    @property
    def axis(self) -> Axis:
        """The axis of a plot."""
        return Axis(self.label, log=self.scale == "logarithmic")


@dataclass(frozen=True)
class RowChart:
    """One chart of the rows of a table, on pages of those that the table shows at the time.

    Attributes:
        title: what it answers.
        about: how to read it, in a sentence or two.
        x: across.
        y: along; the first is shown at first, and in files.
        colors: what may be told apart by colour and shape, as (key, heading); as above.
        lines: the keys that rows of one line share; none for points.
        front: whether the Pareto front is drawn, with names.
        apart: the keys in which rows of one front do not differ.
        only: the values that a row must have to be drawn.
    """

    title: str
    about: str
    x: Quantity
    y: tuple[Quantity, ...]
    colors: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()
    front: bool = False
    apart: tuple[str, ...] = ()
    only: tuple[tuple[str, Any], ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """The same, as the script of pages reads it."""
        return asdict(self)

    def drawn(
        self, name: str, title: str, rows: Iterable[Row], named: Callable[[Row], str]
    ) -> Chart:
        """Return the points of rows of one front, as files have them.

        Args:
            name: of the files.
            title: of what the rows are.
            rows: at least one with both figures.
            named: returns what a row on the front is called.
        """
        held = drawn_of(rows, self.y[0].key)
        place = attrgetter(self.x.key, self.y[0].key)
        color = attrgetter(self.colors[0][0])
        by_color = {
            value: [row for row in held if color(row) == value]
            for value in sorted(map(color, held))
        }
        series = [_points(str(value), own, place, named) for value, own in by_color.items()]
        if len(series) > MANY:  # those that are on no front are told by no colour
            series = [replace(one, faint=not any(one.text)) for one in series]
        if front := sorted(place(row) for row in held if row.front):
            series.insert(0, Series.of("Pareto front", front, "steps", faint=True))
        panel = Panel(self.x.axis, self.y[0].axis, tuple(series))
        return Chart(name, title, (panel,), "The line is the Pareto front.")


def _points(
    name: str,
    rows: Sequence[Row],
    place: Callable[[Row], tuple[Any, Any]],
    named: Callable[[Row], str],
) -> Series:
    """Return rows as points, those on a front named, those of trackers that read truth hollow."""
    text = [named(row) if row.front else "" for row in rows]
    hollow = [row.reads_truth for row in rows]
    return Series.of(name, map(place, rows), "points", text=text, hollow=hollow)


def drawn_of(rows: Iterable[Row], key: str) -> list[Row]:
    """Return the rows that have a time and a figure."""
    return [row for row in rows if row.seconds_per_event and getattr(row, key) is not None]


SECONDS = Quantity("seconds_per_event", "seconds per event", "logarithmic")
_EFFICIENCY = Quantity("particle_efficiency", "particle efficiency")
_PURITY = Quantity("bucket_purity", "bucket purity")
_RECALL = Quantity("recall", "recall")
_SCORE = Quantity("trackml_score", "TrackML score")
_BY_LIBRARY, _BY_TRACKER = ("library", "library"), ("tracker_name", "tracker")
_APART = ("event", "commit", "threads", "device", "particles")
_ALIKE = ("metric", "threads", "device", "asked", "particles", "seed", "choices")
_INDEX, _PIPELINE = ("index", "bucket_size"), ("tracker", "looks_in")


def front_chart(rows: Sequence[Row]) -> list[RowChart]:
    """Return the Pareto front of efficiency against seconds, where rows have both."""
    whole = [row for row in rows if row.queries is None and row.batch is None]
    if len(drawn_of(whole, "particle_efficiency")) < 2:  # noqa: PLR2004 - a front needs company
        return []
    colors = (("bucket_size", "bucket size"), _BY_LIBRARY, ("metric", "metric"))
    told = tuple(one for one in colors if len({getattr(row, one[0]) for row in whole}) > 1)
    return [
        RowChart(
            "What efficiency costs",
            "Left and up is better. The line is the Pareto front of the rows shown: none is both "
            "faster and more efficient. Rows of which only some hits were queried are in the table "
            "alone.",
            SECONDS,
            (_EFFICIENCY, _PURITY, _RECALL),
            told or (_BY_LIBRARY,),
            front=True,
            apart=_APART,
            only=(("asked", "all hits"),),
        )
    ]


def settings_chart(rows: Sequence[Row], colors: tuple[tuple[str, str], ...]) -> list[RowChart]:
    """Return what the settings of one library give and cost.

    Args:
        rows: of that library.
        colors: the parameters that differ, each by its key and heading.
    """
    if len({row.index for row in drawn_of(rows, "recall")}) < 2:  # noqa: PLR2004 - as above
        return []
    return [
        RowChart(
            "Over its parameters",
            "Each point is a setting. Left and up is better; the line is the Pareto front.",
            SECONDS,
            (_RECALL, _EFFICIENCY, _PURITY),
            colors,
            front=True,
            apart=("event", "commit", "metric", "bucket_size", "threads", "device", "particles"),
            only=(("asked", "all hits"),),
        )
    ]


def track_chart(rows: Sequence[Row]) -> list[RowChart]:
    """Return the Pareto front of TrackML score against seconds, where rows have both."""
    if len(drawn_of(rows, "trackml_score")) < 2:  # noqa: PLR2004 - as above
        return []
    return [
        RowChart(
            "What a score costs",
            "Left and up is better. The line is the Pareto front of the rows shown. A tracker that "
            "reads the truth is not on it: it bounds what others find inside the same buckets.",
            SECONDS,
            (
                _SCORE,
                Quantity("track_efficiency", "track efficiency"),
                Quantity("fake_share", "fakes", less=True),
            ),
            (_BY_TRACKER, _BY_LIBRARY),
            front=True,
            apart=_APART,
        )
    ]


def history_chart(rows: Sequence[Row], runs: Sequence[str], reference: str) -> RowChart:
    """Return figures over commits, oldest first, a line for each thing that was measured.

    Args:
        rows: of several commits.
        runs: day and commit.
        reference: what seconds are divided by.
    """
    tracked = rows[0].tracker is not None
    return RowChart(
        "Over commits",
        "A line for each thing that was measured at several commits, in order of time. Machines "
        f"drift by more than code changes: seconds are divided by those of {reference} at the "
        "same commit. Versions of libraries may differ as well: they are in the table.",
        Quantity("run", "day, and commit of nearhit", "category", tuple(runs)),
        (
            Quantity("reference_ratio", f"seconds per event over {reference}", "logarithmic"),
            *(SECONDS, *((_SCORE,) if tracked else ()), _EFFICIENCY, _PURITY, _RECALL),
            Quantity("build_seconds", "build seconds", "logarithmic"),
            Quantity("peak_memory_mb", "memory, MiB", "logarithmic"),
        ),
        (_BY_LIBRARY,),
        lines=("event", *_INDEX, *_PIPELINE, *_ALIKE),
    )


def growth_chart(rows: Sequence[Row], figures: Mapping[str, str]) -> RowChart:
    """Return seconds per event against the number of hits, a line for each index or pipeline.

    Args:
        rows: those of several events.
        figures: headings and keys of what else grows.
    """
    tracked = rows[0].tracker is not None
    return RowChart(
        "Growth with the number of hits",
        "Each point is an event; a straight line is a power of the number of hits.",
        HITS,
        (SECONDS, *(Quantity(key, heading) for heading, key in figures.items())),
        (_BY_TRACKER if tracked else _BY_LIBRARY,),
        lines=(*(_PIPELINE if tracked else _INDEX), *_ALIKE),  # a whole event has as many as hits
    )


HITS = Quantity("n_hits", "hits in the event", "logarithmic")
