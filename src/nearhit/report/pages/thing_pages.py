"""The pages of libraries, events and machines, and the lists of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from importlib import import_module
from itertools import chain
from operator import attrgetter
from typing import Any

from nearhit.contract.certificate import Certificate
from nearhit.machine.hardware import Machine
from nearhit.parameter import Value
from nearhit.plugins.registry import adapters, how_to_install
from nearhit.records.row import Row
from nearhit.report.grid import broken_grid
from nearhit.report.growth import GrowthTable
from nearhit.report.headline import newest_with_many
from nearhit.report.row_chart import front_chart, growth_chart, settings_chart
from nearhit.report.section import Section

from .links import event_url, library_url, machine_url
from .page_table import Added, PageTable
from .picks import RULE
from .run_pages import Part, about, bucket_parts, track_parts
from .site import Page, Site


def library_pages(site: Site) -> Iterator[Page]:
    """Yield the list of libraries, and a page for each: its settings, machine by machine."""
    rows = {name: _rows_of(site, name) for name in site.libraries}
    listed = [_library(name, found, site) for name, found in rows.items()]
    yield Page("libraries.html", "libraries.html", "Libraries", "libraries", {"libraries": listed})
    for name, found in rows.items():
        certificates = [one for one in site.certificates if one.index.name == name]
        content = {
            "library": _library(name, found, site),
            "parts": [_library_part(machine, held) for machine, held in found.items()],
            "certificates": certificates,
            "grids": broken_grid("Broken clauses", certificates),
        }
        yield Page(library_url(name), "library.html", name, "libraries", content)


def event_pages(site: Site) -> Iterator[Page]:
    """Yield the list of events with how figures grow, and a page for each event."""
    events = site.events.values()
    growths = [
        (growth.title, _growth_part(place, growth), growth.grid)
        for place, growth in enumerate(site.growths)
    ]
    listed = [about(sections[0], site) for sections in events]
    content = {"events": listed, "growths": growths}
    yield Page("events.html", "events.html", "Events", "events", content)
    for sections in events:
        first = sections[0].first
        runs = [
            (about(one, site), _newest_parts(one, site)) for one in site.newest if one in sections
        ]
        about_all = [about(one, site) for one in sections]
        told = {"event": about_all[0], "newest": runs, "runs": about_all, "rule": RULE}
        title = f"{first.cell.event} ({first.cell.event_digest[:8]})"
        yield Page(event_url(first.cell), "event.html", title, "events", told)


def _newest_parts(section: Section, site: Site) -> list[Part]:
    """Return what a section measured last of its event and machine: buckets, trackers, or both."""
    buckets = bucket_parts(section) if section in site.newest_bucketed else []
    return [*buckets, *(track_parts(section) if section in site.newest_tracked else [])]


def machine_pages(site: Site) -> Iterator[Page]:
    """Yield the list of machines, and a page for each: what it is, and what ran on it."""
    listed = [
        (about(sections[0], site), asdict(_newest_of(sections).first.provenance.machine))
        for sections in site.machines.values()
    ]
    yield Page("machines.html", "machines.html", "Machines", "machines", {"machines": listed})
    for name, sections in site.machines.items():
        certificates = [one for one in site.certificates if one.provenance.machine.name == name]
        loads = [row.load for one in sections for row in one.rows]
        content = {
            "facts": _facts(_newest_of(sections).first.provenance.machine),
            "load": f"{min(loads):.2f}–{max(loads):.2f}",
            "runs": [about(section, site) for section in sections],
            "certified": len(certificates),
            "grids": broken_grid("Broken clauses", certificates),
        }
        yield Page(machine_url(name), "machine.html", name, "machines", content)


_NAMES = {"cpu": "processor", "memory_mb": "memory, MiB", "gpu": "GPU"}


def _facts(machine: Machine) -> list[tuple[str, object]]:
    """Return whatever records say of a machine, by name."""
    told = asdict(machine).items()
    return [(_NAMES.get(key, key.replace("_", " ")), value) for key, value in told if key != "name"]


def _newest_of(sections: Iterable[Section]) -> Section:
    return max(sections, key=lambda section: section.newest)


def _rows_of(site: Site, library: str) -> dict[str, list[Row]]:
    """Return the rows of a library by machine: of each event those of the newest commit of many."""
    found: dict[str, dict[str, list[list[Row]]]] = {}
    for section in site.sections:
        rows = [row for row in section.of_buckets if row.library == library]
        if rows:
            of_machine = found.setdefault(section.first.provenance.machine.name, {})
            of_machine.setdefault(section.first.cell.event_digest, []).append(rows)
    return {
        machine: [*chain(*(newest_with_many(runs, len) or () for runs in of.values()))]
        for machine, of in sorted(found.items())
    }


def _library(name: str, found: dict[str, list[Row]], site: Site) -> dict[str, Any]:
    rows = [row for held in found.values() for row in held]
    outcomes = Counter(row.status for row in rows)
    reasons = Counter(row.reason for row in rows if row.reason)
    return {
        "name": name,
        "url": library_url(name),
        "versions": ", ".join(sorted({row.library_version for row in rows})),
        "outcomes": ", ".join(f"{number:,} {one}" for one, number in outcomes.most_common()),
        "reasons": [f"{reason} ({number:,})" for reason, number in reasons.most_common()],
        "breaks": sorted(_broken(site.certificates, name)),
        "certified": any(one.index.name == name for one in site.certificates),
        **declared(name),
    }


def declared(name: str) -> dict[str, str]:
    """Return what the adapter of a library says of it; empty texts where it is not known here.

    Its address is the first in the docstring of the file of the adapter.
    """
    adapter = adapters().get(name)
    if adapter is None:
        return dict.fromkeys(("licence", "install", "needs", "answers", "home"), "")
    text = import_module(adapter.__module__).__doc__ or ""
    address = re.search(r"https?://[^\s]*[^\s.,)]", text)
    return {
        "licence": adapter.licence,
        "install": how_to_install(adapter),
        "needs": adapter.needs,
        "answers": "exact" if adapter.exact else "approximate",
        "home": address.group() if address else "",
    }


def _broken(certificates: Iterable[Certificate], library: str) -> set[str]:
    own = (one for one in certificates if one.index.name == library)
    return {f"{name} ({one.distance})" for one in own for name in one.broken}


def _library_part(machine: str, rows: list[Row]) -> Part:
    chosen, added = _most_settings(rows), _parameters(rows)
    table = PageTable(f"on-{machine}", f"On {machine}", rows, chosen, added=added)
    return Part(table, tuple(settings_chart(rows, _colors(added)) or front_chart(rows)))


def _colors(added: Iterable[Added]) -> tuple[tuple[str, str], ...]:
    return tuple((column.name, column.heading) for column in added)


def _parameters(rows: list[Row]) -> list[Added]:
    """Return the parameters that differ between settings, to be told apart in a chart."""
    given = {row: dict(row.cell.index.parameters) for row in rows}
    names = dict.fromkeys(name for held in given.values() for name in held)
    added = [
        Added(
            f"parameter {name}",
            heading=name,
            hidden=True,
            value=partial(_parameter, given, name),
        )
        for name in names
    ]
    return [column for column in added if len(set(map(column.of, rows))) > 1]


def _parameter(given: Mapping[Row, Mapping[str, Value]], name: str, row: Row) -> str:
    return str(given[row].get(name, ""))


def _most_settings(rows: list[Row]) -> dict[str, object]:
    """Return the event, and the question, of which most settings were measured."""
    names = ("event", "metric", "bucket_size", "threads")
    settings: dict[tuple[object, ...], set[str]] = {}
    for row in rows:
        if row.queries is None:
            settings.setdefault(attrgetter(*names)(row), set()).add(row.index)
    most = max(settings, key=lambda one: (len(settings[one]), repr(one)), default=())
    return dict(zip(names, most, strict=False))


def _growth_part(place: int, growths: GrowthTable) -> Part:
    table = PageTable(f"growth{place}", "Each event", growths.every)
    return Part(table, (growth_chart(growths.every, growths.figures),))
