"""Figures of indexes and buckets."""

from collections.abc import Iterator

from nearhit.plugins.adapter import Device

from . import draw
from .figure import Line, SourceFigure
from .published import (
    ANNOY_MILLISECONDS,
    ANNOY_QUERIES_PER_SECOND,
    ANNOY_SPREAD,
    BLOG,
    COUNTER_SECONDS,
    LEADING,
    LEAST_QUERIES_PER_SECOND,
    MOST_MILLISECONDS_A_QUERY,
    SEMINAR,
)
from .take import (
    Convention,
    batch_milliseconds,
    count_seconds,
    queries_per_second,
    single_milliseconds,
    size_at_least,
    size_mean,
    size_mode,
)
from .wanted import Wanted

NO_NOISE = "ttbar-mu200(noise_share=0.0)"

_TIMED = Wanted("annoy(ntrees=5)", queries=10_000, threads=1, repetitions=7)

QUERIES = SourceFigure(
    "annoy-queries",
    "10,000 queries of 50 hits",
    BLOG,
    "in part",
    "same library, parameters and number of repetitions (7); another event, hardware and version "
    "of Annoy; 10,000 hits drawn at random, in one call to nearhit's adapter on one thread",
    lines=(
        Line(
            "10,000 queries",
            (_TIMED,),
            batch_milliseconds,
            ANNOY_MILLISECONDS,
            "ms",
            published_as=f"{ANNOY_MILLISECONDS:g} ± {ANNOY_SPREAD:g}",
        ),
        Line(
            "queries per second",
            (_TIMED,),
            queries_per_second,
            ANNOY_QUERIES_PER_SECOND,
            "1/s",
            ",.0f",
        ),
    ),
    note="Published as mean and standard deviation of %timeit; measured are the median, least and "
    "most of the passes.",
)

LATENCY = SourceFigure(
    "single-query",
    "A single query of 50 hits",
    SEMINAR,
    "in part",
    "same library; another event, hardware and version; the number of trees is the blog's",
    lines=(
        Line(
            "one query, asked alone",
            (_TIMED,),
            single_milliseconds,
            MOST_MILLISECONDS_A_QUERY,
            "ms",
            published_as=f"< {MOST_MILLISECONDS_A_QUERY:g}",
        ),
        Line(
            "queries per second, in one batch",
            (_TIMED,),
            queries_per_second,
            LEAST_QUERIES_PER_SECOND,
            "1/s",
            ",.0f",
            published_as=f"> {LEAST_QUERIES_PER_SECOND:,.0f}",
        ),
    ),
    note="In brackets the 1st and 99th percentile of single queries.",
)

_ANNOY = {size: Wanted("annoy(ntrees=5)", size) for size in (20, 50)}
_WAYS: tuple[tuple[str, str, Convention], ...] = (
    ("an event without noise", NO_NOISE, "never"),
    ("the event asked for, noise never leads", "", "never"),
    ("the event asked for, noise is one particle", "", "particle"),
)


def _leading(size: int) -> Iterator[Line]:
    published = LEADING[size]
    for event_name, event, convention in _WAYS:
        wanted = (Wanted("annoy(ntrees=5)", size, event=event),)
        series = f"k={size}: {event_name}"
        for what, take, number, form in (
            ("mean", size_mean(convention), published.mean, ".2f"),
            ("mode", size_mode(convention), float(published.mode), ".0f"),
            ("share ≥ 4", size_at_least(4, convention), published.four, ".3f"),
            ("share ≥ 8", size_at_least(8, convention), published.eight, ".3f"),
        ):
            yield Line(f"{series}: {what}", wanted, take, number, "", form, series=series)


LEADING_SIZE = SourceFigure(
    "leading-size",
    "Leading particle size of the buckets around all hits",
    BLOG,
    "in part",
    "same library and parameters; the blog's event seems to be free of noise, and its Counter "
    "takes particle id 0 for a particle: measured on a simulated event without noise, where "
    "conventions agree, and in both conventions on the event asked for",
    lines=(*_leading(20), *_leading(50)),
    draw=draw.leading_sizes,
    note="The published counts are read off a plot, ±60 a bin.",
)

QUALITY_TIME = SourceFigure(
    "bucket-quality-time",
    "Seconds to judge all buckets of one event",
    BLOG,
    "in part",
    "the same counting, by numba kernels on all cores instead of Python's Counter; another event "
    "and hardware",
    lines=(
        Line(
            "about 100,000 buckets of 50",
            (Wanted(),),
            count_seconds,
            COUNTER_SECONDS,
            "s",
            published_as=f"about {COUNTER_SECONDS:g}",
        ),
    ),
    note="Leading particles, purity, efficiency and both histograms, once; compilation is kept "
    "out.",
)

_FLAT = ("faiss-flat", "torch-brute")
_ON_DEVICE: dict[Device, tuple[str, ...]] = {
    "cpu": _FLAT,
    "cuda": ("torch-brute", "faiss-gpu-flat", "cuvs-brute"),
}
_BATCHES = (1, 10, 100, 1_000, 2_000)


def _batched() -> Iterator[Line]:
    for device, libraries in _ON_DEVICE.items():
        for library in libraries:
            for batch in _BATCHES:
                wanted = Wanted(library, queries=2_000, batch=batch, device=device)
                series = f"{library} on {'the CPU' if device == 'cpu' else 'a GPU'}"
                yield Line(
                    f"{series}, batches of {batch:,}",
                    (wanted,),
                    queries_per_second,
                    unit="1/s",
                    form=",.0f",
                    series=series,
                    at=batch,
                )


BATCHES = SourceFigure(
    "cpu-gpu-batches",
    "Batch bucketing on CPU and GPU",
    SEMINAR,
    "in part",
    "one curve for each device, published as a plot for a Tesla K40m; exhaustive searches, which "
    "run on both; where the machine has no CUDA device its GPU is not measured, and the lines say "
    "so",
    lines=tuple(_batched()),
    draw=draw.curves("hits queried in one call", "queries per second", logarithmic=True),
    note="Exact search on both, so that the buckets, and what the rule of 80 % finds in them, are "
    "the same on CPU and GPU.",
)
