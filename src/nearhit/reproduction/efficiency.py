"""Figures of what buckets hold: noise, filtering, efficiency, ceilings."""

from collections.abc import Iterator

from . import draw
from .buckets import NO_NOISE
from .figure import Line, SourceFigure
from .published import (
    CEILING_1_GEV,
    CEILING_ANY_PT,
    CEILINGS,
    EFFICIENCY,
    EXPECTED,
    LEARNED_EFFICIENCY,
    LEARNED_FAKES,
    MEAN_SIZE,
    NOISE_SHARE,
    PAPER,
    PHI_ETA_WITHIN,
    PT_CUTS,
    RAW_EFFICIENCY,
    SCORE_AT_MOST,
    SEMINAR,
)
from .take import difference, figure, noise, score
from .wanted import Wanted

_EVENTS = {0.0: NO_NOISE, 0.5: "ttbar-mu200(noise_share=0.5)"}
_SIMULATED = "the event is simulated, not one of TrackML's"


NOISE = SourceFigure(
    "noise",
    "Hits of particles with fewer than 4 hits",
    SEMINAR,
    "in part",
    "simulated events, to which noise was added, in place of TrackML's and the ITk's",
    lines=(
        Line(
            "TrackML; measured: the event asked for",
            (Wanted(),),
            noise,
            NOISE_SHARE["TrackML"],
            form=".3f",
            published_as=f"about {NOISE_SHARE['TrackML']:.2f}",
        ),
        Line(
            "ITk; measured: itk-noise",
            (Wanted(event="itk-noise"),),
            noise,
            NOISE_SHARE["ITk"],
            form=".3f",
            published_as=f"about {NOISE_SHARE['ITk']:.2f}",
        ),
    ),
)


def _filtered() -> Iterator[Line]:
    for queries, buckets in ((None, "all buckets"), (10_000, "10,000 buckets at random")):
        for seed in range(1, 11):
            yield Line(
                f"ttbar-mu200@{seed}, {buckets}: efficiency",
                (Wanted(queries=queries, event=f"ttbar-mu200@{seed}"),),
                figure("particle_efficiency"),
                form=".4f",
                series=buckets,
                at=seed,
            )


FILTERING = SourceFigure(
    "bucket-filtering",
    "Efficiency with fewer buckets, over 10 events",
    SEMINAR,
    "no",
    "the source's filter and numbers are not at hand: buckets are left out at random; choices that "
    "know the detector are measured by `nearhit chains`",
    lines=tuple(_filtered()),
    draw=draw.distributions("particle efficiency of an event"),
)

LEARNED = SourceFigure(
    "learned-metric",
    "Efficiency and fakes of buckets in a learned metric",
    PAPER,
    "–",
    later="needs a learned metric, which comes later.",
    says=f"efficiency {LEARNED_EFFICIENCY:.0%}, fake rate {LEARNED_FAKES:.0%}",
)

JETS = SourceFigure(
    "jets",
    "Figures of jets",
    SEMINAR,
    "–",
    later="needs jets, which nearhit's events do not name; they come later.",
)


def _table() -> Iterator[Line]:
    for (share, size), published in EFFICIENCY.items():
        series = f"noise {share:.0%}, k={size}"
        for cut, number in zip(PT_CUTS, published, strict=True):
            wanted = Wanted("sphere-grid", size, min_pt=cut, event=_EVENTS[share])
            what = f"{series}, " + (f"pT > {cut:g} GeV" if cut else "any pT")
            take = figure("particle_efficiency")
            yield Line(what, (wanted,), take, number, "", ".3f", series=series, at=cut)
    for (share, size), mean in MEAN_SIZE.items():
        wanted = Wanted("sphere-grid", size, event=_EVENTS[share])
        what = f"noise {share:.0%}, k={size}, mean leading size"
        yield Line(what, (wanted,), figure("leading_particle_size"), mean, "hits", ".2f")


_EXACT = {name: Wanted("scipy-kdtree", metric=name, event=NO_NOISE) for name in
          ("angular", "phi-eta", "euclidean")}  # fmt: skip

EFFICIENCIES = SourceFigure(
    "efficiency-table",
    "Particle efficiency by noise, k and pT",
    EXPECTED,
    "in part",
    f"{_SIMULATED}: its vertices spread by 55 mm along the beam, and the table's seem not to (with "
    "vertex_spread=1.0 and nuclear=False all particles of more than 2 GeV are found at k = 50); "
    "secondaries are found less; noise is added per module; nearhit's cut is pT ≥, the table's >",
    lines=(
        *_table(),
        Line(
            "no noise, k=50, any pT: (cos φ, sin φ, η) from angular",
            (_EXACT["phi-eta"], _EXACT["angular"]),
            difference(figure("particle_efficiency")),
            PHI_ETA_WITHIN,
            "",
            ".4f",
            published_as=f"within {PHI_ETA_WITHIN:g}",
        ),
        Line(
            "no noise, k=50, any pT: euclidean on raw x, y, z",
            (_EXACT["euclidean"],),
            figure("particle_efficiency"),
            RAW_EFFICIENCY,
            "",
            ".4f",
        ),
    ),
    draw=draw.curves("smallest pT in GeV", "particle efficiency"),
)


def _ceilings() -> Iterator[Line]:
    for what, published, take, more in (
        ("TrackML score at most", SCORE_AT_MOST, score("trackml_score"), {"tracker": "oracle"}),
        ("≥ 80 %, any pT", CEILING_ANY_PT, figure("particle_efficiency"), {}),
        ("≥ 80 %, pT > 1 GeV", CEILING_1_GEV, figure("particle_efficiency"), {"min_pt": 1.0}),
    ):
        for size, number in published.items():
            wanted = Wanted("sphere-grid", size, event=NO_NOISE, **more)
            yield Line(
                f"{what}, k={size}", (wanted,), take, number, "", ".3f", series=what, at=size
            )


CEILING = SourceFigure(
    "ceilings",
    "What single buckets can hold",
    CEILINGS,
    "in part",
    "the same kind of event from another simulation and seed; nearhit's has nuclear interactions "
    "and clusters of cells",
    lines=tuple(_ceilings()),
    draw=draw.curves("hits a bucket", "score, efficiency", logarithmic=True, plain_y=True),
    note="Tracking inside is perfect: the tracker `oracle`.",
)
