"""The records of one event on one machine at one commit: what may be ranked together."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from nearhit.contract.certificate import Certificate
from nearhit.parameter import Value
from nearhit.records.record import Record
from nearhit.records.row import Row, row_of

from .certificates import Broken, broken_by_library, newest_certificates, with_broken
from .machines import Machines, machines_of, refuse_mixed
from .notes import Stale, never_stale, stale_share
from .tables import Table, judged, speed, tables_of


@dataclass(frozen=True, eq=False)
class Section:
    """The newest record of every cell of one event on one machine at one commit.

    Attributes:
        rows: at least one, those of buckets before those of trackers, each the fastest first;
            machine, event and commit are the same in all.
    """

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        refuse_mixed(self.rows)

    @property
    def first(self) -> Record:
        """Any of the records: what they share can be read off it."""
        return self.rows[0].record

    @cached_property
    def of_buckets(self) -> tuple[Row, ...]:
        """The rows that look for no tracks."""
        return tuple(row for row in self.rows if row.tracker is None)

    @cached_property
    def of_tracks(self) -> tuple[Row, ...]:
        """The rows of trackers."""
        return tuple(row for row in self.rows if row.tracker is not None)

    @property
    def title(self) -> str:
        """Event, machine and commit."""
        first = self.rows[0]
        return f"{first.event} on {first.machine} at {first.commit}"

    def title_over(self, rows: Iterable[Row]) -> str:
        """Return the title of a plot of some of its rows, with how many of them are stale."""
        return f"{self.title}{stale_share(rows)}"

    @property
    def newest(self) -> str:
        """When its last record was started."""
        return max(row.started for row in self.rows)

    @cached_property
    def main_indexes(self) -> frozenset[str]:
        """The setting of each library that was measured most: its default, in all suites."""
        counts = Counter((row.library, row.index) for row in self.of_buckets)
        return frozenset(dict(key for key, _ in reversed(counts.most_common())).values())

    @cached_property
    def parameters(self) -> dict[str, dict[str, Value]]:
        """The parameters of every index."""
        return {row.index: dict(row.cell.index.parameters) for row in self.of_buckets}

    @cached_property
    def short_names(self) -> dict[str, str]:
        """Every index with only the parameters in which it differs from its library's main one."""
        libraries = {row.index: row.library for row in self.of_buckets}
        main = {libraries[index]: self.parameters[index] for index in self.main_indexes}
        return {
            index: _short_name(libraries[index], parameters, main[libraries[index]])
            for index, parameters in self.parameters.items()
        }

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Its rows of buckets by question: metric, bucket size, threads, trackable particles."""
        return tuple(tables_of(self.of_buckets))

    @cached_property
    def track_tables(self) -> tuple[Table, ...]:
        """Its rows of trackers: one table for each number of threads and trackable particles."""
        return tuple(tables_of(self.of_tracks))

    @property
    def measured_tables(self) -> tuple[Table, ...]:
        """Its tables of buckets without those of which all was skipped."""
        return tuple(table for table in self.tables if table.measured)

    @property
    def not_measured(self) -> tuple[str, ...]:
        """A line for each library of those tables of which all was skipped: why, how often."""
        reasons: dict[str, Counter[str]] = {}
        for row in (row for table in self.tables if not table.measured for row in table.rows):
            reasons.setdefault(row.library, Counter())[row.reason] += 1
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
    newest = {record.identity: record for record in machines_of(held).apart(held)}
    rows = [
        replace(with_broken(row_of(record), broken or {}), stale=stale(record))
        for record in newest.values()
    ]
    groups = groupby(sorted(rows, key=_place), key=_place)
    found = [_section(list(group)) for _, group in groups]
    last: dict[tuple[str, str], str] = {}
    for section in found:
        last[_run(section)] = max(section.newest, last.get(_run(section), ""))
    return sorted(found, key=lambda one: (last[_run(one)], len(one.rows)), reverse=True)


@dataclass(frozen=True)
class Found:
    """What there is to report.

    Attributes:
        machines: names that mean one machine each.
        certificates: the newest of each library and machine.
        sections: newest first.
    """

    machines: Machines
    certificates: tuple[Certificate, ...]
    sections: tuple[Section, ...]


def found_in(
    records: Iterable[Record], certificates: Iterable[Certificate], stale: Stale = never_stale
) -> Found:
    """Return what there is to report of records and certificates, machines told apart."""
    given, certified = list(records), list(certificates)
    machines = machines_of(given, certified)
    held = newest_certificates(machines.apart(certified))
    found = sections(machines.apart(given), broken_by_library(held), stale)
    return Found(machines, tuple(held), tuple(found))


def _section(rows: list[Row]) -> Section:
    """Return rows, with what follows from their tables, as a section."""
    marked = [row for table in tables_of(rows) for row in judged(table)]
    return Section(tuple(sorted(marked, key=lambda row: (row.tracker is not None, speed(row)))))


def _run(section: Section) -> tuple[str, str]:
    return section.rows[0].machine, section.rows[0].commit


def _place(row: Row) -> tuple[str, str, str, str]:
    return row.machine, row.event, row.event_digest, row.commit


def _short_name(library: str, own: dict[str, Value], main: dict[str, Value]) -> str:
    changed = [f"{key}={value}" for key, value in own.items() if value != main.get(key)]
    return f"{library}({','.join(changed)})" if changed else library
