"""The pages of runs: what was measured of one event on one machine at one commit."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nearhit.cells.words import trackable_in_words
from nearhit.records.row import Row
from nearhit.report.blocks import tracks_section
from nearhit.report.matrices import matrices_of
from nearhit.report.notes import caveats, load_line
from nearhit.report.plots import series_charts
from nearhit.report.row_chart import RowChart, front_chart, track_chart
from nearhit.report.section import Section
from nearhit.report.speed_map import speed_maps

from .links import event_url, machine_url
from .page_table import PageTable
from .picks import RULE, Pick, bucket_picks, track_picks
from .site import HOME, Page, Site


@dataclass(frozen=True, eq=False)
class Part:
    """A table with the charts of its rows, and what to take of them.

    Attributes:
        table: its rows.
        charts: of the rows that the table shows.
        picks: what to take.
    """

    table: PageTable
    charts: tuple[RowChart, ...]
    picks: tuple[Pick, ...] = ()


def run_pages(site: Site) -> Iterator[Page]:
    """Yield a page for each section; that of the headline is the first page of the site."""
    for section in site.sections:
        first = section is site.home
        title = "Results" if first else section.title
        content = {
            "about": about(section, site),
            "parts": [*bucket_parts(section), *track_parts(section)],
            "grids": matrices_of(section),
            "plots": list(series_charts(section)),
            "maps": speed_maps(site.sections)[:1] if first else (),
            "rule": RULE,
            "notes": site.notes if first else (),
            "others": [about(one, site) for one in site.newest if one is not section],
        }
        nav = "results" if first else ""
        yield Page(HOME if first else site.url_of(section), "run.html", title, nav, content)


def track_pages(site: Site) -> Iterator[Page]:
    """Yield the page of all trackers: the newest tables, and what to take of all others."""
    section = tracks_section(site.sections)
    runs = [(about(one, site), track_picks(one.of_tracks)) for one in site.newest_tracked]
    content = {
        "about": about(section, site) if section else None,
        "parts": track_parts(section) if section else [],
        "runs": runs,
        "rule": RULE,
    }
    yield Page("tracks.html", "tracks.html", "Tracks", "tracks", content)


def bucket_parts(section: Section) -> list[Part]:
    """Return the table, chart and picks of buckets, if there are any."""
    held = section.of_buckets
    if not held:
        return []
    table = PageTable("buckets", "Buckets", held, _most_threads(held))
    return [Part(table, tuple(front_chart(held)), tuple(bucket_picks(held)))]


def track_parts(section: Section) -> list[Part]:
    """Return the table, chart and picks of trackers, if there are any."""
    held = section.of_tracks
    if not held:
        return []
    table = PageTable("tracks", "Tracks", held, _most_threads(held))
    return [Part(table, tuple(track_chart(held)), tuple(track_picks(held)))]


def about(section: Section, site: Site) -> dict[str, Any]:
    """Return what a section is of, in words, with where more is said."""
    record, machine = section.first, section.first.provenance.machine
    outcomes = Counter(row.status for row in section.rows)
    trackable = {row.n_trackable for row in section.rows if row.n_trackable is not None}
    particles = {trackable_in_words(row.cell.trackable) for row in section.rows}
    return {
        "title": section.title,
        "url": site.url_of(section),
        "event": record.cell.event,
        "event_url": event_url(record.cell),
        "digest": record.cell.event_digest,
        "origin": record.event_origin,
        "hits": f"{record.n_hits:,}",
        "trackable": " or ".join(f"{number:,}" for number in sorted(trackable)),
        "particles": " or ".join(sorted(particles)),
        "machine": machine.name,
        "machine_url": machine_url(machine.name),
        "cpu": machine.cpu,
        "cores": machine.cores,
        "commit": record.provenance.commit,
        "newest": section.newest[:16].replace("T", " "),
        "notes": [*caveats(section.rows), load_line(section.rows)],
        "cells": f"{len(section.rows):,}",
        "outcomes": ", ".join(f"{number:,} {name}" for name, number in outcomes.most_common()),
    }


def _most_threads(rows: Sequence[Row]) -> dict[str, object]:
    return {"threads": max(row.threads for row in rows)}
