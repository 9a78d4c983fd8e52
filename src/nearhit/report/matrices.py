"""Tables that hold one thing against another: threads, batches and dimensions, by library."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nearhit.row import Row

from .section import Section, Table


@dataclass(frozen=True)
class Matrix:
    """A table ready to be shown.

    Attributes:
        title: what is held against what.
        about: how to read it, in a sentence.
        heads: of the columns.
        rows: one a library.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def matrices_of(section: Section) -> list[Matrix]:
    """Return what the records of a section allow."""
    return [matrix for make in _MATRICES for matrix in make(section) if matrix.rows]


def threads(section: Section) -> Iterator[Matrix]:
    """Seconds per event on one thread and on more: speed-up, and its share of the threads."""
    for group in _groups(section, lambda table: (table.metric, table.bucket_size, table.queries)):
        counts = sorted({table.threads for table in group})
        tables = [table for table in group if table.batch is None]
        if len(counts) > 1 and tables:
            yield Matrix(
                f"Threads: {_question_of(tables[0])}",
                "Seconds per event; speed-up over one thread (efficiency: speed-up / threads); "
                "latency of single queries on all threads, median and 99th percentile; the first "
                "pass of a process, with imports and compilation, where one was taken.",
                ("index", *_thread_heads(counts), "p50 µs", "p99 µs", "cold s"),
                tuple(_thread_row(rows, counts) for rows in _by_index(tables, "threads")),
            )


def _question_of(table: Table) -> str:
    queries = "" if table.queries is None else f", {table.queries:,} random queries"
    return f"{table.metric}, buckets of {table.bucket_size}{queries}"


def _thread_heads(counts: Sequence[int]) -> list[str]:
    return [f"{count} thread{'s' if count > 1 else ''}" for count in counts]


def _thread_row(rows: dict[object, Row], counts: Sequence[int]) -> tuple[str, ...]:
    one = rows.get(1)
    last = rows[max(rows)]  # type: ignore[type-var]
    cold = [row["cold_seconds"] for row in rows.values() if row["cold_seconds"]]
    return (
        last["index"],
        *(_speed_up(rows.get(count), one) for count in counts),
        f"{1e6 * last['single_query_seconds']:.0f}",
        f"{1e6 * last['single_query_seconds_p99']:.0f}",
        f"{max(cold):.2f}" if cold else "–",
    )


def _speed_up(row: Row | None, one: Row | None) -> str:
    if row is None:
        return "–"
    seconds = f"{row['seconds_per_event']:.3g} s"
    if one is None or row["threads"] == 1:
        return seconds
    ratio = one["seconds_per_event"] / row["seconds_per_event"]
    return f"{seconds}; {ratio:.2f} × ({ratio / row['threads']:.0%})"


def batches(section: Section) -> Iterator[Matrix]:
    """Queries per second by how many are asked for in one call."""
    for group in _groups(section, lambda table: (table.metric, table.queries, table.threads)):
        sizes = sorted({table.batch for table in group if table.batch})
        if sizes:
            yield Matrix(
                f"Batches: {group[0].title.partition(', batches')[0]}",
                "Queries per second where so many hits are asked for in one call.",
                ("index", *(f"{size:,} a call" for size in sizes), "all at once"),
                tuple(
                    (
                        next(iter(rows.values()))["index"],
                        *(_rate(rows, one) for one in (*sizes, None)),
                    )
                    for rows in _by_index(group, "batch")
                ),
            )


def _rate(rows: dict[object, Row], batch: int | None) -> str:
    return f"{rows[batch]['queries_per_second']:,.0f}" if batch in rows else "–"


def dimensions(section: Section) -> Iterator[Matrix]:
    """Seconds per event and recall by the number of dimensions."""
    for group in _groups(section, lambda table: (table.queries, table.threads)):
        metrics = sorted({table.metric for table in group}, key=dimensions_of)
        if any(metric.startswith("random-") for metric in metrics):
            tables = [table for table in group if table.metric in {"angular", *metrics}]
            yield Matrix(
                f"Dimensions: {group[0].title.partition(', ')[2]}",
                "Seconds per event, scaled from the queries made; recall. Beyond 3 dimensions the "
                "points are random numbers that know nothing of the hits.",
                ("index", *(f"{dimensions_of(metric)} dimensions" for metric in metrics)),
                tuple(
                    (
                        next(iter(rows.values()))["index"],
                        *(_seconds_and_recall(rows.get(metric)) for metric in metrics),
                    )
                    for rows in _by_index(tables, "metric")
                ),
            )


def dimensions_of(metric: str) -> int:
    """Return how many coordinates the points of a metric have."""
    name, _, number = metric.partition("-")
    return int(number) if name == "random" else 3


def _seconds_and_recall(row: Row | None) -> str:
    return "–" if row is None else f"{row['seconds_per_event']:.3g} s; {row['recall']:.3f}"


_MATRICES: tuple[Callable[[Section], Iterator[Matrix]], ...] = (threads, batches, dimensions)


def _groups(section: Section, key: Callable[[Table], tuple[object, ...]]) -> Iterator[list[Table]]:
    groups: dict[tuple[object, ...], list[Table]] = {}
    for table in section.tables:
        groups.setdefault((key(table), table.device, table.trackable), []).append(table)
    yield from groups.values()


def _by_index(tables: Sequence[Table], across: str) -> list[dict[object, Row]]:
    """Return the measured rows of each index by the value of a coordinate, if there are several."""
    found: dict[str, dict[object, Row]] = {}
    for table in tables:
        for row in table.rows:
            if row["seconds_per_event"] is not None:
                found.setdefault(row["index"], {})[row[across]] = row
    return [rows for _, rows in sorted(found.items()) if len(rows) > 1]
