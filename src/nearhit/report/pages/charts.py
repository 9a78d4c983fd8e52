"""The charts of pages: two figures of the rows of a table, one against the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from nearhit.records.row import Row

from .page_table import PageTable


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


@dataclass(frozen=True)
class Chart:
    """One chart, of the rows that its table shows.

    Attributes:
        table: by name.
        title: what it answers.
        about: how to read it, in a sentence or two.
        x: across.
        y: along; the first is shown at first.
        colors: what may be told apart by colour and shape, as (key, heading).
        lines: the keys that rows of one line share; none for points.
        front: whether the Pareto front is drawn, with names.
        apart: the keys in which rows of one front do not differ.
        only: the values that a row must have to be drawn.
    """

    table: str
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
        """The same, as the script reads it."""
        return asdict(self)


_SECONDS = Quantity("seconds_per_event", "seconds per event", "logarithmic")
EFFICIENCY = Quantity("particle_efficiency", "particle efficiency")
SCORE = Quantity("trackml_score", "TrackML score")
_COORDINATES = (
    *("event", "index", "tracker", "metric", "bucket_size"),
    *("threads", "device", "asked", "particles", "seed", "choices"),
)
_BY_LIBRARY = ("library", "library")


def front_chart(table: PageTable) -> list[Chart]:
    """Return the Pareto front of efficiency against seconds, where rows have both."""
    only = (("asked", "all hits"),)
    rows = [row for row in table.rows if row.queries is None and row.batch is None]
    if len(_drawn(rows, "particle_efficiency")) < 2:  # noqa: PLR2004 - a front needs company
        return []
    colors = (("bucket_size", "bucket size"), _BY_LIBRARY, ("metric", "metric"))
    return [
        Chart(
            table.name,
            "What efficiency costs",
            "Left and up is better. The line is the Pareto front of the rows shown: none is both "
            "faster and more efficient. Rows of which only some hits were queried are in the table "
            "alone.",
            _SECONDS,
            (EFFICIENCY, Quantity("bucket_purity", "bucket purity"), Quantity("recall", "recall")),
            tuple(color for color in colors if color[0] in _told_apart(rows)) or (_BY_LIBRARY,),
            front=True,
            apart=("event", "commit", "threads", "device", "particles"),
            only=only,
        )
    ]


def settings_chart(table: PageTable) -> list[Chart]:
    """Return what the settings of one library give and cost, by each parameter that differs."""
    held = _drawn(table.rows, "recall")
    if len({row.index for row in held}) < 2:  # noqa: PLR2004 - as above
        return []
    return [
        Chart(
            table.name,
            "Over its parameters",
            "Each point is a setting. Left and up is better; the line is the Pareto front.",
            _SECONDS,
            (Quantity("recall", "recall"), EFFICIENCY, Quantity("bucket_purity", "bucket purity")),
            tuple((column.name, column.heading) for column in table.added),
            front=True,
            apart=("event", "commit", "metric", "bucket_size", "threads", "device", "particles"),
            only=(("asked", "all hits"),),
        )
    ]


def track_chart(table: PageTable) -> list[Chart]:
    """Return the Pareto front of TrackML score against seconds, where rows have both."""
    if len(_drawn(table.rows, "trackml_score")) < 2:  # noqa: PLR2004 - as above
        return []
    return [
        Chart(
            table.name,
            "What a score costs",
            "Left and up is better. The line is the Pareto front of the rows shown. A tracker that "
            "reads the truth is not on it: it bounds what others find inside the same buckets.",
            _SECONDS,
            (
                SCORE,
                Quantity("track_efficiency", "track efficiency"),
                Quantity("fake_share", "fakes", less=True),
            ),
            (("tracker_name", "tracker"), _BY_LIBRARY),
            front=True,
            apart=("event", "commit", "threads", "device", "particles"),
        )
    ]


def history_chart(table: PageTable, runs: Sequence[str], reference: str) -> Chart:
    """Return figures over commits, oldest first, a line for each thing that was measured.

    Args:
        table: its rows.
        runs: day and commit.
        reference: what seconds are divided by.
    """
    tracked = table.rows[0].tracker
    figures = (
        Quantity("reference_ratio", f"seconds per event over {reference}", "logarithmic"),
        _SECONDS,
        *((SCORE,) if tracked else ()),
        EFFICIENCY,
        Quantity("bucket_purity", "bucket purity"),
        Quantity("recall", "recall"),
        Quantity("build_seconds", "build seconds", "logarithmic"),
        Quantity("peak_memory_mb", "memory, MiB", "logarithmic"),
    )
    return Chart(
        table.name,
        "Over commits",
        "A line for each thing that was measured at several commits, in order of time. Machines "
        f"drift by more than code changes: seconds are divided by those of {reference} at the "
        "same commit. Versions of libraries may differ as well: they are in the table.",
        Quantity("run", "day, and commit of nearhit", "category", tuple(runs)),
        figures,
        (_BY_LIBRARY,),
        lines=_COORDINATES,
    )


def growth_chart(table: PageTable, figures: Mapping[str, str]) -> Chart:
    """Return seconds per event against the number of hits, a line for each index or pipeline.

    Args:
        table: its rows.
        figures: headings and keys of what else grows.
    """
    return Chart(
        table.name,
        "Growth with the number of hits",
        "Each point is an event; a straight line is a power of the number of hits.",
        Quantity("n_hits", "hits in the event", "logarithmic"),
        (_SECONDS, *(Quantity(key, heading) for heading, key in figures.items())),
        (("tracker_name", "tracker"),) if table.rows[0].tracker else (_BY_LIBRARY,),
        lines=tuple(key for key in _COORDINATES if key != "event"),
    )


def _drawn(rows: Iterable[Row], key: str) -> list[Row]:
    return [row for row in rows if row.seconds_per_event and getattr(row, key) is not None]


def _told_apart(rows: Sequence[Row]) -> set[str]:
    keys = ("bucket_size", "library", "metric")
    return {key for key in keys if len({getattr(row, key) for row in rows}) > 1}
