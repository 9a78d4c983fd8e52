"""Read-out channels of a module that a straight path through its silicon crosses."""

import numpy as np
from numba import njit
from numpy.typing import NDArray


def cross_channels(
    entry: NDArray[np.float64],
    way: NDArray[np.float64],
    pitch: NDArray[np.float64],
    channels: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return the channels on each path, in the order of the paths and along them.

    Args:
        entry: (n, 2), entry point of each path, mm from the corner of channel 0, 0.
        way: (n, 3), vector from the entry to the exit point: along u, along v, across, mm.
        pitch: (n, 2), pitch of the channels along u and v, mm.
        channels: (n, 2), number of channels along u and v; path outside them is dropped.

    Returns:
        The row of the path (c,), the channel along u and v (c, 2), and the length in it (c,), mm.
    """
    first = entry / pitch
    change = way[:, :2] / pitch
    steps = np.abs(np.floor(first + change) - np.floor(first)).astype(np.int64).sum(axis=1) + 1
    starts = np.concatenate(([0], np.cumsum(steps)))
    rows = np.repeat(np.arange(len(entry)), steps)
    length = np.linalg.norm(way, axis=1)
    channel, crossed = _walk(first, change, length, starts)
    inside = (channel >= 0).all(axis=1) & (channel < channels[rows]).all(axis=1) & (crossed > 0)
    return rows[inside], channel[inside], crossed[inside]


@njit(cache=True)
def _walk(first, change, length, starts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - numba
    """Step from channel border to channel border; slots of each path begin at `starts`."""
    channel = np.empty((starts[-1], 2), np.int32)
    crossed = np.zeros(starts[-1])
    for row in range(len(first)):
        u, v = first[row]
        at_u, at_v = int(np.floor(u)), int(np.floor(v))
        step_u, step_v = (1 if change[row, 0] > 0 else -1), (1 if change[row, 1] > 0 else -1)
        # Positions of the next borders along the path, from 0 to 1, and the distances between them.
        gap_u = 1 / abs(change[row, 0]) if change[row, 0] != 0 else np.inf
        gap_v = 1 / abs(change[row, 1]) if change[row, 1] != 0 else np.inf
        next_u = (at_u + 1 - u if step_u > 0 else u - at_u) * gap_u if gap_u < np.inf else np.inf
        next_v = (at_v + 1 - v if step_v > 0 else v - at_v) * gap_v if gap_v < np.inf else np.inf
        done = 0.0
        for slot in range(starts[row], starts[row + 1]):
            channel[slot, 0], channel[slot, 1] = at_u, at_v
            last = slot + 1 == starts[row + 1]
            here = 1.0 if last else min(next_u, next_v, 1.0)
            crossed[slot] = (here - done) * length[row]
            done = here
            if next_u < next_v:
                at_u, next_u = at_u + step_u, next_u + gap_u
            else:
                at_v, next_v = at_v + step_v, next_v + gap_v
    return channel, crossed
