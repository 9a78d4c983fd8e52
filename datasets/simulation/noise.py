"""Noise hits, spread over the modules."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import Modules
from nearhit.errors import BadInputError


def noise_hits(
    modules: Modules,
    hit_modules: NDArray[np.int64],
    share: float,
    spread: str,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return noise hits that make up a given share of all hits.

    Args:
        modules: modules of the detector.
        hit_modules: (n,) row of the module of each hit of a particle.
        share: noise hits / all hits, in [0, 1).
        spread: `module`, the same mean in every module; or `layer`, the same share in every layer.
        random: generator of random numbers.

    Returns:
        Rows of the modules (m,), and u, v (m, 2) on them in mm, uniform over each module.

    Raises:
        BadInputError: the spread is unknown.
    """
    if spread not in _SPREADS:
        raise BadInputError(f"There is no spread {spread!r} of noise; write {', '.join(_SPREADS)}.")
    rows = _SPREADS[spread](modules, hit_modules, share / (1 - share), random)
    return rows, _uniform_on(modules, rows, random)


def _alike_in_modules(
    modules: Modules, hit_modules: NDArray[np.int64], ratio: float, random: np.random.Generator
) -> NDArray[np.int64]:
    return random.integers(len(modules), size=round(len(hit_modules) * ratio))


def _alike_in_layers(
    modules: Modules, hit_modules: NDArray[np.int64], ratio: float, random: np.random.Generator
) -> NDArray[np.int64]:
    layers, layer_of_module = np.unique(
        np.stack((modules.volume, modules.layer)), axis=1, return_inverse=True
    )
    hits_per_layer = np.bincount(layer_of_module[hit_modules], minlength=layers.shape[1])
    wanted = np.rint(hits_per_layer * ratio).astype(int)
    return np.concatenate(
        [
            random.choice(np.flatnonzero(layer_of_module == layer), count)
            for layer, count in enumerate(wanted)
        ]
    )


_Spread = Callable[[Modules, NDArray[np.int64], float, np.random.Generator], NDArray[np.int64]]
_SPREADS: dict[str, _Spread] = {"module": _alike_in_modules, "layer": _alike_in_layers}


def _uniform_on(
    modules: Modules, rows: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.float64]:
    """Return uniform points u, v (n, 2) on rectangles and trapezoids.

    The half width w(v) is linear in v, and its density is proportional to w, so w² is uniform.
    """
    below, above = modules.half_widths[rows].T
    draw = random.random(len(rows))
    width = np.sqrt(below**2 + draw * (above**2 - below**2))
    slope = above - below
    height = np.divide(width - below, slope, where=slope > 0, out=draw) * 2 - 1
    across = random.uniform(-1, 1, len(rows)) * width
    return np.column_stack((across, height * modules.half_height[rows]))
