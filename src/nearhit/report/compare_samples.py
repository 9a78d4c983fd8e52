"""Comparison of a sample of events with another event: figures, spectra and buckets."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nearhit.data.buckets import Buckets, choose_queries
from nearhit.data.event import NOISE, UNKNOWN, Event
from nearhit.data.spectra import SPECTRA, Spectrum, hits_by, particles_with_hits
from nearhit.index.run import find_buckets, index_for
from nearhit.machine.hardware import cores
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.quality import FIGURES, Trackable, count_buckets, label_hits

EXACT_INDEX, METRIC = "scipy-kdtree", "angular"
BUCKET_SIZES = (20, 50)


@dataclass(frozen=True)
class EventFigure:
    """One number of each event.

    Attributes:
        name: what it is.
        sample: of each event of the sample.
        reference: of the event that they are held against.
    """

    name: str
    sample: tuple[float, ...]
    reference: float

    @property
    def mean(self) -> float:
        """Over the sample."""
        return float(np.mean(self.sample))

    @property
    def ratio(self) -> float | None:
        """The mean over the reference."""
        return self.mean / self.reference if self.reference else None


@dataclass(frozen=True)
class Distance:
    """How far two spectra are apart.

    Attributes:
        name: of the spectrum.
        label: of the spectrum.
        statistic: Kolmogorov's and Smirnov's, the largest difference of the two cumulative shares.
        n_sample, n_reference: values of all events of the sample, and of the reference.
    """

    name: str
    label: str
    statistic: float
    n_sample: int
    n_reference: int


@dataclass(frozen=True)
class Comparison:
    """A sample held against a reference.

    Attributes:
        sample, reference: the events' names.
        figures: numbers of each event.
        layers: hits in each volume and layer of each event.
        distances: between spectra.
    """

    sample: tuple[str, ...]
    reference: str
    figures: tuple[EventFigure, ...]
    layers: tuple[EventFigure, ...]
    distances: tuple[Distance, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        content = asdict(self)
        for kind in ("figures", "layers"):
            for row, figure in zip(content[kind], getattr(self, kind), strict=True):
                row |= {"mean": figure.mean, "ratio": figure.ratio}
        return content


def compare(sample: Sequence[Event], reference: Event) -> Comparison:
    """Hold a sample of at least one event against a reference.

    Quality is that of exact angular buckets around every hit, of 20 and of 50 hits. Figures that
    need truth are of hits whose truth is known: restrict both to volumes where that is so.
    """
    numbers = [_numbers(event) for event in sample]
    wanted = _numbers(reference)
    layers = [hits_by(event, "volume", "layer") for event in sample]
    theirs = hits_by(reference, "volume", "layer")
    everywhere = sorted(set(theirs).union(*layers), key=_as_numbers)
    return Comparison(
        sample=tuple(event.name for event in sample),
        reference=reference.name,
        figures=tuple(
            EventFigure(name, tuple(one[name] for one in numbers), value)
            for name, value in wanted.items()
            if all(name in one for one in numbers)
        ),
        layers=tuple(
            EventFigure(
                name, tuple(float(one.get(name, 0)) for one in layers), float(theirs.get(name, 0))
            )
            for name in everywhere
        ),
        distances=tuple(
            distance
            for spectrum in SPECTRA
            if (distance := _distance(spectrum, sample, reference)) is not None
        ),
    )


def _as_numbers(place: str) -> list[int]:
    return [int(part) for part in place.split("/")]


def _numbers(event: Event) -> dict[str, float]:
    numbers: dict[str, float] = {"hits": float(len(event))}
    if event.truth is None:
        return numbers
    ids, counts = particles_with_hits(event)
    known = event.truth.particle_id != UNKNOWN
    if not len(ids):
        return numbers
    return numbers | {
        "noise share": float((event.truth.particle_id == NOISE).sum() / known.sum()),
        "particles with hits": float(len(ids)),
        "hits per particle": float(counts.mean()),
        **_quality(event),
    }


def _quality(event: Event) -> dict[str, float]:
    trackable = Trackable()
    labels = label_hits(event, trackable)
    metric = metric_named(METRIC)
    index = index_for(metric, IndexSpec.parse(EXACT_INDEX), cores())
    rows = choose_queries(len(event), None, 0)
    quality = {"trackable particles": float(labels.n_trackable)}
    for size in BUCKET_SIZES:
        members = find_buckets(event, metric, index, size).members
        counts = count_buckets(Buckets(rows, members), labels)
        for name, figure in FIGURES.items():
            quality[f"{name.replace('_', ' ')}, k={size}"] = figure.value(counts, trackable)
    return quality


def _distance(spectrum: Spectrum, sample: Sequence[Event], reference: Event) -> Distance | None:
    from scipy.stats import ks_2samp  # noqa: PLC0415 - takes a second to load

    mine = np.concatenate([spectrum.values(event) for event in sample])
    theirs = spectrum.values(reference)
    if not len(mine) or not len(theirs):
        return None
    statistic = float(ks_2samp(mine, theirs, method="asymp").statistic)
    return Distance(spectrum.name, spectrum.label, statistic, len(mine), len(theirs))
