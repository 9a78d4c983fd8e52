"""A site of made-up records: two machines, two commits, trackers, failures, hostile names."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sample_records import a_record

from nearhit.cells.status import OK, Status
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import WHOLE_EVENT, IndexSpec, TrackerSpec
from nearhit.records.record import Record
from nearhit.records.results import Pass, Tracking
from nearhit.report.pages import write_pages

HOSTILE = '</script><script>document.title = "taken"</script> & "so" on'
OTHER = Machine("other-8core", "B CPU", 8, 2048, "An OS", "3.11.0")


@pytest.fixture(scope="session")
def make_record():
    """Make a record of buckets from an index, seconds, and maybe an efficiency."""

    def make(index, seconds, efficiency=None, machine=None, commit="abc", **coordinates) -> Record:
        record = a_record()
        cell = replace(
            record.cell, index=IndexSpec.parse(index), **({"queries": None} | coordinates)
        )
        passes = tuple(Pass(0.01, 0.02, seconds * factor, 1.5) for factor in (0.9, 1, 1.2))
        figures = {"bucket_purity": 0.5 - cell.bucket_size / 1000, "leading_particle_size": 4.0}
        figures["particle_efficiency"] = efficiency
        provenance = replace(
            record.provenance,
            machine=machine or record.provenance.machine,
            commit=commit,
            started=f"2026-0{1 + len(commit)}-01T00:00:00.000+00:00",
        )
        return replace(
            record,
            cell=cell,
            n_queries=cell.queries or record.n_hits,
            timing=replace(record.timing, warm=passes),
            quality=replace(record.quality, n_trackable=77, figures=figures),
            provenance=provenance,
        )

    return make


@pytest.fixture(scope="session")
def make_tracked(make_record):
    """Make a record of a tracker, in the whole event or in buckets."""

    def make(tracker, seconds, score, index=WHOLE_EVENT, bucket_size=100) -> Record:
        record = make_record("scipy-kdtree", 0.1)
        whole = index == WHOLE_EVENT
        cell = replace(
            record.cell,
            index=index,
            metric="none" if whole else "angular",
            bucket_size=bucket_size,
            tracker=TrackerSpec.parse(tracker),
        )
        stages = {"seed": seconds / 4, "follow": seconds / 2, "resolve": seconds / 4}
        scores = {
            "trackml_score": score,
            "double_majority_efficiency": score * 0.9,
            "fake_share": 1 - score,
            "duplicate_share": 0.0625,
        }
        tracking = Tracking(
            cold=None,
            warm=(stages,) * 3,
            n_buckets=1,
            hits_per_bucket=100.0,
            counts={},
            n_tracks=70,
            n_hits_on_tracks=60,
            score_seconds=0.25,
            scores=scores,
            n_trackable=77,
        )
        timing = None if whole else record.timing
        return replace(record, cell=cell, tracking=tracking, timing=timing, quality=None)

    return make


@pytest.fixture(scope="session")
def failed():
    """Turn a record into one of a cell that ended without figures."""

    def fail(record, outcome, reason) -> Record:
        nothing = dict.fromkeys(("timing", "quality", "peak_memory_mb", "tracking"))
        return replace(record, status=Status(outcome, reason), **nothing)

    return fail


@pytest.fixture(scope="session")
def records(make_record, make_tracked, failed):
    of_two_machines = [
        make_record(index, seconds * (k / 50) * factor, share * k / 50, machine, bucket_size=k)
        for machine, factor in ((None, 1.0), (OTHER, 0.125))
        for k in (20, 50)
        for index, seconds, share in (
            ("scipy-kdtree", 0.5, 0.50),
            ("annoy", 2.0, 0.49),
            ("annoy(ntrees=1)", 0.25, 0.125),
            ("pynndescent", 4.0, 0.504),
        )
    ]
    before = [
        make_record("scipy-kdtree", 0.75, 0.5, commit="a"),
        make_record("annoy", 1.5, 0.49, commit="a"),
    ]
    plain = make_record("scipy-kdtree", 1.0, 0.4)
    buckets = IndexSpec.parse("scipy-kdtree")
    return [
        *before,
        *of_two_machines,
        make_record("scipy-kdtree", 0.875, 0.5, threads=1),
        make_record("faiss-flat", 0.125, 0.0625, queries=10),
        make_record("scipy-kdtree", 1.0, None, event="real <b>", event_digest="e" * 16),
        failed(make_record("hnswlib", 1.0), "failed", f"killed by SIGSEGV {HOSTILE}"),
        failed(make_record("nmslib", 1.0), "skipped", "nmslib is not installed"),
        replace(plain, cell=replace(plain.cell, metric="phi-eta")),
        make_tracked("kalman", 0.5, 0.9375),
        make_tracked("oracle", 0.125, 0.5, buckets, 50),
        make_tracked("helix", 0.25, 0.25, buckets, 50),
        failed(make_tracked("dbscan", 1.0, 0.5), "timeout", "60 seconds"),
    ]


@pytest.fixture(scope="session")
def certificates():
    broken = {"ties": Status("failed", "answered <otherwise> & late")}
    clauses = dict.fromkeys(CLAUSES, OK) | broken
    provenance = a_record().provenance
    return [
        Certificate(IndexSpec.parse("annoy"), "angular", 2, "toy", "d" * 16, clauses, provenance)
    ]


@pytest.fixture(scope="session")
def site(records, certificates, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "site"
    write_pages(records, folder, certificates)
    return folder


CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@pytest.fixture(scope="session")
def chromium():
    """A real headless Chromium with an empty profile of its own."""
    names = (os.environ.get("NEARHIT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if program is None:
        pytest.skip(
            "no Chromium: install it (Debian: apt install chromium), or set NEARHIT_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def failure_of(request):
    """Return what failed; a link to a file that is saved ends the visit that it began."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url}: {request.failure}"]


@pytest.fixture
def visit(chromium):
    """Open a file as people do; nothing may leave the machine, and nothing may be complained of."""
    contexts, complaints, requests = [], [], []

    def open_file(file, **settings):
        context = chromium.new_context(**settings)
        context.set_default_timeout(300_000)  # ms: a busy machine is no fault of the page's
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.extend(failure_of(request)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []
    assert requests
    assert [one for one in requests if not one.startswith(("file:///", "blob:", "data:"))] == []
