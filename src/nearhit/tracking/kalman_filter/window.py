"""Windows of cells: the hits of a layer near a position."""

from math import floor, pi

from nearhit.machine.kernels import inlined

from .layers import PHI_BINS

_FAR = 1e6
_BINS_PER_RADIAN = PHI_BINS / (2 * pi)


@inlined()
def window(layers, layer, measured, reach, phi, phi_reach):
    """Return begin and end of the rows of cells within reach, begin and end in phi, and the parts.

    A window across phi = ±π has two parts in each row, any other has one.

    Args:
        layers: of the event.
        layer: the row of one of them.
        measured: mm, the coordinate that the layer measures.
        reach: mm along it.
        phi: radians.
        phi_reach: radians.
    """
    if not (abs(measured) + reach < _FAR and abs(phi) + phi_reach < _FAR):  # or not a number
        return 0, 0, 0, 0, 0
    width, low = layers.width[layer], layers.low[layer]
    begin = max(floor((measured - reach - low) / width), 0)
    end = min(floor((measured + reach - low) / width) + 1, layers.bins[layer])
    phi_begin = floor((phi - phi_reach + pi) * _BINS_PER_RADIAN)
    phi_end = floor((phi + phi_reach + pi) * _BINS_PER_RADIAN) + 1
    if phi_begin < 0:
        phi_begin, phi_end = phi_begin + PHI_BINS, phi_end + PHI_BINS
    phi_end = min(phi_end, phi_begin + PHI_BINS)
    return begin, end, phi_begin, phi_end, 2 if phi_end > PHI_BINS else 1


@inlined()
def span(hits, layers, layer, row, phi_begin, phi_end, part):
    """Return the hits, from the first to before the last, in a part of a row of a window."""
    cell = layers.first_cell[layer] + row * PHI_BINS
    if part == 0:
        return hits.starts[cell + phi_begin], hits.starts[cell + min(phi_end, PHI_BINS)]
    return hits.starts[cell], hits.starts[cell + phi_end - PHI_BINS]
