"""The cache of events: what it keeps, and that nothing that happens to it changes an event."""

import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from nearhit.datasets import cache
from nearhit.datasets.cache import cached
from nearhit.datasets.open_event import open_event
from nearhit.datasets.trackml_writer import write_event

from nearhit.data.event import Cells


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NEARHIT_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept" / "events"


@pytest.fixture
def event(toy_event):
    cells = Cells(*(np.arange(3, dtype=kind) for kind in (np.int32,) * 3), np.ones(3, np.float32))
    return replace(toy_event, cells=cells, recipe={"name": "made by hand"})


def never():
    raise AssertionError


def same(one, other):
    return one.digest == other.digest and all(
        np.array_equal(column, getattr(other.cells, name))
        for name, column in one.cells.columns().items()
    )


def test_what_is_kept_is_the_event(event):
    first = cached("key", "first", lambda: event)
    again = cached("key", "again", never)
    assert first is event
    assert same(event, again)
    assert (again.name, again.origin) == ("again", "made by hand")
    assert again.particles is None


@pytest.mark.parametrize("damage", [b"", b"half", None])
def test_a_damaged_entry_is_made_anew(event, folder, damage):
    cached("key", "toy", lambda: event)
    entry = next(folder.iterdir())
    whole = entry.read_bytes()
    entry.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert same(event, cached("key", "toy", lambda: event))
    assert same(event, cached("key", "toy", never))


def test_other_content_under_the_same_name_is_read_anew(toy_event, tmp_path):
    prefix = tmp_path / "event000000001"
    write_event(toy_event, prefix)
    assert len(open_event(str(prefix))) == len(toy_event)
    fewer = toy_event.select(np.arange(len(toy_event)) < 300)
    write_event(fewer, prefix)
    assert len(open_event(str(prefix))) == 300


def test_the_same_content_in_another_place_is_not_read_again(toy_event, tmp_path, monkeypatch):
    from nearhit.datasets.readers import trackml

    for place in ("here", "there"):
        write_event(toy_event, tmp_path / place / "event000000001")
    open_event(str(tmp_path / "here"))
    monkeypatch.setattr(trackml, "read_table", None)  # what is called again now fails
    assert len(open_event(str(tmp_path / "there"))) == len(toy_event)


def test_two_writers_of_one_entry_leave_a_whole_one(event, folder):
    barrier = threading.Barrier(8)

    def write():
        barrier.wait()
        cached("key", "toy", lambda: event)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [path.suffix for path in folder.iterdir()] == [".npz"]
    assert same(event, cached("key", "toy", never))


def on_a_full_disk(*lines):
    """Run code in a process in which no file may grow past a few bytes; return what it prints."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))"
    code = "\n".join(("import warnings; warnings.simplefilter('always')", *lines))
    loaded = code.replace("# full", limit)
    command = [sys.executable, "-B", "-c", loaded]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_room_the_event_is_there_and_nothing_half_written(folder):
    done = on_a_full_disk(
        "from nearhit.datasets.bundled import bundled_event",
        "from nearhit.datasets.cache import cached",
        "# full",
        "print(len(cached('key', 'bundled', bundled_event)))",
    )
    assert done.stdout == "103012\n"
    assert "bundled cannot be cached in" in done.stderr
    assert "(File too large); it will be read or simulated again next time." in done.stderr
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_no_half_written_event(tmp_path):
    done = on_a_full_disk(
        "from nearhit.datasets.bundled import bundled_event",
        "from nearhit.datasets.trackml_writer import write_event",
        "from nearhit.errors import BadInputError",
        "# full",
        "try:",
        f"    write_event(bundled_event(), {str(tmp_path / 'event000000001')!r})",
        "except BadInputError as error:",
        "    print(error)",
    )
    assert "cannot be written (File too large): make room there or choose" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_entry_of_another_layout_is_not_read(event, monkeypatch):
    cached("key", "toy", lambda: event)
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    with pytest.raises(AssertionError):
        cached("key", "toy", never)
