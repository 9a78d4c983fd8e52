"""Selection cuts of the passes, tuned on simulated events alone, see docs/tracking.md."""

from typing import NamedTuple


class Cuts(NamedTuple):
    """The cuts of one pass over an event.

    Attributes:
        beam_offset: mm, standard deviation of the transverse impact parameter.
        vertex_z: mm, largest |z| at which a doublet may point at the beam line.
        half_curvature: 1/mm, of a doublet with the beam line at most: `GEV_PER_CURVATURE` / 2 pT.
        n_sigma: standard deviations of a hit from the predicted position at most.
        thickness: radiation lengths of a layer, for multiple scattering.
        min_layers: hits, one a layer, of a track at least.
        max_holes: layers crossed without a hit at most.
        min_free: share of a candidate's hits that must be free in the ambiguity resolution.
        overlap_rphi, overlap_z: mm, and mm beyond the resolution, between two hits of a layer
            where modules overlap.
        overlap_path: mm along the track between the two.
        inward_offset, inward_slope: mm, and mm per mm of path, of a hit before the first one from
            the track at most.
    """

    beam_offset: float
    vertex_z: float
    half_curvature: float
    n_sigma: float
    thickness: float
    min_layers: int
    max_holes: int
    min_free: float
    overlap_rphi: float
    overlap_z: float
    overlap_path: float
    inward_offset: float
    inward_slope: float


PASSES = (
    Cuts(
        beam_offset=0.11,
        vertex_z=137.0,
        half_curvature=0.00116,
        n_sigma=5.1,
        thickness=0.0194,
        min_layers=9,
        max_holes=2,
        min_free=0.93,
        overlap_rphi=1.5,
        overlap_z=0.45,
        overlap_path=43.0,
        inward_offset=0.33,
        inward_slope=0.008,
    ),
    Cuts(
        beam_offset=0.38,
        vertex_z=162.0,
        half_curvature=0.0018,
        n_sigma=4.85,
        thickness=0.012,
        min_layers=7,
        max_holes=1,
        min_free=0.9,
        overlap_rphi=1.17,
        overlap_z=0.76,
        overlap_path=58.0,
        inward_offset=0.39,
        inward_slope=0.016,
    ),
    Cuts(
        beam_offset=1.56,
        vertex_z=214.0,
        half_curvature=0.002,
        n_sigma=6.1,
        thickness=0.0152,
        min_layers=4,
        max_holes=0,
        min_free=0.85,
        overlap_rphi=1.14,
        overlap_z=0.22,
        overlap_path=55.0,
        inward_offset=0.18,
        inward_slope=0.0067,
    ),
)
"""Straight tracks from the beam first, then curved ones, then the remaining ones."""
