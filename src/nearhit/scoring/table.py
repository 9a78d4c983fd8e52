"""Track scores, one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from .clusters import cluster_efficiency, cluster_purity, hits_on_track
from .kinematics import particle_eta, particle_pt, particle_vertex_radius
from .matching import MATCHINGS, Mask, Matching
from .scored import Scored
from .scores import efficiency, found_particles, track_kinds, trackml_score

Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Score:
    """One track score.

    Attributes:
        name: its key in records.
        unit: 1 for a share.
        better: the direction in which tracks are better.
        formula: the definition in one line.
        value: computes it; NaN where it is undefined.
    """

    name: str
    unit: str
    better: Better
    formula: str
    value: Callable[[Scored], float]


def central(scored: Scored) -> Mask:
    """Return a mask (p,) of trackable particles with pT ≥ 1 GeV and |η| < 2.5."""
    hard = (particle_pt(scored) >= 1.0) & (abs(particle_eta(scored)) < 2.5)  # noqa: PLR2004 - see above
    selected: Mask = scored.labels.trackable & hard
    return selected


def central_prompt(scored: Scored) -> Mask:
    """Return a mask (p,) of `central` particles produced within 30 mm of the beam line."""
    selected: Mask = central(scored) & (particle_vertex_radius(scored) < 30.0)  # noqa: PLR2004 - see above
    return selected


def _efficiency_of(selection: Callable[[Scored], Mask], scored: Scored) -> float:
    selected = selection(scored)
    found = found_particles(scored.pairs, scored.labels, MATCHINGS["double_majority"])
    return float(found[selected].mean()) if selected.any() else float("nan")


def _efficiency_under(matching: Matching, scored: Scored) -> float:
    return efficiency(scored.pairs, scored.labels, matching)


def _share_of(kind: str, scored: Scored) -> float:
    tracks = getattr(track_kinds(scored.pairs), kind)
    return float(tracks.mean()) if tracks.size else float("nan")


_KINDS = (
    ("fake_share", "fakes", "share of tracks that no particle left more than half of"),
    (
        "fragment_share",
        "fragments",
        "share of tracks that one particle left more than half of and that hold half of it at most",
    ),
    (
        "duplicate_share",
        "duplicates",
        "share of tracks that one particle left more than half of, which has a better track",
    ),
)

_ROWS = (
    Score(
        "trackml_score",
        "1",
        "higher",
        "weight of the hits of particles on tracks that match them by double majority",
        lambda scored: trackml_score(scored.pairs),
    ),
    Score("hits_on_track", "hits", "higher", "mean hits of a track", hits_on_track),
    Score(
        "cluster_efficiency",
        "1",
        "higher",
        "mean over tracks of the share of their leading particle that they hold",
        cluster_efficiency,
    ),
    Score(
        "cluster_purity",
        "1",
        "higher",
        "mean over tracks of the share of their hits that the leading particle left",
        cluster_purity,
    ),
    Score(
        "central_efficiency",
        "1",
        "higher",
        "double_majority efficiency of trackable particles of pT ≥ 1 GeV and |η| < 2.5",
        partial(_efficiency_of, central),
    ),
    Score(
        "central_prompt_efficiency",
        "1",
        "higher",
        "the same of those made within 30 mm of the beam line",
        partial(_efficiency_of, central_prompt),
    ),
    *(
        Score(
            f"{name}_efficiency",
            "1",
            "higher",
            f"share of trackable particles that are found; {matching.meaning}",
            partial(_efficiency_under, matching),
        )
        for name, matching in MATCHINGS.items()
    ),
    *(
        Score(name, "1", "lower", formula, partial(_share_of, kind))
        for name, kind, formula in _KINDS
    ),
)

SCORES = {score.name: score for score in _ROWS}
"""All scores by name."""
