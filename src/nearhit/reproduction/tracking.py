"""Figures of tracking in buckets."""

from collections.abc import Iterator

from . import draw
from .figure import Line, SourceFigure
from .published import (
    ACCURACY,
    ATLAS_BUCKETS,
    ATLAS_MILLISECONDS,
    ATLAS_SECONDS,
    BUCKET_PAIRS,
    FULL_PAIRS,
    LEAST_CLUSTER,
    SEMINAR,
    THROUGHPUT,
    WINNERS,
)
from .take import (
    bucket_milliseconds,
    bucket_pairs,
    clusters_at_least,
    efficiency_between,
    event_pairs,
    event_seconds,
    hits_per_track,
    n_tracks,
    score,
    seconds_of_buckets,
)
from .wanted import Wanted

_SCORE, _EFFICIENCY = score("trackml_score"), score("double_majority_efficiency")

_FULL = Wanted.road("agglomerative", repetitions=1, may_fail=True)
_PROXY = Wanted.road("agglomerative in 50 of sphere-grid around 10000", repetitions=1)
_DENSITY = Wanted.road("dbscan", repetitions=1)

PROXY = SourceFigure(
    "clustering-proxy",
    "Clustering as a proxy of tracking: the full event against buckets",
    SEMINAR,
    "in part",
    "the same algorithm, scikit-learn's; another event and hardware",
    lines=(
        Line(
            "pairs, full event",
            (Wanted(),),
            event_pairs,
            FULL_PAIRS,
            form=".2e",
            published_as="10¹⁰",
            takes_any=True,
        ),
        Line(
            "pairs, 10,000 buckets of 50",
            (_PROXY,),
            bucket_pairs,
            BUCKET_PAIRS,
            form=".2e",
            published_as="2.5·10⁷",
        ),
        Line("agglomerative, full event", (_FULL,), event_seconds, unit="s"),
        Line("agglomerative, 10,000 buckets of 50", (_PROXY,), event_seconds, unit="s"),
        Line("dbscan, full event, which compares near pairs alone", (_DENSITY,), event_seconds,
             unit="s"),
        Line("agglomerative, 10,000 buckets of 50: TrackML score", (_PROXY,), _SCORE, form=".3f"),
        Line("dbscan, full event: TrackML score", (_DENSITY,), _SCORE, form=".3f"),
    ),
    note="Agglomerative clustering of a full event keeps all its pairs in memory; where that is "
    "more than a cell may take, its line says so.",
)  # fmt: skip

_INSIDE = {
    "ACTS": Wanted.road("acts in 50 of sphere-grid around 1000", repetitions=1),
    "helix": Wanted.road("helix in 50 of sphere-grid"),
}

ATLAS = SourceFigure(
    "reconstruction-in-bucket",
    "Reconstruction inside one bucket",
    SEMINAR,
    "no",
    "ACTS' standard chain and nearhit's `helix` in place of ATLAS' reconstruction; another "
    "detector, event and hardware; ACTS runs on one thread",
    lines=(
        *(
            Line(f"{name}, one bucket of 50", (wanted,), bucket_milliseconds, ATLAS_MILLISECONDS,
                 "ms", published_as=f"about {ATLAS_MILLISECONDS:g}")
            for name, wanted in _INSIDE.items()
        ),
        *(
            Line(f"{name}, {ATLAS_BUCKETS:,} buckets at that pace", (wanted,),
                 seconds_of_buckets(ATLAS_BUCKETS), ATLAS_SECONDS, "s")
            for name, wanted in _INSIDE.items()
        ),
    ),
    note="Seeding, following and resolving; finding the buckets is not in it.",
)  # fmt: skip

_ROADS = {
    "the full event": Wanted.road("acts", repetitions=1),
    "buckets of 50": Wanted.road("acts-seeds in 50 of sphere-grid", repetitions=1),
    "buckets of 70": Wanted.road("acts-seeds in 70 of sphere-grid", repetitions=1),
}


def _seeded() -> Iterator[Line]:
    for what, take, unit, form in (
        ("hits on a track", hits_per_track, "hits", ".2f"),
        ("tracks", n_tracks, "", ",.0f"),
        ("track efficiency", _EFFICIENCY, "", ".3f"),
        ("TrackML score", _SCORE, "", ".3f"),
        ("seconds per event", event_seconds, "s", ".3g"),
    ):
        for place, wanted in _ROADS.items():
            name = f"seeds of {place}"
            yield Line(f"{what}, {name}", (wanted,), take, unit=unit, form=form, series=name)


SEEDING = SourceFigure(
    "seeding-in-buckets",
    "Seeding in buckets of 50 and 70 hits, following in the full event",
    SEMINAR,
    "no",
    "published as a plot of clusters on track for ATLAS; here ACTS' seeds and Kalman filter, a "
    "simulated event, every hit queried",
    lines=tuple(_seeded()),
    draw=draw.track_lengths,
    note="The three-way comparison of full event, buckets and seeds of buckets is measured by "
    "`nearhit chains`.",
)

_CUTS = {900: "seed_pt=0.9", 400: "seed_pt=0.4"}


def _lowered() -> Iterator[Line]:
    for place, road in (("the full event", "acts({})"),
                        ("buckets of 70", "acts-seeds({}) in 70 of sphere-grid")):  # fmt: skip
        for cut, setting in _CUTS.items():
            wanted = Wanted.road(road.format(setting), repetitions=1)
            name = f"seeds of {place}, from {cut} MeV"
            yield Line(f"tracks, {name}", (wanted,), n_tracks, form=",.0f")
            yield Line(f"track efficiency, any pT, {name}", (wanted,), _EFFICIENCY, form=".3f")
    for cut, setting in _CUTS.items():
        pair = tuple(Wanted.road(f"acts({setting})", min_pt=pt, repetitions=1) for pt in (0.4, 0.9))
        what = f"efficiency of 0.4–0.9 GeV, seeds of the full event from {cut} MeV"
        yield Line(what, pair, efficiency_between, form=".3f")


LOWER_PT = SourceFigure(
    "lower-pt",
    "The pT cut of seeds lowered from 900 to 400 MeV",
    SEMINAR,
    "no",
    "published as a plot for ATLAS; here ACTS' seeds on a simulated event",
    lines=tuple(_lowered()),
)

_CLUSTERED = {
    "agglomerative": Wanted.road("agglomerative in 50 of sphere-grid around 1000", repetitions=1),
    "dbscan": Wanted.road("dbscan in 50 of sphere-grid around 1000", repetitions=1),
    "helix": Wanted.road("helix in 50 of sphere-grid"),
}


def _clusters() -> Iterator[Line]:
    for what, take in (
        ("cluster efficiency", score("cluster_efficiency")),
        ("cluster purity", score("cluster_purity")),
        (f"clusters of ≥ {LEAST_CLUSTER} hits", clusters_at_least(LEAST_CLUSTER)),
    ):
        for name, wanted in _CLUSTERED.items():
            yield Line(f"{what}, {name}", (wanted,), take, form=".3f", series=name)


CLUSTERS = SourceFigure(
    "in-bucket-clusters",
    "Clusters inside buckets of 50: efficiency, purity, and size beside the particle's",
    SEMINAR,
    "no",
    "published as plots; here other algorithms, a simulated event, and clusters after each hit was "
    "given to one of them",
    lines=tuple(_clusters()),
    draw=draw.cluster_sizes,
    note=f"The source says that clusters of {LEAST_CLUSTER} hits suffice.",
)

_OURS = (
    "kalman",
    "kalman(passes=1)",
    "kalman(passes=2)",
    "helix in 50 of sphere-grid",
    "helix in 100 of sphere-grid",
    "kalman in 100 of sphere-grid",
    "acts",
)


def _winners() -> Iterator[Line]:
    best = Wanted.road("kalman")
    for place, (published, seconds) in WINNERS.items():
        yield Line(f"{place}: score; measured: kalman", (best,), _SCORE, published, "", ".4f")
        name = f"{place}: seconds per event; measured: kalman"
        yield Line(name, (best,), event_seconds, seconds, "s")
    for road in _OURS:
        wanted = Wanted.road(road, repetitions=1 if road == "acts" else 3)
        yield Line(f"score, {road}", (wanted,), _SCORE, form=".4f", series=road)
        yield Line(f"seconds per event, {road}", (wanted,), event_seconds, unit="s", series=road)


WON = SourceFigure(
    "trackml-winners",
    "Score and seconds per event beside the winners of the TrackML challenge",
    ACCURACY,
    "no",
    "a simulated event, with weights by the challenge's formula, in place of its own events; other "
    f"hardware; {THROUGHPUT.title}: {THROUGHPUT.conditions}",
    lines=tuple(_winners()),
    draw=draw.winners,
    note="What is easier on simulated events is not known: take the two scores as of one kind, not "
    "as a ranking.",
)

CHAINS = SourceFigure(
    "three-chains",
    "Full event, buckets, and seeds of buckets held against each other",
    SEMINAR,
    "–",
    later="it is measured by `nearhit chains EVENT`.",
)
