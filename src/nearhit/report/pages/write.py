"""Writes the site, whole or not at all."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.report.notes import Stale, abridged, never_stale
from nearhit.report.section import Section, found_in
from nearhit.report.unchanged import PAGES

from .files import copy_assets, data_files
from .reference_pages import certificate_pages, data_pages, definition_pages, history_pages
from .render import renderer
from .run_pages import run_pages, track_pages
from .site import HOME, Page, Site
from .thing_pages import event_pages, library_pages, machine_pages

_PAGES: tuple[Callable[[Site], Iterator[Page]], ...] = (
    run_pages,
    track_pages,
    library_pages,
    event_pages,
    machine_pages,
    history_pages,
    certificate_pages,
    data_pages,
    definition_pages,
)


def write_pages(  # noqa: PLR0913, PLR0917 - as nearhit.report.write, and where asv's pages are
    records: Iterable[Record],
    folder: Path,
    certificates: Iterable[Certificate] = (),
    asv: Path | None = None,
    stale: Stale = never_stale,
    left_out: Sequence[str] = (),
) -> Sequence[Section]:
    """Write a site that works offline, in place of the one that was there; return its sections.

    Args:
        records: all of which pages are made; the same records give the same pages.
        folder: new, empty, or with pages of before.
        certificates: what libraries do with the contract.
        asv: the folder of asv's own pages, which is linked if it is there.
        stale: says why a record is stale.
        left_out: a sentence for each file that could not be read; the first page has them, too.

    Raises:
        BadInputError: there are no records, or the folder holds something else or cannot be
            written.
    """
    found = found_in(records, certificates, stale)
    if not found.sections:
        raise BadInputError("There are no records for pages: measure some with 'nearhit run'.")
    _refuse_others(folder)
    notes = (*abridged(left_out), *found.machines.sentences)
    site = Site(found.sections, found.certificates, _link(asv, folder), notes)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as part:
            _write(site, Path(part) / "site")
            if folder.exists():
                shutil.move(folder, Path(part) / "before")
            shutil.move(Path(part) / "site", folder)
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): choose another folder for pages."
        ) from error
    return found.sections


def _write(site: Site, folder: Path) -> None:
    folder.mkdir()
    (folder / PAGES).touch()
    copy_assets(folder)
    render = renderer(site)
    for make in _PAGES:
        for page in make(site):
            _put(folder / page.url, render(page).encode())
    for name, content in data_files(site):
        _put(folder / name, content)


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def _refuse_others(folder: Path) -> None:
    if folder.is_dir():
        other = any(folder.iterdir()) and not (folder / PAGES).is_file()
    else:
        other = folder.exists()
    if other:
        raise BadInputError(
            f"{folder} holds something that is no page of nearhit's: choose a new folder."
        )


def _link(asv: Path | None, folder: Path) -> str | None:
    """Return where asv's pages are from the folder, if they are there."""
    if asv is None or not (asv / HOME).is_file():
        return None
    return Path(os.path.relpath(asv / HOME, folder)).as_posix()
