"""The phrasing of a cell for people, the same in titles, tables, plots, logs and answers."""

from collections.abc import Collection, Iterator

from nearhit.plugins.spec import selections_as_text
from nearhit.quality import Trackable

from .cell import Cell

PLACE = frozenset({"index", "metric", "bucket_size", "queries", "batch", "choices"})
"""The coordinates that say which buckets a cell is of."""

QUESTION = frozenset(
    {"metric", "bucket_size", "threads", "device", "queries", "batch", "particles"}
)
"""The coordinates that rows of one table of buckets share."""


def cell_in_words(cell: Cell, names: Collection[str] | None = None) -> str:
    """Return a cell in a few words; what is as usual is not said.

    Args:
        cell: to be named.
        names: the coordinates to be said, of those below; None for all.
    """
    wanted = [text for name, text in _parts(cell) if text and (names is None or name in names)]
    tracker = f"{cell.tracker} in " if cell.tracker and names is None else ""
    return tracker + ", ".join(wanted)


def place_in_words(cell: Cell) -> str:
    """Return where tracks are looked for: in the whole event, or in which buckets."""
    return cell_in_words(cell, PLACE)


def pipeline_in_words(cell: Cell) -> str:
    """Return what was run, whatever the hardware: an index, or a tracker and where it looks."""
    return f"{cell.tracker} in {place_in_words(cell)}" if cell.tracker else str(cell.index)


def queries_in_words(cell: Cell) -> str:
    """Return which hits are queried, and in what batches."""
    return cell_in_words(cell, ("queries", "batch")) or "all hits"


def threads_in_words(number: int) -> str:
    """Return a number of threads."""
    return f"{number} thread{'s' if number > 1 else ''}"


def trackable_in_words(trackable: Trackable) -> str:
    """Return which particles count and what finding one means."""
    share = f"{float(trackable.min_share):.0%} of its hits in one bucket"
    return f"{hits_and_pt(trackable, 'any pT')}, found with {share}"


def hits_and_pt(trackable: Trackable, any_pt: str = "") -> str:
    """Return the cuts on particles."""
    pt = f"pT ≥ {trackable.min_pt:g} GeV" if trackable.min_pt else any_pt
    return ", ".join(filter(None, (f"≥ {trackable.min_hits} hits", pt)))


def _parts(cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield coordinates and their phrases, empty where they are as usual."""
    if cell.takes_whole_event:
        yield "index", "the whole event"
        yield "threads", threads_in_words(cell.threads)
    else:
        yield "index", str(cell.index)
        yield "metric", cell.metric
        yield "bucket_size", f"buckets of {cell.bucket_size}"
        yield "threads", threads_in_words(cell.threads)
        yield "device", "" if cell.device == "cpu" else cell.device
        yield "queries", "" if cell.queries is None else f"{cell.queries:,} random queries"
        yield "batch", "" if cell.batch is None else f"batches of {cell.batch:,}"
        yield "choices", selections_as_text(cell.choices)
    usual = cell.trackable == Trackable()
    yield "particles", "" if usual else trackable_in_words(cell.trackable)
