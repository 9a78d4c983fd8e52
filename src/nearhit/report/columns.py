"""The columns of every table that people read: heading, and what stands in a row."""

from collections.abc import Callable
from dataclasses import dataclass

from nearhit.plugins.adapter import Device
from nearhit.plugins.spec import WHOLE_EVENT
from nearhit.plugins.tracker import STAGES
from nearhit.records.row import Row


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        heading: short.
        meaning: the definition in one line.
        text: what stands in a row's cell; a dash where nothing was measured.
        right: whether it is set to the right, as numbers are.
        key: the figure of a row that it shows and is sorted by; empty where that is its text.
    """

    heading: str
    meaning: str
    text: Callable[[Row], str]
    right: bool = True
    key: str = ""


def _number(key: str, form: str) -> Callable[[Row], str]:
    return lambda row: "–" if row[key] is None else format(row[key], form)


def _seconds_per_event(row: Row) -> str:
    if row["seconds_per_event"] is None:
        return "–"
    # What was not measured in full is not shown as if it were.
    scaled = "≈ " if row["seconds_per_event_scaled"] else ""
    low, high = row["seconds_per_event_min"], row["seconds_per_event_max"]
    return f"{scaled}{row['seconds_per_event']:.3g} ({low:.3g}–{high:.3g})"


def _status(row: Row) -> str:
    status = f"{row['status']}: {row['reason']}" if row["reason"] else row["status"]
    breaks = f"; breaks {', '.join(row['breaks'])}" if row["breaks"] else ""
    return f"{status}{breaks}{'; stale' if row['stale'] else ''}"


def looks_in(row: Row) -> str:
    """Return where a road looks for tracks, in a few words."""
    if row["index"] == WHOLE_EVENT.name:
        return "the whole event"
    queries = "" if row["queries"] is None else f", {row['queries']:,} queries"
    choices = f", {row['choices']}" if row["choices"] else ""
    return f"{row['index']}, {row['metric']}, {row['bucket_size']} hits{queries}{choices}"


def _microseconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds * 1e6:,.0f}"


def _stages(*stages: str) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        seconds = row["seconds_per_stage"]
        if seconds is None:
            return "–"
        return format(sum(seconds.get(stage, 0.0) for stage in stages), ".3g")

    return text


_SECONDS = Column(
    "seconds/event",
    "project + build + query of all hits: median (least–most) of the warm passes; "
    "≈ where only some hits were queried and their time is scaled to all",
    _seconds_per_event,
    key="seconds_per_event",
)
_STATUS = Column(
    "status",
    "ok, skipped, failed or timeout, and why; which clauses of the contract the library breaks; "
    "stale where code or libraries are newer than the record, see above the table",
    _status,
    right=False,
    key="status",
)
_MEMORY = Column(
    "memory MiB",
    "most memory the worker held above what it held before it loaded the library",
    _number("peak_memory_mb", ".0f"),
    key="peak_memory_mb",
)
COLUMNS = (
    Column(
        "index", "library and every parameter", lambda row: row["index"], right=False, key="index"
    ),
    Column(
        "version",
        "of the library",
        lambda row: row["library_version"],
        right=False,
        key="library_version",
    ),
    _STATUS,
    _SECONDS,
    Column(
        "build s",
        "median time from points to index",
        _number("build_seconds", ".3g"),
        key="build_seconds",
    ),
    Column(
        "queries/s",
        "hits queried / median time of the batch",
        _number("queries_per_second", ",.0f"),
        key="queries_per_second",
    ),
    Column(
        "purity",
        "bucket purity: hits of the leading particle / hits of the bucket that have truth, "
        "mean over buckets",
        _number("bucket_purity", ".4f"),
        key="bucket_purity",
    ),
    Column(
        "efficiency",
        "particle efficiency: share of trackable particles found in one bucket",
        _number("particle_efficiency", ".4f"),
        key="particle_efficiency",
    ),
    Column(
        "recall",
        "share of the exact k nearest that were returned, ties counted by distance",
        _number("recall", ".4f"),
        key="recall",
    ),
    _MEMORY,
)

_COPYING = Column(
    "copying s",
    "on a GPU: median time, within build and query, that copying to and from it takes",
    _number("copying_seconds", ".3g"),
    key="copying_seconds",
)


def columns_on(device: Device) -> tuple[Column, ...]:
    """Return the columns of a table; what copying takes is one of them where there is any."""
    return COLUMNS if device == "cpu" else (*COLUMNS[:6], _COPYING, *COLUMNS[6:])


_SEARCHED, _TRACKED = STAGES[:3], STAGES[3:]

TRACK_COLUMNS = (
    Column(
        "tracker", "and every parameter", lambda row: row["tracker"], right=False, key="tracker"
    ),
    Column("looks in", "which buckets it was given", looks_in, right=False),
    _STATUS,
    Column(
        "seconds/event",
        "from hits in memory to resolved tracks: median (least–most) of the warm passes",
        _seconds_per_event,
        key="seconds_per_event",
    ),
    Column("search s", "median time to find the buckets", _stages(*_SEARCHED)),
    Column("tracks s", "median time to choose among them and find tracks", _stages(*_TRACKED)),
    Column("buckets", "how many the tracker was given", _number("n_buckets", ","), key="n_buckets"),
    Column(
        "hits/bucket", "mean of them", _number("hits_per_bucket", ",.1f"), key="hits_per_bucket"
    ),
    Column(
        "reachable",
        "share of trackable particles of which one of these buckets holds enough, see efficiency "
        "of the other table",
        _number("reachable", ".4f"),
        key="reachable",
    ),
    Column(
        "µs/bucket",
        "median time to seed, follow and resolve, over the buckets",
        lambda row: _microseconds(row["seconds_per_bucket"]),
    ),
    Column(
        "score",
        "TrackML score: weight of the hits of particles on tracks that match them by double "
        "majority; 1 is perfect",
        _number("trackml_score", ".4f"),
        key="trackml_score",
    ),
    Column(
        "efficiency",
        "track efficiency: share of trackable particles that a track matches by double majority",
        _number("track_efficiency", ".4f"),
        key="track_efficiency",
    ),
    Column(
        "fakes",
        "share of tracks that match no particle",
        _number("fake_share", ".4f"),
        key="fake_share",
    ),
    Column(
        "duplicates",
        "share of tracks that match a particle which has a better one",
        _number("duplicate_share", ".4f"),
        key="duplicate_share",
    ),
    Column("tracks", "how many were found", _number("n_tracks", ","), key="n_tracks"),
    _MEMORY,
)
