"""The phrasing of a cell for people, the same in titles, tables, plots, logs and answers."""

from collections.abc import Collection, Iterator

from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import selections_in_brief
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
    tracker = f"{cell.tracker.brief} in " if cell.tracker and names is None else ""
    return tracker + ", ".join(wanted)


def place_in_words(cell: Cell) -> str:
    """Return where tracks are looked for: in the whole event, or in which buckets."""
    return cell_in_words(cell, PLACE)


def pipeline_in_words(cell: Cell) -> str:
    """Return what was run, whatever the hardware: an index, or a tracker and where it looks."""
    return f"{cell.tracker.brief} in {place_in_words(cell)}" if cell.tracker else cell.index.brief


def queries_in_words(cell: Cell) -> str:
    """Return which hits are queried, and in what batches."""
    return cell_in_words(cell, ("queries", "batch")) or "all hits"


def threads_in_words(number: int) -> str:
    """Return a number of threads."""
    return f"{number} thread{'s' if number > 1 else ''}"


def tracker_in_words(cell: Cell) -> str:
    """Return the tracker, and that it runs on one thread where it may use more."""
    if cell.tracker is None:
        return ""
    declared = trackers().get(cell.tracker.name)
    one = declared is not None and declared.one_thread and cell.threads > 1
    return f"{cell.tracker.brief}{', 1 thread' if one else ''}"


def trackable_in_words(trackable: Trackable) -> str:
    """Return which particles count and what finding one means."""
    share = f"{100 * float(trackable.min_share):g} %"
    return f"{hits_and_pt(trackable, 'any pT')}; found if one bucket holds {share} of the hits"


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
        yield "index", cell.index.brief
        yield "metric", cell.metric
        yield "bucket_size", f"buckets of {cell.bucket_size}"
        yield "threads", threads_in_words(cell.threads)
        yield "device", "" if cell.device == "cpu" else cell.device
        yield "queries", "" if cell.queries is None else f"{cell.queries:,} random queries"
        yield "batch", "" if cell.batch is None else f"batches of {cell.batch:,}"
        yield "choices", selections_in_brief(cell.choices)
    usual = cell.trackable == Trackable()
    yield "particles", "" if usual else trackable_in_words(cell.trackable)
