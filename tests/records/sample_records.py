"""Records for tests: one that ended well, and one that failed."""

from dataclasses import replace

from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import IndexSpec
from nearhit.records.record import Provenance, Record
from nearhit.records.results import Latencies, Pass, Quality, Timing


def a_record(index="annoy", **changes):
    machine = Machine("box", "A CPU", 2, 1024, "An OS", "3.11.0")
    provenance = Provenance(machine, "abc", "annoy", {"annoy": "1.0"}, "2026-01-01T00:00:00", 0.5)
    passes = [Pass(0.1, 1.0, float(query), cores_used=1.5) for query in (4, 2, 3)]
    cell = Cell("toy", "d" * 16, "angular", IndexSpec.parse(index), 50, queries=10, threads=2)
    figures = {"bucket_purity": 0.5, "leading_particle_size": 4.0, "particle_efficiency": None}
    record = Record(
        cell=cell,
        status=OK,
        n_hits=100,
        n_queries=10,
        provenance=provenance,
        distance="angular",
        timing=Timing(
            cold=passes[0], warm=tuple(passes), single_query_seconds=Latencies.of((1e-3, 3e-3))
        ),
        quality=Quality(0, figures, (0, 1, 2), 0.75),
        peak_memory_mb=12.5,
    )
    return replace(record, **changes)


FAILED = a_record(
    status=Status("failed", "it fell"), timing=None, quality=None, peak_memory_mb=None, distance=""
)
