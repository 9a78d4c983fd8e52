"""Rows of pages: every figure of a record, flat, with the values that filters use."""

from collections.abc import Iterable, Sequence
from typing import Any

from nearhit.plugins.tracker import STAGES
from nearhit.records.record import Record
from nearhit.records.row import Row
from nearhit.report.section import Section

STAGE_KEYS = {stage: f"{stage}_stage_seconds" for stage in (*STAGES, "score")}
"""The key of the seconds of every stage of tracking, and of scoring."""


def rows_of(section: Section) -> list[Row]:
    """Return the rows of a section, fastest first, without a time last.

    Added to a row of `nearhit.records.row` are `record`, its identity; `front`, whether no other
    row of its question beats it; and in words which hits were queried (`asked`), which `particles`
    count, and the name of the tracker.
    """
    fronts = [row for table in section.tables for row in table.front]
    fronts += [row for table in section.track_tables for row in table.front]
    rows = [_row(section.row(record), record, fronts) for record in section.every]
    return sorted(rows, key=_speed)


def of_buckets(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that look for no tracks."""
    return [row for row in rows if row["tracker"] is None]


def of_tracks(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of trackers."""
    return [row for row in rows if row["tracker"] is not None]


def usual(rows: Sequence[Row], *keys: str) -> dict[str, object]:
    """Return the value of each key that most of the rows have."""
    return {key: _most_common([row[key] for row in rows]) for key in keys}


def _most_common(values: list[object]) -> object:
    return max(sorted(set(values), key=repr), key=values.count)


def plain(row: Row) -> dict[str, Any]:
    """Return a row as CSV and JSON have it: words, numbers, truth and None."""
    seconds = row["seconds_per_stage"] or {}
    stages = {key: seconds.get(stage) for stage, key in STAGE_KEYS.items()}
    lists = {key: ", ".join(map(str, value)) for key, value in row.items() if type(value) is tuple}
    told = lists | {
        "versions": " ".join(f"{name}={one}" for name, one in sorted(row["versions"].items())),
    }
    rest = {key: value for key, value in row.items() if key != "seconds_per_stage"}
    return rest | stages | told


def _row(row: Row, record: Record, fronts: list[Row]) -> Row:
    queries = "all hits" if row["queries"] is None else f"{row['queries']:,} hits"
    batch = "" if row["batch"] is None else f" in batches of {row['batch']:,}"
    pt = f", pT ≥ {row['min_pt']:g} GeV" if row["min_pt"] else ""
    return row | {
        "front": row in fronts,
        "record": record.identity,
        "asked": f"{queries}{batch}",
        "tracker_name": row["tracker"] and str(row["tracker"]).partition("(")[0],
        "particles": f"≥ {row['min_hits']} hits{pt}, {row['min_share']:.0%} in one bucket",
    }


def _speed(row: Row) -> tuple[bool, float, str]:
    seconds = row["seconds_per_event"]
    return seconds is None, seconds or 0.0, f"{row['index']}{row['tracker']}"
