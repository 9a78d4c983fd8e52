"""Turn with slower libraries and trackers: `slowed_turn.py SHARE JOB`, run by measure.py.

It is `nearhit.compare.turn` with every call of an adapter or a tracker followed by a busy loop for
a share of the processor time of the call.
"""

import functools
import json
import runpy
import sys
from pathlib import Path
from time import process_time_ns

from nearhit import compare
from nearhit.plugins.registry import adapters, trackers


def slowed(method, share):
    """Return the method with its processor time raised by a share."""

    @functools.wraps(method)
    def slower(*arguments):
        began = process_time_ns()
        found = method(*arguments)
        until = process_time_ns() + share * (process_time_ns() - began)
        while process_time_ns() < until:
            pass
        return found

    return slower


def slow_down(share):
    """Slow every measured call of every adapter and tracker."""
    for adapter in adapters().values():
        adapter.build, adapter.query = slowed(adapter.build, share), slowed(adapter.query, share)
    for tracker in trackers().values():
        tracker.find = slowed(tracker.find, share)


if __name__ == "__main__":
    slow_down(float(sys.argv[1]))
    turn = runpy.run_path(str(Path(compare.__file__).with_name("turn.py")))
    turn["run"](json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
