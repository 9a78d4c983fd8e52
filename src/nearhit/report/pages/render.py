"""Pages as HTML: Jinja2 with everything escaped."""

import re
from collections.abc import Callable
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from nearhit.cells.words import place_in_words
from nearhit.records.row import Row
from nearhit.report.grid import FAULTS

from .files import RAW, ROWS
from .links import library_url
from .site import HOME, Page, Site

MENU = (
    ("results", HOME, "Results"),
    ("tracks", "tracks.html", "Tracks"),
    ("libraries", "libraries.html", "Libraries"),
    ("events", "events.html", "Events"),
    ("machines", "machines.html", "Machines"),
    ("history", "history.html", "History"),
    ("certificates", "certificates.html", "Certificates"),
    ("data", "data.html", "Data"),
    ("definitions", "definitions.html", "Definitions"),
)


def renderer(site: Site) -> Callable[[Page], str]:
    """Return what makes HTML of a page of the site."""
    environment = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {
        "allow_nan": False,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    environment.filters["breakable"] = breakable
    environment.globals |= {
        "menu": MENU,
        "raw": RAW,
        "csv_file": ROWS,
        "asv": site.asv,
        "library_url": library_url,
        "faults": FAULTS,
        "marks_of": marks_of,
        "place_in_words": place_in_words,
        "pages_of": frozenset(site.libraries),
        "n_records": f"{sum(len(section.rows) for section in site.sections):,}",
        "last_measured": max(section.newest for section in site.sections)[:10],
    }
    return partial(_rendered, environment)


def marks_of(row: Row) -> list[str]:
    """Return the words that warn of a row's numbers wherever they are read."""
    named = {"stale": row.stale, "disturbed": row.disturbed}
    return [name for name, applies in named.items() if applies]


def breakable(text: str) -> Markup:
    """Return a text that may be broken before the parameters of an index."""
    escaped = re.sub(r"[,(](?=[^\W\d])", r"\g<0><wbr>", str(escape(text)))
    return Markup(escaped)  # noqa: S704 - only <wbr> was added


def _rendered(environment: Environment, page: Page) -> str:
    root = "../" * page.url.count("/")
    content = {"page": page, "root": root, **page.content}
    return environment.get_template(page.template).render(content)
