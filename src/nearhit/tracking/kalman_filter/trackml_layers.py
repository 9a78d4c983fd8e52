"""Resolutions of the TrackML detector, and the layers in which tracks start."""

from nearhit.errors import SkippedError

RESOLUTION = {
    **dict.fromkeys((7, 8, 9), (0.02, 0.03)),
    **dict.fromkeys((12, 13, 14), (0.03, 0.4)),
    **dict.fromkeys((16, 17, 18), (0.05, 3.3)),
}
"""r-phi and z resolution (of discs r) by volume, mm.

The sizes of the challenge's pixels (50 × 56 µm), short strips (80 µm × 1.2 mm) and long strips
(120 µm × 10.8 mm) over √12, rounded up.
"""

START_LAYERS = (
    ((8, 2), (8, 4)),
    ((8, 2), (7, 14)),
    ((8, 2), (9, 2)),
    ((7, 14), (7, 12)),
    ((9, 2), (9, 4)),
    ((7, 12), (7, 10)),
    ((8, 4), (8, 6)),
    ((7, 10), (7, 8)),
    ((9, 4), (9, 6)),
    ((9, 6), (9, 8)),
    ((7, 8), (7, 6)),
    ((9, 8), (9, 10)),
)
"""Pairs of (volume, layer) that hold the first doublet of nearly all particles.

The first eleven hold 97 % of the weight of simulated top pairs with 200 collisions; a particle that
misses one pair starts in another, and `inward` finds the hits before.
"""


def resolution_of(volume: int) -> tuple[float, float]:
    """Return the resolution of a volume.

    Raises:
        SkippedError: the detector has no such volume.
    """
    if volume not in RESOLUTION:
        raise SkippedError(
            f"what volume {volume} measures is not known: tracks are followed through volumes "
            f"{', '.join(map(str, RESOLUTION))} of the TrackML detector"
        )
    return RESOLUTION[volume]
