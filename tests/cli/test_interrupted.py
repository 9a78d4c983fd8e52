"""Ctrl-C says what is kept and how to go on, and ends with exit code 130."""

import signal
import subprocess
import sys

import pytest
from in_process import run_in_process
from nearhit.datasets.trackml_writer import write_event

from nearhit.cells.status import OK
from nearhit.cli import certify, compare
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.measure.runner import provenance_of_library


@pytest.fixture
def event(toy_event, tmp_path):
    write_event(toy_event, tmp_path / "event000000001")
    return str(tmp_path / "event000000001")


def interrupt(*_arguments):
    raise KeyboardInterrupt


def test_run_says_how_many_cells_are_recorded_and_how_to_go_on(event, tmp_path):
    """The first cell is measured; the second, whose adapter hangs, is interrupted."""
    hanging = tmp_path / "faulty.py"
    hanging.write_text(
        "import os, signal\n"
        "from nearhit.measure.worker import Worker\n"
        "from nearhit.cli import main\n"
        "measured = Worker.measure\n"
        "def second(worker, cell, *arguments, **options):\n"
        "    if cell.bucket_size == 8:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return measured(worker, cell, *arguments, **options)\n"
        "Worker.measure = second\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    options = ["--index", "scipy-kdtree", "-k", "5", "-k", "8", "--repeats", "1"]
    command = [sys.executable, hanging, "run", event, *options, "--results", tmp_path / "r s"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    last = done.stderr.splitlines()[-1]
    assert last.startswith("nearhit: interrupted: ")
    assert f"cells of event000000001 are recorded in {tmp_path / 'r s' / 'records'}" in last
    assert f"run it again: nearhit run {event} --index scipy-kdtree -k 5 -k 8" in last
    assert f"--results '{tmp_path / 'r s'}'" in last
    assert "Traceback" not in done.stderr


def test_certify_says_what_is_certified_and_what_is_left(event, tmp_path, monkeypatch, capsys):
    def certified(spec, distance, *_arguments):
        if spec.name == "scipy-kdtree":
            raise KeyboardInterrupt
        where = provenance_of_library(spec.name)
        return Certificate(spec, distance, 1, "e", "d" * 16, dict.fromkeys(CLAUSES, OK), where)

    monkeypatch.setattr(certify, "certify", certified)
    libraries = ["sphere-grid", "scipy-kdtree", "sklearn-brute"]
    arguments = ["certify", *libraries, "--event", event, "--results", str(tmp_path)]
    assert run_in_process(arguments, monkeypatch) == 130
    said = capsys.readouterr().err
    assert f"1 of 3 certificates are in {tmp_path / 'certificates'}" in said
    assert "nearhit certify 'scipy-kdtree(leafsize=16)' sklearn-brute" in said


def test_compare_says_that_nothing_is_kept(monkeypatch, capsys, toy_event):
    monkeypatch.setattr(compare, "measure_environments", interrupt)
    monkeypatch.setattr(compare, "open_event", lambda _: toy_event)
    assert run_in_process(["compare", "HEAD", "HEAD"], monkeypatch) == 130
    assert "nothing is kept; begin again with: nearhit compare HEAD HEAD" in capsys.readouterr().err


def test_any_other_command_ends_without_a_traceback(monkeypatch, capsys):
    from nearhit.cli import machine

    monkeypatch.setattr(machine, "this_machine", interrupt)
    assert run_in_process(["machine"], monkeypatch) == 130
    assert capsys.readouterr().err.startswith("nearhit: interrupted")
