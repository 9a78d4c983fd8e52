"""The site: what it is made from, and every page of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nearhit.contract.certificate import Certificate
from nearhit.report.growth import GrowthTable, growth_tables
from nearhit.report.headline import headline_section, newest_with_many
from nearhit.report.section import Section

from .links import section_url

HOME = "index.html"


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        url: relative to the root of the site.
        template: by name.
        title: of the page, unlike any other's.
        nav: the entry of the menu that it belongs to.
        content: what the template shows.
    """

    url: str
    template: str
    title: str
    nav: str
    content: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Site:
    """What pages are made from.

    Attributes:
        sections: newest first, see `nearhit.report.sections`; at least one.
        certificates: the newest of each library and machine.
        asv: where asv's own pages are, relative to the root of the site; None where there are none.
        notes: what is to be known of all pages, a sentence each.
    """

    sections: tuple[Section, ...]
    certificates: tuple[Certificate, ...]
    asv: str | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def home(self) -> Section:
        """The section of the first page: the newest headline, or whatever is newest."""
        return headline_section(self.sections) or self.sections[0]

    @cached_property
    def growths(self) -> list[GrowthTable]:
        """How figures grow with the number of hits."""
        return growth_tables(self.sections)

    def url_of(self, section: Section) -> str:
        """Return the page of a section; one stands on the first page."""
        return HOME if section is self.home else section_url(section)

    @property
    def machines(self) -> dict[str, list[Section]]:
        """The sections of every machine, in order of name."""
        return _grouped(self.sections, lambda one: one.first.provenance.machine.name)

    @property
    def events(self) -> dict[str, list[Section]]:
        """The sections of every event, by name and digest."""
        return _grouped(self.sections, _event)

    @property
    def libraries(self) -> list[str]:
        """The names of all libraries that were asked for buckets."""
        return sorted({row.library for section in self.sections for row in section.of_buckets})

    @cached_property
    def newest_bucketed(self) -> list[Section]:
        """The newest section of every event and machine that has many records of buckets."""
        return self._newest(lambda section: len(section.of_buckets))

    @cached_property
    def newest_tracked(self) -> list[Section]:
        """The same of trackers."""
        return self._newest(lambda section: len(section.of_tracks))

    @property
    def newest(self) -> list[Section]:
        """All of these, newest first."""
        held = {*self.newest_bucketed, *self.newest_tracked}
        return [section for section in self.sections if section in held]

    def _newest(self, count: Callable[[Section], int]) -> list[Section]:
        places = _grouped(self.sections, lambda one: f"{one.rows[0].machine} {_event(one)}")
        held = {newest_with_many(sections, count) for sections in places.values()}
        return [section for section in self.sections if section in held]


def _event(section: Section) -> str:
    return f"{section.first.cell.event} {section.first.cell.event_digest}"


def _grouped(
    sections: Iterable[Section], key: Callable[[Section], str]
) -> dict[str, list[Section]]:
    found: dict[str, list[Section]] = {}
    for section in sections:
        found.setdefault(key(section), []).append(section)
    return dict(sorted(found.items()))
