"""Detector layers, and the hits of an event sorted into them."""

from math import pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event
from nearhit.machine.kernels import kernel

from .navigation import layers_after, layers_before
from .trackml_layers import resolution_of

PHI_BINS = 256
_HITS_A_CELL = 1.0
_MARGIN = 1e-3  # mm, so that the outermost hit lies inside

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Layers(NamedTuple):
    """The layers that an event has hits in, as (l,) arrays.

    A barrel layer is a cylinder that measures z, any other is a disc that measures r; `low` and
    `high` bound that coordinate, which cells divide evenly.

    Attributes:
        barrel: whether it is a cylinder.
        place: mm, its radius, or its z.
        depth: mm, half the distance between its nearest and its farthest hit.
        low, high: mm, where its hits begin and end.
        bins: how many cells divide that.
        width: mm, of a cell.
        first_cell: the number of its first cell.
        rphi_resolution, z_resolution: mm; of a disc the latter is that of r.
        after: int (l, bins, candidates), layers that a straight track from the beam line may cross
            next, in order of distance, padded with -1.
        before: int (l, candidates), layers that it may have crossed before, the nearest first.
    """

    barrel: NDArray[np.bool_]
    place: Floats
    depth: Floats
    low: Floats
    high: Floats
    bins: Integers
    width: Floats
    first_cell: Integers
    rphi_resolution: Floats
    z_resolution: Floats
    after: Integers
    before: Integers


class LayerHits(NamedTuple):
    """Hits in order of layer and cell.

    Attributes:
        x, y, z, r, phi: float64 (n,), mm and radians.
        layer: int64 (n,), the row in `Layers`.
        module: int32 (n,).
        starts: int64 (cells + 1,), where each cell's hits begin.
        of_layer: int64 (l + 1,), where each layer's hits begin.
        row: int64 (n,), the row of each in the event.
    """

    x: Floats
    y: Floats
    z: Floats
    r: Floats
    phi: Floats
    layer: Integers
    module: NDArray[np.int32]
    starts: Integers
    of_layer: Integers
    row: Integers


def lay_out(event: Event) -> tuple[list[tuple[int, int]], Layers, LayerHits]:
    """Return the (volume, layer) of every layer with hits, the layers, and the hits in them.

    Raises:
        SkippedError: the resolution of a volume is not known.
    """
    hits = event.hits
    numbers, layer = np.unique(_LAYERS * hits.volume + hits.layer, return_inverse=True)
    names = [(int(number) // _LAYERS, int(number) % _LAYERS) for number in numbers]
    resolution = np.array([resolution_of(volume) for volume, _ in names]).reshape(-1, 2)
    x, y, z = (column.astype(np.float64) for column in (hits.x, hits.y, hits.z))
    r, phi = np.hypot(x, y), np.arctan2(y, x)
    layers = _layers(r, z, layer, resolution)
    cell, cells = _cells(r, z, phi, layer, layers)
    row, starts = _sorted_by_cell(cell, cells)
    sorted_hits = LayerHits(
        x=x[row],
        y=y[row],
        z=z[row],
        r=r[row],
        phi=phi[row],
        layer=layer[row],
        module=hits.module[row],
        starts=starts,
        of_layer=starts[np.append(layers.first_cell, cells)],
        row=row,
    )
    return names, layers, sorted_hits


_LAYERS = 1000
"""More than a volume has."""


def _layers(r: Floats, z: Floats, layer: Integers, resolution: Floats) -> Layers:
    """Return the layers as the hits at r and z show them."""
    r_low, r_high = _bounds(r, layer, len(resolution))
    z_low, z_high = _bounds(z, layer, len(resolution))
    barrel = z_high - z_low > r_high - r_low
    low = np.where(barrel, z_low, r_low) - _MARGIN
    high = np.where(barrel, z_high, r_high) + _MARGIN
    near, far = np.where(barrel, r_low, z_low), np.where(barrel, r_high, z_high)
    place, depth = (near + far) / 2, (far - near) / 2
    counts = np.bincount(layer, minlength=len(resolution))
    bins = np.maximum(counts / (PHI_BINS * _HITS_A_CELL), 1).astype(np.int64)
    after = layers_after(barrel, place, low, high)
    return Layers(
        barrel=barrel,
        place=place,
        depth=depth,
        low=low,
        high=high,
        bins=bins,
        width=(high - low) / bins,
        first_cell=np.cumsum(bins * PHI_BINS) - bins * PHI_BINS,
        rphi_resolution=np.ascontiguousarray(resolution[:, 0]),
        z_resolution=np.ascontiguousarray(resolution[:, 1]),
        after=after,
        before=layers_before(after, barrel, place),
    )


def _bounds(values: Floats, layer: Integers, n_layers: int) -> tuple[Floats, Floats]:
    low, high = np.full(n_layers, np.inf), np.full(n_layers, -np.inf)
    np.minimum.at(low, layer, values)
    np.maximum.at(high, layer, values)
    return low, high


def _cells(
    r: Floats, z: Floats, phi: Floats, layer: Integers, layers: Layers
) -> tuple[Integers, int]:
    """Return the cell of each hit and how many cells there are."""
    measured = np.where(layers.barrel[layer], z, r)
    bins = ((measured - layers.low[layer]) / layers.width[layer]).astype(np.int64)
    bins = np.minimum(bins, layers.bins[layer] - 1)
    phi_bins = np.minimum(((phi + pi) * (PHI_BINS / (2 * pi))).astype(np.int64), PHI_BINS - 1)
    cell: Integers = layers.first_cell[layer] + bins * PHI_BINS + phi_bins
    return cell, int(layers.bins.sum()) * PHI_BINS


@kernel()
def _sorted_by_cell(cell, cells):
    """Return the rows in order of cell, and where each cell begins (counting sort)."""
    starts = np.zeros(cells + 1, np.int64)
    for one in cell:
        starts[one + 1] += 1
    starts = np.cumsum(starts)
    place = starts.copy()
    order = np.empty(len(cell), np.int64)
    for row in range(len(cell)):
        order[place[cell[row]]] = row
        place[cell[row]] += 1
    return order, starts
