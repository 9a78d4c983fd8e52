"""Every column: what files, pages, Markdown, the terminal and docs know of it, one row each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nearhit.cells.words import place_in_words, queries_in_words, trackable_in_words
from nearhit.plugins.tracker import STAGES
from nearhit.records.row import Row


@dataclass(frozen=True)
class Column:
    """One column. It is in CSV, Parquet and JSON, and in tables if `tables` names any.

    Attributes:
        name: in files.
        meaning: the definition in one line.
        unit: what it counts in; 1 for a share, empty for words.
        better: which direction is better; empty where neither is.
        heading: in tables.
        form: how tables show it: a format, or what makes the text of a row.
        tables: those that have it: `buckets` and `tracks` everywhere, `bucket-page` and
            `track-page` on pages alone, `chains`.
        shown: always, or where rows differ in it, or where any has one that is not 0.
        value: what it is of a row; the attribute of its name if not given.
    """

    name: str
    meaning: str
    unit: str = ""
    better: Literal["", "less", "more"] = ""
    heading: str = ""
    form: str | Callable[[Row], str] = ""
    tables: str = ""
    shown: Literal["always", "differing", "any"] = "always"
    value: Callable[[Row], Any] | None = None

    def of(self, row: Row) -> Any:
        """Return its value as files have it."""
        return self.value(row) if self.value else getattr(row, self.name)

    def text(self, row: Row) -> str:
        """Return what stands in a row of a table; a dash where nothing was measured."""
        if callable(self.form):
            return self.form(row)
        value = self.of(row)
        return "–" if value is None or value == "" else format(value, self.form)

    @property
    def right(self) -> bool:
        """Whether it is set to the right, as numbers are."""
        return bool(self.unit)

    def tells(self, rows: Iterable[Row]) -> bool:
        """Return whether it is shown in a table of these rows."""
        if self.shown == "always":
            return True
        values = set(map(self.of, rows))
        return len(values) > 1 if self.shown == "differing" else any(values)


def columns_of(tables: str, rows: Sequence[Row] | None = None) -> list[Column]:
    """Return the columns that any of some tables has; with rows, of those that tell something."""
    wanted = set(tables.split())
    named = [column for column in COLUMNS if wanted & set(column.tables.split())]
    return [column for column in named if rows is None or column.tells(rows)]


def flat(row: Row) -> dict[str, Any]:
    """Return a row as files have it: words, numbers, truth and None."""
    return {column.name: column.of(row) for column in COLUMNS}


def _seconds_per_event(row: Row) -> str:
    if row.seconds_per_event is None:
        return "–"
    # What was not measured in full is not shown as if it were.
    scaled = "≈ " if row.seconds_per_event_scaled else ""
    low, high = row.seconds_per_event_min, row.seconds_per_event_max
    return f"{scaled}{row.seconds_per_event:.3g} ({low:.3g}–{high:.3g})"


def _status(row: Row) -> str:
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    breaks = f"; breaks {', '.join(row.breaks)}" if row.breaks else ""
    return f"{status}{breaks}{'; stale' if row.stale else ''}"


def _stages(*stages: str) -> Callable[[Row], float | None]:
    def seconds(row: Row) -> float | None:
        held = row.seconds_per_stage
        return None if held is None else sum(held.get(stage, 0.0) for stage in stages)

    return seconds


def _per_particle(name: str) -> Callable[[Row], float | None]:
    def ratio(row: Row) -> float | None:
        number = getattr(row, name)
        return None if number is None or not row.n_trackable else number / row.n_trackable

    return ratio


_B, _T, _C, _PAGES = "buckets", "tracks", "chains", "bucket-page track-page"
_ALL = f"{_B} {_T} {_C}"

COLUMNS: tuple[Column, ...] = (
    Column("record", "identity of the record", value=lambda row: row.record.identity),
    Column("event", "the collision", heading="event", tables=_PAGES, shown="differing"),
    Column("event_digest", "content of the event"),
    Column("event_origin", "how the event was made; empty where that is not known"),
    Column("library", "what is compared", heading="library"),
    Column("index", "library and every parameter", heading="index", tables=_B),
    Column("tracker", "and every parameter", heading="tracker", tables=_T),
    Column(
        "tracker_name",
        "the tracker without its parameters",
        value=lambda row: row.cell.tracker and row.cell.tracker.name,
    ),
    Column("reads_truth", "whether the tracker declares that it reads the truth"),
    Column(
        "looks_in",
        "which buckets it was given",
        heading="looks in",
        tables=f"{_T} {_C}",
        value=lambda row: place_in_words(row.cell),
    ),
    Column("choices", "which buckets the tracker was given; empty for all"),
    Column(
        "metric",
        "what near means: how hits become points",
        heading="metric",
        tables="bucket-page",
    ),
    Column(
        "bucket_size",
        "hits a bucket, the queried hit included",
        "hits",
        heading="bucket",
        tables="bucket-page",
    ),
    Column("threads", "how many the library may use", "1", heading="threads", tables=_PAGES),
    Column(
        "commit",
        "of nearhit; with + and a digest where the tree had changes",
        heading="commit",
        tables=_PAGES,
        shown="differing",
    ),
    Column(
        "device",
        "what the library computes on",
        heading="device",
        tables=_PAGES,
        shown="differing",
    ),
    Column(
        "asked",
        "which hits are queried: with fewer, fewer are found",
        heading="asked for",
        tables=_PAGES,
        shown="differing",
        value=lambda row: queries_in_words(row.cell),
    ),
    Column(
        "particles",
        "which are trackable, and what finding one means",
        heading="particles",
        tables=_PAGES,
        shown="differing",
        value=lambda row: trackable_in_words(row.cell.trackable),
    ),
    Column("queries", "hits queried; empty for all", "hits"),
    Column("batch", "hits queried in one call; empty for all", "hits"),
    Column("seed", "of everything random"),
    Column("min_hits", "hits that a trackable particle has at least", "hits"),
    Column("min_pt", "pT that a trackable particle has at least", "GeV"),
    Column("min_share", "share of its hits in one bucket by which a particle is found", "1"),
    Column("library_version", "of the library", heading="version", tables=_B),
    Column(
        "started",
        "when it was measured, UTC",
        heading="measured",
        form=lambda row: row.started[:16].replace("T", " "),
        tables="history",
    ),
    Column(
        "status",
        "ok, skipped, failed or timeout, and why; which clauses of the contract the library "
        "breaks; stale where code or libraries are newer than the record, see above the table",
        heading="status",
        form=_status,
        tables=_ALL,
    ),
    Column("reason", "why it is not ok"),
    Column("front", "whether it is on the Pareto front of its table"),
    Column("stale", "why it is stale", value=lambda row: "; ".join(row.stale)),
    Column("distance", "base distance that the library searched"),
    Column("n_hits", "hits in the event", "hits"),
    Column("n_queries", "hits queried", "hits"),
    Column("n_trackable", "trackable particles in the event", "1"),
    Column(
        "seconds_per_event",
        "project + build + query of all hits, with a tracker from hits in memory to resolved "
        "tracks: median (least–most) of the warm passes; ≈ where only some hits were queried and "
        "their time is scaled to all",
        "s",
        "less",
        "seconds/event",
        _seconds_per_event,
        _ALL,
    ),
    Column("seconds_per_event_min", "least of the warm passes", "s", "less"),
    Column("seconds_per_event_max", "most of the warm passes", "s", "less"),
    Column("seconds_per_event_scaled", "whether the time of some queries is scaled to all hits"),
    Column("repetitions", "warm passes", "1"),
    Column("cold_seconds", "first pass of a process, with imports and compilation", "s", "less"),
    Column("project_seconds", "median time from hits to points", "s", "less"),
    Column("build_seconds", "median time from points to index", "s", "less", "build s", ".3g", _B),
    Column("query_seconds", "median time of all queries", "s", "less"),
    Column(
        "queries_per_second",
        "hits queried / median time of the batch",
        "1/s",
        "more",
        "queries/s",
        ",.0f",
        _B,
    ),
    Column("single_query_seconds", "median latency of queries one by one", "s", "less"),
    Column("single_query_seconds_p99", "99th percentile of the same", "s", "less"),
    Column("cores_used", "processor seconds per second of build and query", "1"),
    Column(
        "copying_seconds",
        "on a GPU: median time, within build and query, that copying to and from it takes",
        "s",
        "less",
        "copying s",
        ".3g",
        _B,
        "any",
    ),
    Column(
        "bucket_purity",
        "bucket purity: hits of the leading particle / hits of the bucket that have truth, "
        "mean over buckets",
        "1",
        "more",
        "purity",
        ".4f",
        _B,
    ),
    Column("leading_particle_size", "hits of the leading particle, mean over buckets", "hits"),
    Column(
        "particle_efficiency",
        "particle efficiency: share of trackable particles found in one bucket",
        "1",
        "more",
        "efficiency",
        ".4f",
        _B,
    ),
    Column(
        "recall",
        "share of the exact k nearest that were returned, ties counted by distance",
        "1",
        "more",
        "recall",
        ".4f",
        _B,
    ),
    Column(
        "search_seconds",
        "median time to find the buckets",
        "s",
        "less",
        "search s",
        ".3g",
        _T,
        value=_stages(*STAGES[:3]),
    ),
    Column(
        "tracks_seconds",
        "median time to choose among them and find tracks",
        "s",
        "less",
        "tracks s",
        ".3g",
        _T,
        value=_stages(*STAGES[3:]),
    ),
    Column(
        "n_buckets",
        "how many the tracker was given",
        "1",
        heading="buckets",
        form=",",
        tables=f"{_T} {_C}",
    ),
    Column("hits_per_bucket", "mean of them", "hits", "", "hits/bucket", ",.1f", _T),
    Column(
        "reachable",
        "share of trackable particles of which one of these buckets holds enough, see efficiency "
        "of the other table",
        "1",
        "more",
        "reachable",
        ".4f",
        _T,
    ),
    Column(
        "seconds_per_bucket",
        "median time to seed, follow and resolve, over the buckets",
        "s",
        "less",
        "µs/bucket",
        lambda row: (
            "–" if row.seconds_per_bucket is None else f"{row.seconds_per_bucket * 1e6:,.0f}"
        ),
        f"{_T} {_C}",
    ),
    Column("n_seeds", "seeds that the tracker counted", "1"),
    Column("n_candidates", "candidates that the tracker counted", "1"),
    Column(
        "seeds_per_particle",
        "seeds / trackable particles",
        "1",
        "",
        "seeds/particle",
        ".2f",
        _C,
        value=_per_particle("n_seeds"),
    ),
    Column(
        "candidates_per_particle",
        "candidates / trackable particles",
        "1",
        "",
        "candidates/particle",
        ".2f",
        _C,
        value=_per_particle("n_candidates"),
    ),
    Column(
        "trackml_score",
        "TrackML score: weight of the hits of particles on tracks that match them by double "
        "majority; 1 is perfect",
        "1",
        "more",
        "score",
        ".4f",
        f"{_T} {_C}",
    ),
    Column(
        "track_efficiency",
        "track efficiency: share of trackable particles that a track matches by double majority",
        "1",
        "more",
        "efficiency",
        ".4f",
        f"{_T} {_C}",
    ),
    Column("central_efficiency", "the same of pT ≥ 1 GeV, |η| < 2.5", "1", "more"),
    Column(
        "central_prompt_efficiency",
        "the same of pT ≥ 1 GeV, |η| < 2.5, made within 30 mm of the beam line",
        "1",
        "more",
        "central",
        ".4f",
        _C,
    ),
    Column(
        "fake_share",
        "share of tracks that match no particle",
        "1",
        "less",
        "fakes",
        ".4f",
        f"{_T} {_C}",
    ),
    Column("cluster_efficiency", "share of a particle's hits in its cluster, mean", "1", "more"),
    Column("cluster_purity", "share of a cluster's hits of its particle, mean", "1", "more"),
    Column("n_tracks", "how many were found", "1", "", "tracks", ",", f"{_T} {_C}"),
    Column("n_hits_on_tracks", "hits of the event that are on a track", "hits"),
    Column("hits_on_track", "hits on a track, mean", "hits", "", "hits/track", ".2f", _C),
    Column(
        "peak_memory_mb",
        "most memory the worker held above what it held before it loaded the library",
        "MiB",
        "less",
        "memory MiB",
        ".0f",
        f"{_B} {_T}",
    ),
    *(
        Column(
            f"{stage}_stage_seconds",
            f"median time of the stage {stage}; scoring is no part of seconds/event",
            "s",
            "less",
            f"{stage} s",
            ".3g",
            "track-page",
            "any",
            value=lambda row, stage=stage: (row.seconds_per_stage or {}).get(stage),  # type: ignore[misc]
        )
        for stage in (*STAGES, "score")
    ),
    Column(
        "breaks",
        "which clauses of the contract the library breaks",
        heading="breaks",
        tables=_PAGES,
        value=lambda row: ", ".join(row.breaks),
    ),
    Column("memory_per_hit_bytes", "the most memory / hits in the event", "B", "less"),
    Column("machine", "where it was measured"),
    Column("cpu", "its processor"),
    Column("cores", "its cores", "1"),
    Column("governor", "of its frequency"),
    Column("machine_memory_mb", "its memory", "MiB"),
    Column("dirty", "whether the tree had changes that its commit does not hold"),
    Column("load", "processes that wanted to run in the minute before", "1"),
    Column("load_after", "the same in the minute after", "1"),
    Column("own_cores", "cores that the worker took", "1"),
    Column("other_cores", "cores that other processes took meanwhile", "1"),
    Column("stolen_cores", "cores that other guests of the hardware took meanwhile", "1"),
    Column("most_threads", "most threads that the worker had", "1"),
    Column(
        "versions",
        "of the library and of what nearhit stands on",
        value=lambda row: " ".join(f"{name}={one}" for name, one in sorted(row.versions.items())),
    ),
)
