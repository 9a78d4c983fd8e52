"""The command line as people and programs use it: what it prints, and how it ends."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import pytest
from nearhit.datasets.trackml_writer import write_event

import nearhit as package
from nearhit import adapters, datasets
from nearhit.cells.status import OK, Status
from nearhit.cli.certify import _subjects
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.measure.runner import provenance_of_library
from nearhit.plugins.spec import IndexSpec
from nearhit.records.store import Store

KEYS = {
    "status", "reason", "n_hits", "n_queries", "n_trackable", "build_seconds", "query_seconds",
    "seconds_per_event", "queries_per_second", "bucket_purity", "leading_particle_size",
    "particle_efficiency", "recall", "peak_memory_mb", "threads", "versions",
}  # fmt: skip


def nearhit(*arguments, path=None):
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    command = [sys.executable, "-m", "nearhit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def event(toy_event, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("events") / "event000000001"
    write_event(toy_event, prefix)
    return prefix


def test_evaluate_measures_one_cell(event, strict_json):
    done = nearhit(
        "evaluate", event, "--index", "scipy-kdtree", "-k", "8", "--repeats", "2", "--json"
    )
    assert done.returncode == 0, done.stderr
    row = strict_json(done.stdout)
    assert set(row) >= KEYS
    assert row["status"] == "ok"
    assert row["n_hits"] == row["n_queries"] == 350
    assert row["n_trackable"] == 40
    assert row["particle_efficiency"] > 0.9
    assert row["recall"] == 1.0


def test_evaluate_obeys_its_options(event, strict_json):
    options = ["--queries", "17", "--threads", "1", "--min-hits", "9", "--seed", "4"]
    done = nearhit("evaluate", event, "-k", "3", *options, "--repeats", "1", "--json")
    row = strict_json(done.stdout)
    assert (row["n_queries"], row["threads"], row["n_trackable"]) == (17, 1, 0)
    assert (row["bucket_size"], row["seed"], row["seconds_per_event_scaled"]) == (3, 4, True)
    assert row["particle_efficiency"] is None


TRACK_KEYS = {
    "trackml_score", "track_efficiency", "fake_share", "n_tracks",
    "seconds_per_stage", "seconds_per_event",
}  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--index", "scipy-kdtree", "-k", "8"]])
def test_evaluate_finds_tracks(event, strict_json, options):
    done = nearhit("evaluate", event, "--tracker", "oracle", *options, "--repeats", "1", "--json")
    assert done.returncode == 0, done.stderr
    row = strict_json(done.stdout)
    assert set(row) >= KEYS | TRACK_KEYS
    assert row["n_tracks"] == 40
    assert row["track_efficiency"] > 0.9
    assert {"follow", "score"} <= set(row["seconds_per_stage"])


def test_a_tracker_that_needs_what_is_not_there_is_skipped_in_words(event, strict_json):
    done = nearhit("evaluate", event, "--tracker", "helix", "--volumes", "8", "--json")
    assert strict_json(done.stdout)["status"] == "ok"
    done = nearhit("evaluate", event, "--tracker", "hélix")
    assert done.returncode == 2
    assert done.stderr.startswith("nearhit: Tracker 'hélix'")


def test_evaluate_shows_people_a_table(event):
    done = nearhit("evaluate", event, "-k", "8", "--repeats", "1")
    assert "scipy-kdtree" in done.stdout
    assert "efficiency" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["evaluate", "EVENT", "--index", "anoy"], "(did you mean annoy?)"),
        (["evaluate", "EVENT", "--metric", "cosine"], "no metric 'cosine'"),
        (["evaluate", "EVENT", "-k", "0"], "at least 1 hit"),
        (["evaluate", "EVENT", "-k", "351"], "at most the 350 hits of the event, not 351"),
        (["evaluate", "EVENT", "--queries", "many"], "'all' or a whole number"),
        (["evaluate", "EVENT", "--queries", "0"], "from 1 to the 350 hits"),
        (["evaluate", "EVENT", "--volumes", "7,x"], "volume numbers such as 7,8,9"),
        (["evaluate", "EVENT", "--volumes", "7"], "no hit in volume 7; it has volumes 8"),
        (["evaluate", "EVENT", "--min-pt", "1"], "no particles"),
        (["evaluate", "EVENT", "--min-pt", "-1"], "0 GeV or more"),
        (["evaluate", "EVENT", "--min-hits", "0"], "at least 1 hit"),
        (["evaluate", "EVENT", "--min-share", "1/0"], "a share such as 0.8 or 4/5"),
        (["evaluate", "EVENT", "--threads", "0"], "Threads must be from 1"),
        (["evaluate", "no/such/event"], "There is no file no/such/event-hits.csv"),
        (["data", "info", "EVENT.zip"], "There is no file"),
        (["data", "simulate", "higgs"], "no recipe 'higgs'"),
        (["data", "simulate", "muons(noise_share=2)"], "noise_share must be from 0 to 0.9"),
        (["data", "simulate", "muons", "--form", "root"], "no file form 'root'"),
        (["data", "validate", "no/such/folder", "EVENT"], "There is no file no/such/folder"),
        (["data", "info", "EVENT", "--columns", "x"], "--columns takes pairs such as x=gx"),
        (["evaluate", "muons(pt=1)"], "muons has no parameter 'pt'"),
        (["run", "EVENT", "--suite", "everything"], "no suite 'everything'"),
        (["run", "EVENT", "--profile", "slow"], "no profile 'slow'"),
        (["report", "--results", "no/such/folder"], "holds no records"),
        (["report", "--results", "no/such/folder", "--html", "no/pages"], "no records for pages"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(event, arguments, answer):
    done = nearhit(*(part.replace("EVENT", str(event)) for part in arguments))
    assert done.returncode == 2
    assert answer in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_failed_cell_is_exit_code_one(event, strict_json):
    done = nearhit("evaluate", event, "--timeout", "0.001", "--json")
    assert done.returncode == 1
    assert strict_json(done.stdout)["status"] == "timeout"


@pytest.mark.parametrize("command", ["evaluate", "run"])
def test_a_single_cell_that_is_skipped_is_exit_code_one(event, tmp_path, command):
    options = ("--index", "scipy-kdtree", "--metric", "dot", "--results", tmp_path)
    done = nearhit(command, event, *options)
    assert done.returncode == 1
    assert "scipy-kdtree has no dot distance" in done.stdout


def test_a_sweep_of_which_one_cell_is_skipped_is_no_failure(event, tmp_path):
    options = ("--index", "annoy", "--index", "scipy-kdtree", "--metric", "dot", "-k", "5")
    done = nearhit("run", event, *options, "--repeats", "1", "--results", tmp_path)
    assert done.returncode == 0


@pytest.mark.skipif(bool(find_spec("svs")), reason="what must be missing is installed")
def test_how_to_install_is_said_whole(event, tmp_path):
    done = nearhit("run", event, "--index", "svs", "-k", "5", "--results", tmp_path)
    assert "skipped: scalable-vs is not installed: pip install 'nearhit[svs]'" in done.stderr


def lines_in(results):
    return [line for file in results.rglob("*.jsonl") for line in file.read_text().splitlines()]


def test_run_records_and_report_shows(event, tmp_path, strict_json):
    results = tmp_path / "results"
    options = ["--index", "scipy-kdtree", "--index", "annoy(ntrees=2)", "-k", "5", "-k", "8"]
    run = ["run", event, *options, "--repeats", "1", "--results", results]
    first = nearhit(*run, "--json")
    assert first.returncode == 0, first.stderr
    rows = strict_json(first.stdout)
    assert [(row["library"], row["bucket_size"]) for row in rows] == [
        ("scipy-kdtree", 5), ("scipy-kdtree", 8), ("annoy", 5), ("annoy", 8)
    ]  # fmt: skip
    records = lines_in(results)
    assert len(records) == 4
    again = nearhit(*run, "--json")
    assert strict_json(again.stdout) == rows
    assert lines_in(results) == records
    assert len(strict_json(nearhit(*run, "--json", "--again").stdout)) == 4
    assert len(lines_in(results)) == 8
    report = nearhit("report", "--results", results, "--figures", tmp_path / "figures")
    assert report.returncode == 0, report.stderr
    assert "annoy(ntrees=2" in report.stdout
    assert (results / "README.md").is_file()
    assert (results / "tables.md").is_file()
    assert not (tmp_path / "figures").exists()  # of buckets of 50, and there are none
    pages = nearhit("report", "--results", results, "--html", tmp_path / "pages")
    assert pages.returncode == 0, pages.stderr
    assert "annoy(" in (tmp_path / "pages" / "index.html").read_text()
    refused = nearhit("report", "--results", results, "--html", results)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert (results / "README.md").is_file()


UNCHANGED = "nothing has changed since the last report"


@pytest.mark.slow
def test_a_second_report_without_changes_is_not_made_again(event, tmp_path):
    results, pages = tmp_path / "results", tmp_path / "pages"
    measure = ["run", event, "--index", "scipy-kdtree", "--repeats", "1", "--results", results]
    assert nearhit(*measure, "-k", "5").returncode == 0
    for options, file in (([], results / "tables.md"), (["--html", pages], pages / "data.html")):
        report = ["report", "--results", results, *options]
        first = nearhit(*report)
        assert (first.returncode, UNCHANGED in first.stderr) == (0, False), first.stderr
        made, when = file.read_bytes(), file.stat().st_mtime_ns
        second = nearhit(*report)
        assert (second.returncode, UNCHANGED in second.stderr) == (0, True), second.stderr
        assert second.stdout == first.stdout
        assert file.stat().st_mtime_ns == when
        file.unlink()
        assert UNCHANGED not in nearhit(*report).stderr
        assert file.read_bytes() == made
    assert nearhit(*measure, "-k", "8").returncode == 0
    assert UNCHANGED not in nearhit(*report).stderr
    assert "asv" not in (pages / "index.html").read_text()
    (results / "html").mkdir()
    (results / "html" / "index.html").write_text("asv")
    assert UNCHANGED not in nearhit(*report).stderr
    assert ">asv<" in (pages / "index.html").read_text()


def test_certify_records_what_a_library_keeps(event, tmp_path, strict_json):
    chosen = ["--clause", "ties", "--clause", "magnitude 1e+30", "--results", tmp_path]
    done = nearhit("certify", "scipy-kdtree", "--event", event, *chosen, "--json")
    (certificate,) = strict_json(done.stdout)
    assert certificate["clauses"]["ties"] == {"outcome": "ok", "reason": ""}
    assert done.returncode == (1 if certificate["broken"] else 0)
    (file,) = tmp_path.rglob("*.jsonl")
    assert file.parts[-3] == "certificates"
    shown = nearhit(
        "certify", "scipy-kdtree", "--event", event, "--clause", "ties", "--results", tmp_path
    )
    assert "✓" in shown.stdout
    assert shown.returncode == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--clause", "tie"], "There is no clause 'tie' (did you mean ties?)"),
        (["--metric", "angul"], "There is no metric 'angul'"),
        (["--threads", "999"], "Threads must be from 1 to"),
    ],
)
def test_certify_refuses_what_it_does_not_know(event, tmp_path, options, said):
    command = ["certify", "scipy-kdtree", "--event", event, "--results", tmp_path / "r", *options]
    done = nearhit(*command)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "r").exists()


def test_what_a_library_breaks_is_shown_with_its_numbers(event, tmp_path, strict_json):
    clauses = dict.fromkeys(CLAUSES, OK) | {"ties": Status("failed", "of ties")}
    where = provenance_of_library("scipy-kdtree")
    spec = IndexSpec.parse("scipy-kdtree")
    certificate = Certificate(spec, "euclidean", 1, "hits", "d" * 16, clauses, where)
    Store(tmp_path / "certificates", Certificate).add(certificate)
    asked = (event, "--index", "scipy-kdtree", "-k", "5", "--results", tmp_path)
    row = strict_json(nearhit("evaluate", *asked, "--json").stdout)
    assert row["breaks"] == ["ties"]
    assert "breaks ties" in " ".join(nearhit("run", *asked).stdout.split())
    assert "breaks ties" in " ".join(nearhit("report", "--results", tmp_path).stdout.split())


def test_certify_takes_a_table_of_any_columns(tmp_path, strict_json):
    table = tmp_path / "hits.csv"
    rows = (f"{1 + i % 7},{i % 11 - 5.5},{3 * i - 40}" for i in range(60))
    table.write_text("\n".join(["gx,gy,gz", *rows]))
    done = nearhit(
        "certify", "scipy-kdtree", "--event", table, "--columns", "x=gx,y=gy,z=gz",
        "--clause", "neighbours in the event", "--results", tmp_path, "--json",
    )  # fmt: skip
    (certificate,) = strict_json(done.stdout)
    assert (certificate["event"], certificate["broken"]) == ("hits", [])


def test_what_was_not_named_and_lacks_the_distance_is_passed_over():
    chosen = {spec.name for spec, _ in _subjects([], "dot", every=False)}
    assert {"annoy", "hnswlib"} <= chosen
    assert not {"scipy-kdtree", "cuvs-brute"} & chosen


def test_what_was_named_and_lacks_it_is_refused_before_anything_is_certified(event, tmp_path):
    done = nearhit(
        "certify", "annoy", "scipy-kdtree", "--metric", "dot", "--event", event,
        "--results", tmp_path / "r",
    )  # fmt: skip
    assert done.returncode == 2
    assert "scipy-kdtree has no dot distance" in done.stderr
    assert not (tmp_path / "r").exists()


def test_libraries_and_metrics_and_machine(strict_json):
    libraries = strict_json(nearhit("libraries", "--json").stdout)
    annoy = next(row for row in libraries if row["name"] == "annoy")
    assert annoy["distances"] == ["angular", "euclidean", "manhattan", "dot"]
    assert [parameter["name"] for parameter in annoy["parameters"]] == ["ntrees", "search_k"]
    assert (annoy["licence"], annoy["devices"]) == ("Apache-2.0", ["cpu"])
    assert annoy["needs"] == "a C++ compiler"
    assert len(strict_json(nearhit("metrics", "--json").stdout)) == 8
    assert strict_json(nearhit("machine", "--json").stdout)["cores"] >= 1
    listed = strict_json(nearhit("trackers", "--json").stdout)
    assert {"cover", "joined"} <= {choice["name"] for choice in listed["buckets"]}
    trackers = listed["trackers"]
    assert {"oracle", "agglomerative", "dbscan", "helix", "kalman"} <= {t["name"] for t in trackers}
    for command in ("libraries", "metrics", "trackers", "machine"):
        assert nearhit(command).returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        "evaluate",
        "run",
        "certify",
        "report",
        "recommend",
        "reproduce",
        "libraries",
        "metrics",
        "trackers",
    ],
)
def test_help_has_an_example(command):
    done = nearhit(command, "--help")
    assert done.returncode == 0
    assert f"nearhit {command}" in done.stdout.replace("Usage: nearhit", "")


def test_version():
    done = nearhit("--version")
    assert (done.returncode, done.stdout) == (0, f"nearhit {version('nearhit')}\n")


def test_data_info(event, strict_json):
    about = strict_json(nearhit("data", "info", event, "--json").stdout)
    assert about["hits"] == 350
    assert about["noise_share"] == pytest.approx(30 / 350)
    assert about["hits_per_volume"] == {"8": 350}


def test_data_info_shows_people_tables_and_draws(event, tmp_path):
    done = nearhit("data", "info", event, "--plots", tmp_path / "plots")
    assert done.returncode == 0, done.stderr
    assert "hits per particle" in done.stdout
    assert sorted(path.name for path in (tmp_path / "plots").glob("*.png")) == [
        "spectra.png",
        "views.png",
    ]


def test_data_list(strict_json):
    about = strict_json(nearhit("data", "list", "--json").stdout)
    assert about["recipes"]["ttbar-mu200"]["pile_up"] == 200
    assert "colliderml" in about["formats"]
    assert "itk-noise" in nearhit("data", "list").stdout


def test_data_validate(event, toy_event, tmp_path, strict_json):
    """An event without a quarter of its particles, and one of those left without its outer half."""
    ids = toy_event.truth.particle_id
    first, *others = np.unique(ids)[1:12]
    outer = np.linalg.norm(toy_event.hits.positions, axis=1) > 450
    gone = np.isin(ids, others) | ((ids == first) & outer)
    write_event(toy_event.select(~gone), tmp_path / "event000000002")
    command = ["data", "validate", tmp_path / "event000000002", event, "--volumes", "8"]
    done = nearhit(*command, "--json", "--plots", tmp_path)
    assert done.returncode == 0, done.stderr
    about = strict_json(done.stdout)
    ratios = {figure["name"]: figure["ratio"] for figure in about["figures"]}
    kept = 350 - gone.sum()
    assert ratios["hits"] == pytest.approx(kept / 350)
    assert ratios["particles with hits"] == pytest.approx(30 / 40)
    assert ratios["hits per particle"] == pytest.approx((kept - 30) / 30 / 8)
    assert ratios["noise share"] == pytest.approx(350 / kept)
    far = {distance["name"]: distance["statistic"] for distance in about["distances"]}
    assert far["hits_per_particle"] == pytest.approx(1 / 30)
    (layer,) = about["layers"]
    assert (layer["sample"], layer["reference"]) == ([kept], 350)
    assert (tmp_path / "layers.png").exists()
    assert "Kolmogorov" in nearhit(*command).stdout


def test_a_table_with_names_of_its_own(tmp_path, strict_json):
    (tmp_path / "hits.csv").write_text("gx,gy,gz,pid\n1,0,0,7\n1,0.1,0,7\n0,1,0,8\n")
    names = ["--columns", "x=gx,y=gy,z=gz,particle_id=pid"]
    about = strict_json(nearhit("data", "info", tmp_path / "hits.csv", *names, "--json").stdout)
    assert (about["hits"], about["particles_with_hits"]) == (3, 2)
    done = nearhit("evaluate", tmp_path / "hits.csv", *names, "-k", "2", "--json")
    assert strict_json(done.stdout)["status"] == "ok"


def test_a_recipe_that_names_its_seed_is_given_no_other(tmp_path):
    done = nearhit("data", "simulate", "muons@7", "--seed", "3", "--out", tmp_path)
    assert done.returncode == 2
    assert done.stderr == "nearhit: muons@7 names its seed: leave out --seed.\n"


def test_a_recipe_is_simulated_and_measured(tmp_path, strict_json):
    """On the command line, and by name where an event is asked for; both are one event."""
    pytest.importorskip("acts")
    pytest.importorskip("pythia8mc")
    recipe = "muons(gun_particles=20)"
    make = ["data", "simulate", recipe, "--seed", "5", "--events", "2", "--out", tmp_path]
    done = nearhit(*make, "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{tmp_path}/event00000000{n}-*.csv.gz" for n in (5, 6)]
    made = strict_json(nearhit("data", "info", tmp_path / "event000000005", "--json").stdout)
    named = strict_json(nearhit("data", "info", f"{recipe}@5", "--json").stdout)
    assert made["digest"] == named["digest"]
    row = strict_json(nearhit("evaluate", f"{recipe}@5", "-k", "8", "--json").stdout)
    assert row["event"] == f"{recipe}@5"
    assert "gun_particles=20" in row["event_origin"]


@pytest.fixture
def with_my_tree(tmp_path):
    """A folder with a copy of nearhit, to which one file is added: an adapter."""
    root = tmp_path / "nearhit"
    shutil.copytree(next(iter(package.__path__)), root)
    for part in (adapters, datasets):
        name = part.__name__.rpartition(".")[2]
        shutil.copytree(next(iter(part.__path__)), root / name, dirs_exist_ok=True)
    copied = (root / "adapters" / "scipy_kdtree.py").read_text()
    (root / "adapters" / "my_tree.py").write_text(copied.replace('"scipy-kdtree"', '"my-tree"'))
    return tmp_path


def test_an_adapter_made_by_copying_a_file_is_listed_and_measured(event, with_my_tree, strict_json):
    """Without touching another file of the project."""
    listed = strict_json(nearhit("libraries", "--json", path=with_my_tree).stdout)
    assert {"my-tree", "scipy-kdtree"} <= {row["name"] for row in listed}
    options = ["--index", "my-tree", "--repeats", "1", "-k", "8", "--json"]
    done = nearhit("evaluate", event, *options, path=with_my_tree)
    assert done.returncode == 0, done.stderr
    assert strict_json(done.stdout)["index"] == "my-tree(leafsize=16)"


def test_a_broken_adapter_file_is_listed_and_stops_no_other(event, with_my_tree, strict_json):
    (with_my_tree / "nearhit" / "adapters" / "my_tree.py").write_text("raise SystemExit(0)")
    listed = nearhit("libraries", path=with_my_tree).stdout
    assert "Broken index my-tree in nearhit.adapters.my_tree is broken: it cannot be" in listed
    rows = strict_json(nearhit("libraries", "--json", path=with_my_tree).stdout)
    assert [row["name"] for row in rows if row["broken"]] == ["my-tree"]
    done = nearhit("evaluate", event, "--index", "my-tree", path=with_my_tree)
    assert done.returncode == 2
    assert "my-tree in nearhit.adapters.my_tree is broken: it cannot be loaded" in done.stderr
    done = nearhit("evaluate", event, "-k", "8", "--repeats", "1", path=with_my_tree)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_an_adapter_made_by_copying_a_file_is_in_the_table(event, with_my_tree):
    results = with_my_tree / "results"
    suite = nearhit("run", event, "--results", results, "--json", path=with_my_tree)
    libraries = {row["library"] for row in json.loads(suite.stdout)}
    assert {"my-tree", "scipy-kdtree"} <= libraries
