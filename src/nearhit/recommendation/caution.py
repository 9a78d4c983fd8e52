"""Limits of an answer: what is doubtful of it, and what was not measured."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from nearhit.cells.status import in_one_line
from nearhit.cells.words import trackable_in_words
from nearhit.machine.provenance import commit
from nearhit.plugins.registry import adapters, installed_version, metrics, trackers
from nearhit.quality import Trackable
from nearhit.records.record import Record
from nearhit.records.row import Row
from nearhit.records.select import AskedEvent
from nearhit.report.certificates import Broken, library_key

from .choice import Choice
from .demands import Demands


def cautions(choice: Choice, demands: Demands, broken: Broken) -> list[str]:
    """Return what is doubtful of the answer itself, a sentence each."""
    if choice.best is None:
        return []
    told = [*_of_time(choice.best, choice.runner_up, demands), *_of_age(choice.best, broken)]
    commits = {row.commit for row in choice.candidates}
    if len(commits) > 1:
        told.append(f"The records compared are of {len(commits)} commits of nearhit.")
    return told


def _of_time(best: Row, other: Row | None, demands: Demands) -> Iterator[str]:
    slowest = best.seconds_per_event_max or 0.0
    if demands.max_seconds and slowest > demands.max_seconds:
        yield f"Its slowest pass took {slowest:.3g} s, more than was asked for."
    if best.repetitions == 1:
        yield "It was measured in one pass: nothing is known of its spread."
    if best.disturbed:
        yield "Other processes disturbed a round while it was measured: its times are too long."
    elif best.load > best.cores:
        load = f"load {best.load:.1f} on {best.cores} cores"
        yield f"The machine was busy when it was measured: {load}."
    if other and (other.seconds_per_event_min or 0.0) <= slowest:
        yield "The passes of both overlap in time: which is faster is not certain."


def _of_age(best: Row, broken: Broken) -> Iterator[str]:
    if best.commit != commit():
        yield f"It was measured at commit {best.commit} of nearhit, which is {commit()} now."
    known = adapters().get(best.library)
    if known is None or best.tracker is not None:
        return
    installed, measured = installed_version(known), best.library_version
    if installed and installed != measured:
        yield f"It was measured with {known.package} {measured}; {installed} is installed."
    if library_key(best) not in broken:
        yield f"No certificate says how it behaves: nearhit certify {best.library}"


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
    ok = [one for one in of_event if one.status.outcome == "ok"]
    compared = [row for choice in choices for row in choice.candidates]
    found = {row.library for row in compared} | {row.tracker_name or "" for row in compared}
    wanted = "pipeline" in {choice.question.what for choice in choices}
    return [
        *(
            line
            for one in choices
            if not one.candidates
            for line in _nothing(one, ok, asked, demands)
        ),
        *_cuts(ok, demands),
        *_sizes(compared),
        *_metrics(ok),
        *(f"{name}: {_why_not(name, of_event)}." for name in sorted(set(adapters()) - found)),
        *(_trackers(found) if wanted else ()),
        *_others(records, of_event, asked),
    ]


def _nothing(
    choice: Choice, ok: Sequence[Record], asked: AskedEvent, demands: Demands
) -> Iterator[str]:
    """Yield what would have to be measured where there is nothing to compare."""
    wanted, what = demands.trackable, choice.question.what
    suite = " --suite tracking" if what == "pipeline" else ""
    cuts = ""
    if wanted != Trackable():
        cuts = f" --min-pt {wanted.min_pt:g} --min-hits {wanted.min_hits} --min-share "
        cuts += str(wanted.min_share)
    threads = f" on {demands.threads} threads" if demands.threads else ""
    yield (
        f"No {what} was measured whole{threads} for particles of {trackable_in_words(wanted)}. "
        f"Measure it: nearhit run {asked.source}{suite}{cuts}"
    )
    counts = sorted({one.cell.threads for one in ok})
    if demands.threads and counts:
        yield f"Threads with records: {', '.join(map(str, counts))}."


def _cuts(ok: Sequence[Record], demands: Demands) -> Iterator[str]:
    others = {one.cell.trackable for one in ok} - {demands.trackable}
    have = sorted(map(trackable_in_words, others))
    told = f"; {len(have)} were recorded: {'; '.join(have)}" if have else "; none was recorded"
    yield f"Other cuts on particles, such as on pT, were not looked at{told}."


def _sizes(compared: Sequence[Row]) -> Iterator[str]:
    sizes: dict[str, set[int]] = defaultdict(set)
    for row in compared:
        if not row.cell.takes_whole_event:
            sizes[row.metric].add(row.bucket_size)
    told = "; ".join(
        f"{metric} {', '.join(map(str, sorted(found)))}" for metric, found in sorted(sizes.items())
    )
    if told:
        yield f"Bucket sizes that were compared: {told} hits. Others were not."


def _metrics(ok: Sequence[Record]) -> Iterator[str]:
    measured = {one.cell.metric for one in ok}
    absent = [name for name, one in metrics().items() if one.physical and name not in measured]
    if absent:
        yield f"Metrics without a record: {', '.join(absent)}."


def _trackers(found: Collection[str]) -> Iterator[str]:
    known = sorted(name for name, one in trackers().items() if not one.truth)
    if absent := [name for name in known if name not in found]:
        yield f"Trackers without a record that counts: {', '.join(absent)}."


def _why_not(library: str, of_event: Sequence[Record]) -> str:
    records = [one for one in of_event if one.cell.index.name == library]
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
    if {one.cell.device for one in of_event if one.status.outcome == "ok"} == {"cpu"}:
        yield "Nothing was measured on a GPU."
