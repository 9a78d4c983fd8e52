"""A batch for libraries that have no batch call of their own: threads over chunks of queries."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHUNKS_PER_THREAD = 8  # so that a thread with easy queries takes over from one with hard ones

Rows = NDArray[np.integer[Any]]


def query_in_threads(
    query: Callable[[NDArray[np.float32]], Rows], points: NDArray[np.float32], threads: int
) -> Rows:
    """Return what `query` answers to chunks of points, in order, asked from several threads.

    Args:
        query: takes (m, d) points, returns (m, k) rows; must release the GIL to gain anything.
        points: (q, d).
        threads: how many ask at a time.
    """
    if threads == 1:
        return query(points)
    chunks = np.array_split(points, min(len(points), _CHUNKS_PER_THREAD * threads))
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(query, chunks)))
