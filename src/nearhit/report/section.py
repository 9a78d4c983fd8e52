"""What may be ranked together: the records of one event on one machine at one commit."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from nearhit.parameter import Value
from nearhit.plugins.adapter import Device
from nearhit.quality import Trackable
from nearhit.records.record import Record
from nearhit.records.row import Row, row_of

from .certificates import Broken, with_broken
from .front import pareto_front
from .machines import machines_of, refuse_mixed
from .notes import Stale, never_stale, stale_share


@dataclass(frozen=True)
class Table:
    """The rows that answer one question, fastest first, those without a time last.

    Attributes:
        metric: by name.
        bucket_size: hits a bucket.
        threads: how many each library may use.
        device: what the libraries computed on.
        queries: hits queried, None for all; with fewer buckets fewer particles are found.
        batch: hits queried in one call, None for all.
        trackable: which particles count.
        rows: see `nearhit.records.row.row_of`.
    """

    metric: str
    bucket_size: int
    threads: int
    device: Device
    queries: int | None
    batch: int | None
    trackable: Trackable
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        refuse_mixed(self.rows)

    @property
    def title(self) -> str:
        """The question in a few words."""
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        device = "" if self.device == "cpu" else f", {self.device}"
        queries = "" if self.queries is None else f", {self.queries:,} random queries"
        batch = "" if self.batch is None else f", batches of {self.batch:,}"
        trackable = describe_trackable(self.trackable)
        cuts = "" if self.trackable == Trackable() else f", {trackable}"
        return (
            f"{self.metric}, buckets of {self.bucket_size}, {threads}{device}{queries}{batch}{cuts}"
        )

    @property
    def slug(self) -> str:
        """The title as the name of a file."""
        return re.sub(r"\W+", "-", self.title)

    @property
    def measured(self) -> bool:
        """Whether anything of it could be run here."""
        return any(row["status"] != "skipped" for row in self.rows)

    @cached_property
    def front(self) -> tuple[Row, ...]:
        """The rows that no other beats in both seconds per event and particle efficiency."""
        return tuple(pareto_front(self.rows, "seconds_per_event", "particle_efficiency"))


@dataclass(frozen=True)
class TrackTable:
    """The rows of trackers that may be ranked together, fastest first, without a time last.

    Attributes:
        threads: how many each road may use.
        trackable: which particles count.
        rows: see `nearhit.records.row.row_of`.
    """

    threads: int
    trackable: Trackable
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        refuse_mixed(self.rows)

    @property
    def title(self) -> str:
        """The question in a few words."""
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        pt = f", pT ≥ {self.trackable.min_pt:g} GeV" if self.trackable.min_pt else ""
        return f"Tracks, {threads}, particles of ≥ {self.trackable.min_hits} hits{pt}"

    @property
    def slug(self) -> str:
        """The title as the name of a file."""
        return re.sub(r"\W+", "-", self.title)

    @cached_property
    def front(self) -> tuple[Row, ...]:
        """The rows that no other beats in both seconds per event and TrackML score."""
        tracked = (row for row in self.rows if not row["tracker"].startswith("oracle"))
        return tuple(pareto_front(tracked, "seconds_per_event", "trackml_score"))


@dataclass(frozen=True, eq=False)
class Section:
    """The newest record of every cell of one event on one machine at one commit.

    Attributes:
        records: of buckets; machine, event and commit are the same in all.
        broken: clauses that libraries break, to be shown in their rows.
        tracked: records of trackers; of both kinds together there is at least one.
        stale: says why a record is stale, see `nearhit.records.staleness`; nothing where it is not.
    """

    records: tuple[Record, ...]
    broken: Broken = field(default_factory=dict)
    tracked: tuple[Record, ...] = ()
    stale: Stale = never_stale

    def __post_init__(self) -> None:
        refuse_mixed([row_of(record) for record in self.every])

    def row(self, record: Record) -> Row:
        """Return a record of it as a row, with the clauses that its library breaks."""
        return with_broken(row_of(record), self.broken) | {"stale": self.stale(record)}

    @property
    def first(self) -> Record:
        """Any of the records: what they share can be read off it."""
        return self.every[0]

    @property
    def every(self) -> tuple[Record, ...]:
        """The records of both kinds."""
        return self.records + self.tracked

    @property
    def title(self) -> str:
        """Event, machine and commit."""
        provenance = self.first.provenance
        return f"{self.first.cell.event} on {provenance.machine.name} at {provenance.commit}"

    def title_over(self, rows: Iterable[Row]) -> str:
        """Return the title of a plot of some of its rows, with how many of them are stale."""
        return f"{self.title}{stale_share(rows)}"

    @property
    def newest(self) -> str:
        """When its last record was started."""
        return max(record.provenance.started for record in self.every)

    @cached_property
    def main_indexes(self) -> frozenset[str]:
        """The setting of each library that was measured most: its default, in all suites."""
        counts = Counter(str(record.cell.index) for record in self.records)
        libraries = {str(record.cell.index): record.cell.index.name for record in self.records}
        main = {libraries[index]: index for index, _ in reversed(counts.most_common())}
        return frozenset(main.values())

    @cached_property
    def parameters(self) -> dict[str, dict[str, Value]]:
        """The parameters of every index."""
        specs = {record.cell.index for record in self.records}
        return {str(spec): dict(spec.parameters) for spec in specs}

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Every index with only the parameters in which it differs from its library's main one."""
        libraries = {str(record.cell.index): record.cell.index.name for record in self.records}
        main = {libraries[index]: self.parameters[index] for index in self.main_indexes}
        return {
            index: _short_name(libraries[index], parameters, main[libraries[index]])
            for index, parameters in self.parameters.items()
        }

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Its records by question: metric, bucket size, threads and trackable particles."""
        ordered = sorted(self.records, key=_order)
        return tuple(
            Table(*question, tuple(sorted(map(self.row, group), key=_speed)))
            for question, group in groupby(ordered, key=_question)
        )

    @cached_property
    def track_tables(self) -> tuple[TrackTable, ...]:
        """Its records of trackers: one table for each number of threads and trackable particles."""
        ordered = sorted(self.tracked, key=lambda one: repr(_track_question(one)))
        return tuple(
            TrackTable(*question, tuple(sorted(map(self.row, group), key=_speed)))
            for question, group in groupby(ordered, key=_track_question)
        )

    @property
    def measured_tables(self) -> tuple[Table, ...]:
        """Its tables without those of which all was skipped."""
        return tuple(table for table in self.tables if table.measured)

    @property
    def not_measured(self) -> tuple[str, ...]:
        """A line for each library of those tables of which all was skipped: why, how often."""
        idle = [row for table in self.tables if not table.measured for row in table.rows]
        reasons: dict[str, Counter[str]] = {}
        for row in idle:
            reasons.setdefault(row["library"], Counter())[row["reason"]] += 1
        return tuple(
            f"{library}: skipped: {'; '.join(f'{why} ({n} cells)' for why, n in counts.items())}"
            for library, counts in sorted(reasons.items())
        )


def sections(
    records: Iterable[Record], broken: Broken | None = None, stale: Stale = never_stale
) -> list[Section]:
    """Return the records by event, machine and commit, those of the newest commit first.

    Of several events of one machine and commit the one of most records comes first. Of several
    records of one identity the last is taken. Machines that share a name are told apart.

    Args:
        records: of any number of events, machines and commits.
        broken: clauses that libraries break, from `broken_by_library`.
        stale: says why a record is stale.
    """
    held = list(records)
    apart = machines_of(held).apart(held)
    newest = {record.identity: record for record in apart}
    ordered = sorted(newest.values(), key=_place)
    found = [_section(group, broken or {}, stale) for _, group in groupby(ordered, key=_place)]
    last: dict[tuple[str, str], str] = {}
    for section in found:
        last[_run(section)] = max(section.newest, last.get(_run(section), ""))
    return sorted(found, key=lambda one: (last[_run(one)], len(one.every)), reverse=True)


def _section(records: Iterable[Record], broken: Broken, stale: Stale) -> Section:
    held = list(records)
    tracked = tuple(record for record in held if record.cell.tracker)
    buckets = tuple(record for record in held if not record.cell.tracker)
    return Section(buckets, broken, tracked, stale)


def _run(section: Section) -> tuple[str, str]:
    provenance = section.first.provenance
    return provenance.machine.name, provenance.commit


def describe_trackable(trackable: Trackable) -> str:
    """Return which particles count and what finding one means, for people."""
    pt = f"pT ≥ {trackable.min_pt:g} GeV" if trackable.min_pt else "any pT"
    share = f"{float(trackable.min_share):.0%} of its hits in one bucket"
    return f"≥ {trackable.min_hits} hits, {pt}, found with {share}"


def _short_name(library: str, own: dict[str, Value], main: dict[str, Value]) -> str:
    changed = [f"{key}={value}" for key, value in own.items() if value != main.get(key)]
    return f"{library}({','.join(changed)})" if changed else library


def _place(record: Record) -> tuple[str, str, str, str]:
    cell, provenance = record.cell, record.provenance
    return provenance.machine.name, cell.event, cell.event_digest, provenance.commit


_Question = tuple[str, int, int, Device, int | None, int | None, Trackable]


def _question(record: Record) -> _Question:
    cell = record.cell
    how = cell.threads, cell.device, cell.queries, cell.batch
    return cell.metric, cell.bucket_size, *how, cell.trackable


def _track_question(record: Record) -> tuple[int, Trackable]:
    return record.cell.threads, record.cell.trackable


def _order(record: Record) -> tuple[tuple[Any, ...], ...]:
    """Order questions: all queries first, the default metric first, all threads before fewer."""
    metric, size, threads, device, queries, batch, trackable = _question(record)
    cuts = describe_trackable(trackable)
    return (
        (queries is not None, metric != "angular"),
        (metric, size, -threads, device),
        (queries or 0, batch or 0, cuts),
    )


def _speed(row: Row) -> tuple[bool, float, str]:
    seconds = row["seconds_per_event"]
    return seconds is None, seconds or 0.0, f"{row['index']}{row['tracker']}"
