"""Every figure of the sources, by name, in the order of the page."""

from . import buckets, efficiency, tracking

_ROWS = (
    buckets.QUERIES,
    buckets.LATENCY,
    buckets.LEADING_SIZE,
    buckets.QUALITY_TIME,
    tracking.PROXY,
    buckets.BATCHES,
    tracking.ATLAS,
    tracking.SEEDING,
    tracking.CHAINS,
    tracking.LOWER_PT,
    efficiency.NOISE,
    efficiency.FILTERING,
    efficiency.LEARNED,
    tracking.CLUSTERS,
    efficiency.EFFICIENCIES,
    efficiency.CEILING,
    tracking.WON,
    efficiency.JETS,
)

FIGURES = {figure.name: figure for figure in _ROWS}
