"""Tables that hold one thing against another: threads, batches and dimensions, by library."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from nearhit.cells.words import cell_in_words, threads_in_words
from nearhit.plugins.registry import metrics
from nearhit.records.row import Row

from .grid import Grid
from .notes import marks_of
from .section import Section
from .tables import Table, question


def matrices_of(section: Section) -> list[Grid]:
    """Return what the records of a section allow."""
    return [matrix for make in _MATRICES for matrix in make(section) if matrix.rows]


def threads(section: Section) -> Iterator[Grid]:
    """Tabulate seconds per event on one thread and on more, with the speed-up and its share."""
    for group in apart_only_in("threads", section.tables):
        counts = [table.cell.threads for table in group]
        first = group[0].cell
        if first.batch is None:
            yield Grid(
                f"Threads: {cell_in_words(first, ('metric', 'bucket_size', 'queries'))}",
                "Seconds per event; speed-up over one thread (efficiency: speed-up / threads: "
                "above 100 % where the machine was slower while one thread was measured); "
                "latency of single queries on all threads, median and 99th percentile; the first "
                "pass of a process, with imports and compilation, where one was taken.",
                ("index", *map(threads_in_words, sorted(counts)), "p50 µs", "p99 µs", "cold s"),
                tuple(_thread_row(rows, sorted(counts)) for rows in _by_index(group, "threads")),
            )


_SECONDS = attrgetter("seconds_per_event")
_LATENCIES = attrgetter("single_query_seconds", "single_query_seconds_p99")


def _thread_row(rows: dict[object, Row], counts: Sequence[int]) -> tuple[str, ...]:
    one = rows.get(1)
    last = rows[max(rows)]  # type: ignore[type-var]
    cold = [row.cold_seconds for row in rows.values() if row.cold_seconds]
    return (
        last.index,
        *(_speed_up(rows.get(count), one) for count in counts),
        *(f"{1e6 * seconds:.0f}" for seconds in _LATENCIES(last)),
        f"{max(cold):.2f}" if cold else "–",
    )


def _speed_up(row: Row | None, one: Row | None) -> str:
    if row is None:
        return "–"
    seconds = f"{_SECONDS(row):.3g} s{marks_of(row)}"
    if one is None or row.threads == 1:
        return seconds
    ratio = _SECONDS(one) / _SECONDS(row)
    return f"{seconds}; {ratio:.2f} × ({ratio / row.threads:.0%})"


def batches(section: Section) -> Iterator[Grid]:
    """Tabulate queries per second by the number of queries in one call."""
    for group in apart_only_in("batch", section.tables):
        sizes = sorted(table.cell.batch for table in group if table.cell.batch)
        yield Grid(
            f"Batches: {question(replace(group[0].cell, batch=None))}",
            "Queries per second where so many hits are asked for in one call.",
            ("index", *(f"{size:,} a call" for size in sizes), "all at once"),
            tuple(
                (_index_of(rows), *(_rate(rows, one) for one in (*sizes, None)))
                for rows in _by_index(group, "batch")
            ),
        )


def _rate(rows: dict[object, Row], batch: int | None) -> str:
    if batch not in rows:
        return "–"
    return f"{rows[batch].queries_per_second:,.0f}{marks_of(rows[batch])}"


def dimensions(section: Section) -> Iterator[Grid]:
    """Tabulate seconds per event and recall by the number of dimensions."""
    compared = [table for table in section.tables if compares_dimensions(table.cell.metric)]
    for group in apart_only_in("metric", compared):
        metrics = sorted((table.cell.metric for table in group), key=dimensions_of)
        yield Grid(
            f"Dimensions: {group[0].title.partition(', ')[2]}",
            "Seconds per event, scaled from the queries made; recall. Beyond 3 dimensions the "
            "points are random numbers that know nothing of the hits.",
            ("index", *(f"{dimensions_of(metric)} dimensions" for metric in metrics)),
            tuple(
                (_index_of(rows), *(_seconds_and_recall(rows.get(metric)) for metric in metrics))
                for rows in _by_index(group, "metric")
            ),
        )


def compares_dimensions(metric: str) -> bool:
    """Return whether a metric is one of those that differ in dimensions alone, as users see it."""
    return metric == "angular" or not metrics()[metric].physical


def dimensions_of(metric: str) -> int:
    """Return how many coordinates the points of a metric have."""
    name, _, number = metric.partition("-")
    return int(number) if name == "random" else 3


def _seconds_and_recall(row: Row | None) -> str:
    if row is None:
        return "–"
    return f"{row.seconds_per_event:.3g} s{marks_of(row)}; {row.recall:.3f}"


_MATRICES: tuple[Callable[[Section], Iterator[Grid]], ...] = (threads, batches, dimensions)


_COORDINATES = ("metric", "bucket_size", "threads", "device", "queries", "batch", "trackable")


def apart_only_in(coordinate: str, tables: Iterable[Table]) -> Iterator[list[Table]]:
    """Yield tables that differ in one coordinate, and in no other, wherever there are several."""
    groups: dict[tuple[object, ...], list[Table]] = {}
    for table in tables:
        alike = (getattr(table.cell, name) for name in _COORDINATES if name != coordinate)
        groups.setdefault(tuple(alike), []).append(table)
    yield from (group for group in groups.values() if len(group) > 1)


def _index_of(rows: dict[object, Row]) -> str:
    return str(next(iter(rows.values())).index)


def _by_index(tables: Sequence[Table], across: str) -> list[dict[object, Row]]:
    """Return the measured rows of each index by the value of a coordinate, if there are several."""
    found: dict[str, dict[object, Row]] = {}
    for table in tables:
        for row in table.rows:
            if row.seconds_per_event is not None:
                found.setdefault(row.index, {})[getattr(row, across)] = row
    return [rows for _, rows in sorted(found.items()) if len(rows) > 1]
