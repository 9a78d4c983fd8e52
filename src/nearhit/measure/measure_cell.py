"""Measures one cell: an index, a tracker, or the one after the other."""

import gc
from dataclasses import asdict, replace

from nearhit.data.event import Event
from nearhit.machine.hardware import MIB, forget_peak, peak_bytes
from nearhit.plugins.spec import WHOLE_EVENT, TrackerSpec
from nearhit.records.record import Pass
from nearhit.tracking.run import Stages, Tracked, track, whole_event

from .measure import Measurement, Task, measure


def measure_cell(task: Task, event: Event, empty_bytes: int, *, cold: bool) -> Measurement:
    """Run a pass that is kept apart, where it is the first of its kind, and then the repetitions.

    Args:
        task: what to run.
        event: without truth, but for a tracker that is an upper bound; no index is shown it.
        empty_bytes: memory of the process before it loaded any library.
        cold: whether this process has not yet run this library with this metric and tracker.

    Raises:
        SkippedError: a library is not installed, lacks the metric's distances, or the event lacks
            what the tracker needs.
    """
    if task.index == WHOLE_EVENT:
        gc.collect()
        forget_peak()
        found = Measurement("", None, (), (), 0.0, None)
    else:
        found = measure(task, event.without_truth(), empty_bytes, cold=cold)
    if task.tracker is None:
        return found
    tracking = _track(task, task.tracker, event, found, cold=cold)
    return replace(found, tracking=tracking, peak_memory_mb=(peak_bytes() - empty_bytes) / MIB)


def _track(
    task: Task, tracker: TrackerSpec, event: Event, found: Measurement, *, cold: bool
) -> Tracked:
    """Find tracks as often as buckets were found, and put the seconds of both together."""
    buckets = found.buckets or whole_event(event)
    searched = (found.cold, *found.warm) if cold else found.warm
    before = searched if found.buckets else (None,) * (task.repetitions + cold)
    passes = []
    for one in before:
        last = track(tracker, task.threads, task.seed, event, buckets, task.choices)
        passes.append(_stages_of(one) | last.stages)
    first = passes.pop(0) if cold else None
    return Tracked(first, tuple(passes), last)


def _stages_of(one: Pass | None) -> Stages:
    """Return the seconds of a pass of the index by stage; none where none was asked."""
    if one is None:
        return {}
    seconds = asdict(one)
    return {stage: seconds[f"{stage}_seconds"] for stage in ("project", "build", "query")}
