"""The public API: `import nearhit` and five names."""

import subprocess
import sys

import pytest

import nearhit


def test_every_public_name_can_be_imported():
    for name in nearhit.__all__:
        assert getattr(nearhit, name).__doc__
    assert set(dir(nearhit)) == set(nearhit.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'nearhit' has no attribute 'nothing'"):
        nearhit.nothing  # noqa: B018 - the access is what raises


def test_importing_an_adapter_loads_none_of_it():
    program = "import sys, nearhit.adapter; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "nearhit.plugins.adapter" in loaded
    heavy = {"pandas", "pyarrow", "scipy", "numba", "matplotlib", "nearhit.measure"}
    assert not heavy & loaded


def test_a_cell_is_evaluated_and_nothing_is_written(toy_event, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cell = nearhit.Cell.of(toy_event, index="scipy-kdtree", bucket_size=8, threads=1)
    record = nearhit.evaluate(toy_event, cell, repeats=2)
    assert isinstance(record, nearhit.Record)
    assert record.status.outcome == "ok"
    assert len(record.timing.warm) == 2
    assert record.quality.recall == 1.0
    assert not list(tmp_path.iterdir())


def test_a_run_is_recorded_and_resumed(toy_event, tmp_path):
    cells = [
        nearhit.Cell.of(toy_event, index="scipy-kdtree", bucket_size=size, threads=1)
        for size in (8, 5)
    ]
    first = nearhit.run(toy_event, cells[:1], tmp_path, repeats=1)
    both = nearhit.run(toy_event, cells, str(tmp_path), repeats=1)
    assert [record.cell for record in both] == cells
    assert both[0] == first[0]  # the times of the first measurement, not measured again
    found = nearhit.read_records(tmp_path)
    assert {record.cell for record in found} == set(cells)
    assert len(found) == 2


def test_a_run_that_was_killed_is_resumed_with_a_warning(toy_event, tmp_path):
    cell = nearhit.Cell.of(toy_event, index="scipy-kdtree", bucket_size=8, threads=1)
    nearhit.run(toy_event, [cell], tmp_path, repeats=1)
    (file,) = tmp_path.rglob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-9])  # as a kill leaves the line that it interrupts
    with pytest.warns(UserWarning, match="line 1, is not a readable record"):
        (record,) = nearhit.run(toy_event, [cell], tmp_path, repeats=1)
    assert nearhit.read_records(tmp_path) == [record]
