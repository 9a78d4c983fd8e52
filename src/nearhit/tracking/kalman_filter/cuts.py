"""What a search lets pass: tuned on simulated events alone, see docs/tracking.md."""

from typing import NamedTuple


class Cuts(NamedTuple):
    """The cuts of one pass over an event.

    Attributes:
        beam_offset: mm, the spread of tracks about the beam line, across.
        vertex_z: mm, how far from the origin a pair of hits may point at the beam line.
        half_curvature: 1/mm, of a pair with the beam line at most: `GEV_PER_CURVATURE` over 2 pT.
        deviations: standard deviations that a hit may lie from where the track is expected.
        thickness: radiation lengths of a layer, which make tracks scatter.
        layers: layers in which a track must have hits at least.
        holes: layers that it may cross without a hit.
        free: share of a track's hits that no better track may have taken.
        overlap_across, overlap_along: mm, and mm beyond the resolution, from a hit to another of
            the same layer, where modules overlap.
        overlap_path: mm along the track from the one to the other.
        inward_offset, inward_slope: mm, and mm per mm of path, that a hit before the first one may
            lie from where the track comes from.
    """

    beam_offset: float
    vertex_z: float
    half_curvature: float
    deviations: float
    thickness: float
    layers: int
    holes: int
    free: float
    overlap_across: float
    overlap_along: float
    overlap_path: float
    inward_offset: float
    inward_slope: float


PASSES = (
    Cuts(
        beam_offset=0.11,
        vertex_z=137.0,
        half_curvature=0.00116,
        deviations=5.1,
        thickness=0.0194,
        layers=9,
        holes=2,
        free=0.93,
        overlap_across=1.5,
        overlap_along=0.45,
        overlap_path=43.0,
        inward_offset=0.33,
        inward_slope=0.008,
    ),
    Cuts(
        beam_offset=0.38,
        vertex_z=162.0,
        half_curvature=0.0018,
        deviations=4.85,
        thickness=0.012,
        layers=7,
        holes=1,
        free=0.9,
        overlap_across=1.17,
        overlap_along=0.76,
        overlap_path=58.0,
        inward_offset=0.39,
        inward_slope=0.016,
    ),
    Cuts(
        beam_offset=1.56,
        vertex_z=214.0,
        half_curvature=0.002,
        deviations=6.1,
        thickness=0.0152,
        layers=4,
        holes=0,
        free=0.85,
        overlap_across=1.14,
        overlap_along=0.22,
        overlap_path=55.0,
        inward_offset=0.18,
        inward_slope=0.0067,
    ),
)
"""Straight tracks from the beam first, then curved ones, then what is left over."""
