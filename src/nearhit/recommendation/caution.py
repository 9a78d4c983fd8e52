"""What keeps an answer from being taken for more than it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from nearhit.cells.status import in_one_line
from nearhit.cells.words import trackable_in_words
from nearhit.machine.provenance import commit
from nearhit.plugins.registry import adapters, installed_version, metrics, trackers
from nearhit.quality import Trackable
from nearhit.records.record import Record
from nearhit.records.select import AskedEvent

from .choice import Candidate, Choice
from .demands import Demands


def cautions(choice: Choice, demands: Demands) -> list[str]:
    """Return what is doubtful of the answer itself, a sentence each."""
    best = choice.best
    if best is None:
        return []
    told = [*_of_time(best, demands), *_of_order(best, choice.runner_up), *_of_age(best)]
    commits = {one.record.provenance.commit for one in choice.candidates}
    if len(commits) > 1:
        told.append(f"The records compared are of {len(commits)} commits of nearhit.")
    return told


def _of_time(best: Candidate, demands: Demands) -> Iterator[str]:
    slowest, passes = best.range[1], best.row.repetitions
    if demands.max_seconds and slowest > demands.max_seconds:
        yield f"Its slowest pass took {slowest:.3g} s, more than was asked for."
    if passes == 1:
        yield "It was measured in one pass: nothing is known of its spread."
    cores, load = best.record.provenance.machine.cores, best.record.provenance.load
    if load > cores:
        yield f"The machine was busy when it was measured: load {load:.1f} on {cores} cores."


def _of_order(best: Candidate, other: Candidate | None) -> Iterator[str]:
    if other and other.range[0] <= best.range[1]:
        yield "The passes of both overlap in time: which is faster is not certain."


def _of_age(best: Candidate) -> Iterator[str]:
    provenance, cell = best.record.provenance, best.record.cell
    if provenance.commit != commit():
        yield f"It was measured at commit {provenance.commit} of nearhit, which is {commit()} now."
    known = adapters().get(cell.index.name)
    installed = installed_version(known) if known else None
    measured = best.row.library_version
    if known and installed and cell.tracker is None and installed != measured:
        yield f"It was measured with {known.package} {measured}; {installed} is installed."
    if known and cell.tracker is None and not best.certified:
        yield f"No certificate says how it behaves: nearhit certify {cell.index.name}"


def not_measured(
    records: Sequence[Record],
    of_event: Sequence[Record],
    asked: AskedEvent,
    demands: Demands,
    choices: Sequence[Choice],
) -> list[str]:
    """Return what the records do not say, a sentence each.

    Args:
        records: all, of every machine and event.
        of_event: those of the event on the machine that answers.
        asked: the event.
        demands: which particles count.
        choices: what was compared.
    """
    compared = [one.record for choice in choices for one in choice.candidates]
    return [
        *(line for one in choices for line in _nothing(one, of_event, asked, demands)),
        *_cuts(of_event, demands),
        *_sizes(compared),
        *_metrics(of_event),
        *_libraries(of_event, compared, roads=any(one.question.what == "road" for one in choices)),
        *_others(records, of_event, asked),
    ]


def _nothing(
    choice: Choice, of_event: Sequence[Record], asked: AskedEvent, demands: Demands
) -> Iterator[str]:
    """Yield what would have to be measured where there is nothing to compare."""
    if choice.candidates:
        return
    wanted, what = demands.trackable, choice.question.what
    suite = " --suite tracking" if what == "road" else ""
    cuts = ""
    if wanted != Trackable():
        cuts = f" --min-pt {wanted.min_pt:g} --min-hits {wanted.min_hits} --min-share "
        cuts += str(wanted.min_share)
    threads = f" on {demands.threads} threads" if demands.threads else ""
    yield (
        f"No {what} was measured whole{threads} for particles of {trackable_in_words(wanted)}. "
        f"Measure it: nearhit run {asked.source}{suite}{cuts}"
    )
    counts = sorted({one.cell.threads for one in of_event if one.status.outcome == "ok"})
    if demands.threads and counts:
        yield f"Threads with records: {', '.join(map(str, counts))}."


def _cuts(of_event: Sequence[Record], demands: Demands) -> Iterator[str]:
    counts = {one.cell.trackable for one in of_event if one.status.outcome == "ok"}
    have = sorted(map(trackable_in_words, counts - {demands.trackable}))
    told = f"; {len(have)} were recorded: {'; '.join(have)}" if have else "; none was recorded"
    yield f"Other cuts on particles, such as on pT, were not looked at{told}."


def _sizes(compared: list[Record]) -> Iterator[str]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for record in compared:
        if not record.cell.takes_whole_event:
            sizes[record.cell.metric].add(record.cell.bucket_size)
    told = "; ".join(
        f"{metric} {', '.join(map(str, sorted(found)))}" for metric, found in sorted(sizes.items())
    )
    if told:
        yield f"Bucket sizes that were compared: {told} hits. Others were not."


def _metrics(of_event: Sequence[Record]) -> Iterator[str]:
    measured = {one.cell.metric for one in of_event if one.status.outcome == "ok"}
    absent = [name for name, one in metrics().items() if one.physical and name not in measured]
    if absent:
        yield f"Metrics without a record: {', '.join(absent)}."


def _libraries(of_event: Sequence[Record], compared: list[Record], *, roads: bool) -> Iterator[str]:
    inside = {one.cell.index.name for one in compared}
    for name in sorted(set(adapters()) - inside):
        of_library = [one for one in of_event if one.cell.index.name == name]
        yield f"{name}: {_why_not(of_library)}."
    if roads:
        found = {one.cell.tracker.name for one in compared if one.cell.tracker}
        bounds = {name for name, one in trackers().items() if one.truth}
        absent = sorted(set(trackers()) - found - bounds)
        if absent:
            yield f"Trackers without a record that counts: {', '.join(absent)}."


def _why_not(records: list[Record]) -> str:
    if not records:
        return "no record"
    if any(one.status.outcome == "ok" for one in records):
        return "only some hits were queried, or other particles, threads or trackers measured"
    newest = max(records, key=lambda one: one.provenance.started)
    return in_one_line(str(newest.status)).rstrip(".")


def _others(
    records: Sequence[Record], of_event: Sequence[Record], asked: AskedEvent
) -> Iterator[str]:
    machines = {one.provenance.machine.name for one in records if one in asked}
    here = {one.provenance.machine.name for one in of_event}
    if machines - here:
        yield f"Other machines have records of it: {', '.join(sorted(machines - here))}."
    events = sorted({one.cell.event for one in records} - {asked.name})
    have = f" Records are there of {', '.join(events)}." if events else ""
    yield f"Other events, with other noise, pile-up or detector, may differ.{have}"
    devices = sorted({one.cell.device for one in of_event if one.status.outcome == "ok"})
    if devices == ["cpu"]:
        yield "Nothing was measured on a GPU."
