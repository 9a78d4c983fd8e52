"""The pages of libraries, events and machines, and the lists of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

from nearhit.contract.certificate import Certificate
from nearhit.machine.hardware import Machine
from nearhit.records.row import Row
from nearhit.report.grid import broken_grid
from nearhit.report.growth import GrowthTable
from nearhit.report.row_chart import front_chart, growth_chart
from nearhit.report.section import Section

from .links import event_url, library_url, machine_url
from .page_table import PageTable, usual
from .picks import RULE
from .run_pages import Part, about, bucket_parts, track_parts
from .site import Page, Site


def library_pages(site: Site) -> Iterator[Page]:
    """Yield the list of libraries, and a page for each: its newest rows, machine by machine."""
    rows = {name: _newest_rows(site, name) for name in site.libraries}
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
        own = [section for section in site.newest if section in sections]
        runs = [(about(one, site), [*bucket_parts(one), *track_parts(one)]) for one in own]
        about_all = [about(one, site) for one in sections]
        told = {"event": about_all[0], "newest": runs, "runs": about_all, "rule": RULE}
        title = f"{first.cell.event} ({first.cell.event_digest[:8]})"
        yield Page(event_url(first.cell), "event.html", title, "events", told)


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


def _newest_rows(site: Site, library: str) -> dict[str, list[Row]]:
    """Return the rows of a library by machine, of the newest commit of each event that has any."""
    found: dict[str, dict[str, list[Row]]] = {}
    for section in site.sections:
        rows = [row for row in section.of_buckets if row.library == library]
        if rows:
            of_machine = found.setdefault(section.first.provenance.machine.name, {})
            of_machine.setdefault(section.first.cell.event_digest, rows)
    return {machine: [*chain(*of.values())] for machine, of in sorted(found.items())}


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
    }


def _broken(certificates: Iterable[Certificate], library: str) -> set[str]:
    own = (one for one in certificates if one.index.name == library)
    return {f"{name} ({one.distance})" for one in own for name in one.broken}


def _library_part(machine: str, rows: list[Row]) -> Part:
    table = PageTable(f"on-{machine}", f"On {machine}", rows, usual(rows, "event"))
    return Part(table, tuple(front_chart(rows)))


def _growth_part(place: int, growths: GrowthTable) -> Part:
    table = PageTable(f"growth{place}", "Each event", growths.every)
    return Part(table, (growth_chart(growths.every, growths.figures),))
