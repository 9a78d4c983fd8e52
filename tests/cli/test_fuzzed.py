"""Any command line ends with exit code 0, 1 or 2, and never with a traceback."""

import random

import pytest
from in_process import run_in_process
from nearhit.datasets import production
from sample_records import a_record

from nearhit.cells.status import Status
from nearhit.cli import certify, compare, recommend, report, reproduce, run
from nearhit.cli.app import COMMANDS, _loaded
from nearhit.contract import CLAUSES
from nearhit.errors import BadInputError
from nearhit.measure.runner import provenance_of_library
from nearhit.measure.worker import Worker
from nearhit.records.store import Store

LOADED = (recommend, report, reproduce, run)
"""Commands whose modules are loaded before anything is replaced in them."""

VALUES = (
    *("", " ", ",", ".", "/", "-", "--", "@", "()", "=", "*", "\x00", "\x1b[31mred", "\ud800"),
    *("0", "1", "-1", "2", "5", "0.8", "4/5", "1/0", "nan", "inf", "1e999", "1e999999999", "٣"),
    *("9" * 30, "9" * 5000, "0x10", "1_000", "1e3", "True", "None", "x" * 5000, "é" * 300),
    *("bundled", "bundld", "muons", "muons@", "muons@7", "muons(pile_up=1e400)", "muons(**{})"),
    *(
        "ttbar-mu200(noise_share=0.3)@2()",
        "muons(" + "(" * 500,
        "muons(a=[1]*9)",
        "EVENT",
        "FOLDER",
    ),
    *("TABLE", "FOLDER/none", "EVENT.zip", "PAGE", "annoy", "annoy(ntrees=0)", "annoy(ntrees=9e9)"),
    *("scipy-kdtree", "whole-event", "kalman", "oracle", "helix(min_layers=-1)", "cover", "joined"),
    *("cover+", "start-layer(r_max=nan)", "layers(of=)", "angular", "dot", "phi-eta", "random-625"),
    *("all", "7,8,9", "7,,8", "8", "x=gx,y=gy", "x=x", "quick", "full", "bucketing", "pile-up"),
    *("ties", "cpu", "cuda", "csv.gz", "root", "50 of annoy", "9 of anoy", "kalman in 5 of annoy"),
    *("99999999999999999999 of annoy", "leading-size", "recall_loss", "annoy==1", "HEAD"),
)


def command_lines(names, count, seed):
    """Yield command lines: a command, and options with values that may or may not be theirs."""
    draw = random.Random(seed)  # noqa: S311 - not a secret
    loaded = {}
    for name in names:
        command = _loaded(name)
        for sub, one in getattr(command, "commands", {"": command}).items():
            loaded[f"{name} {sub}".strip()] = one
    for _ in range(count):
        name = draw.choice(list(loaded))
        options = [option for one in loaded[name].params for option in one.opts]
        words = [*name.split(), "EVENT"] if draw.random() < 0.5 else name.split()
        for _ in range(draw.randrange(5)):
            words.append(draw.choice(options))
            if draw.random() < 0.9:
                words.append(draw.choice(VALUES))
        yield words


@pytest.fixture
def places(tmp_path, toy_event):
    from nearhit.datasets.trackml_writer import write_event

    write_event(toy_event, tmp_path / "event000000001")
    (tmp_path / "hits.csv").write_text("x,y,z\n1,2,3\n4,5,6\n")
    (tmp_path / "page.md").write_text("<!-- headline: begin -->\n<!-- headline: end -->\n")
    Store(tmp_path / "results" / "records").add(a_record())
    return {
        "EVENT": str(tmp_path / "event000000001"),
        "TABLE": str(tmp_path / "hits.csv"),
        "FOLDER": str(tmp_path),
        "PAGE": str(tmp_path / "page.md"),
    }


@pytest.fixture
def _nothing_is_measured(monkeypatch, tmp_path):
    """Let calls end where a worker, a simulation or an environment would begin."""

    def refused(*_arguments, **_options):
        raise BadInputError("That is not measured here.")

    def certified(spec, distance, event, threads, *_arguments):
        where = provenance_of_library(spec.name)
        clauses = dict.fromkeys(CLAUSES, Status("failed", "not measured here"))
        return certify.Certificate(spec, distance, threads, event.name, "d", clauses, where)

    for name in ("measure", "call"):
        monkeypatch.setattr(
            Worker, name, lambda *_arguments, **_options: Status("failed", "not measured")
        )
    monkeypatch.setattr(production, "produce", refused)
    monkeypatch.setattr(compare, "measure_environments", refused)
    monkeypatch.setattr(certify, "certify", certified)
    monkeypatch.chdir(tmp_path)


def ends_well(words, places, monkeypatch, capsys):
    """Assert that a command line ends with an exit code, and without a traceback."""
    for name, place in places.items():
        words = [word.replace(name, place) for word in words]
    try:
        code = run_in_process(words, monkeypatch)
    except BaseException as error:
        raise AssertionError(words) from error
    captured = capsys.readouterr()
    assert code in {0, 1, 2}, words
    assert "Traceback" not in captured.err, words
    assert "\x1b" not in captured.out + captured.err, words
    assert all(len(line) <= 1_100 for line in captured.err.splitlines()), words


@pytest.mark.usefixtures("_nothing_is_measured")
@pytest.mark.parametrize("seed", range(6))
def test_no_command_line_ends_with_a_traceback(seed, places, monkeypatch, capsys):
    for words in command_lines(COMMANDS, 50, seed):
        ends_well(words, places, monkeypatch, capsys)


@pytest.mark.slow
@pytest.mark.usefixtures("_nothing_is_measured")
@pytest.mark.parametrize("seed", range(100, 200))
def test_no_command_line_of_many_ends_with_a_traceback(seed, places, monkeypatch, capsys):
    for words in command_lines(COMMANDS, 50, seed):
        ends_well(words, places, monkeypatch, capsys)


@pytest.mark.usefixtures("_nothing_is_measured")
@pytest.mark.parametrize(
    "line",
    [
        "evaluate EVENT --min-share 1e999999999",
        "evaluate ttbar-mu200(noise_share=0.3)@2()",
        "data validate EVENT EVENT --volumes ,",
        "data validate TABLE TABLE",
        "report --insert-into /",
        "report --html /dev/null",
        "report --figures PAGE",
        "data info EVENT --plots PAGE",
        "run EVENT --results PAGE",
        "compare PAGE PAGE",
        "data simulate muons --out PAGE",
        "recommend --max-seconds nan",
    ],
)
def test_what_once_ended_with_a_traceback_or_a_hang(line, places, monkeypatch, capsys):
    ends_well(line.split(), places, monkeypatch, capsys)
