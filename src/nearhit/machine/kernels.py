"""Compiled functions that call each other: compiled once, kept on disk, and never out of date."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numba

kernel: Callable[..., Any] = partial(numba.njit, cache=True, error_model="numpy", nogil=True)
"""Compile a function; dividing by zero gives infinity, as in NumPy, without a test each time."""

inlined: Callable[..., Any] = partial(kernel, inline="always")
"""Compile a function into those that call it, which spares it being handed all their arrays."""


_SHARES_PER_THREAD = 8  # so that threads with cheap shares take over from those with expensive ones


def share_out(work: Callable[[int, int], None], n: int) -> None:
    """Call `work(begin, end)` for shares of range(n), in the threads that numba may use.

    Around a large kernel this spares the compilation of a parallel loop, in which numba compiles
    the kernel three times over.
    """
    threads = numba.get_num_threads()
    if threads == 1:
        work(0, n)
        return
    shares = threads * _SHARES_PER_THREAD
    edges = [n * share // shares for share in range(shares + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


def forget_stale_kernels(folder: Path, *used: ModuleType) -> None:
    """Remove what was compiled in a folder before a file of it, or a module used there, changed.

    numba looks at the file of a function alone, not at the files of those that were compiled into
    it.
    """
    sources = [*folder.glob("*.py"), *(Path(str(module.__file__)) for module in used)]
    changed = max(source.stat().st_mtime for source in sources)
    for compiled in (folder / "__pycache__").glob("*.nbi"):
        with suppress(FileNotFoundError):  # another process has removed it
            if compiled.stat().st_mtime < changed:
                compiled.unlink()
