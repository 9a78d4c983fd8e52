"""Damaged files over every reader: an event that is whole, or one sentence."""

import traceback

import numpy as np
import pytest
from mutations import mutated
from nearhit.datasets.open_event import find, readers
from nearhit.datasets.readers.trackml import read_events
from small_files import SOURCES

from nearhit.data.event import UNKNOWN
from nearhit.errors import BadInputError

FEW, MANY = 2_000, 100_000
"""Inputs over all sources in `make test` and in `make test-slow`."""

_LONGEST = 300  # characters of a sentence
_SHOWN = 5  # failures


def whole(event):
    """Check what every later step takes for granted."""
    assert len(event) == len(event.hits.hit_id) > 0
    assert np.isfinite(event.hits.positions).all()
    assert len(np.unique(event.hits.hit_id)) == len(event)
    assert event.name.isprintable()
    assert event.origin.isprintable()
    if event.truth:
        assert event.truth.particle_id.min() >= UNKNOWN
        weight = event.truth.weight
        assert weight is None or ((weight >= 0) & np.isfinite(weight)).all()
    if event.particles:
        ids = event.particles.particle_id
        assert (ids > 0).all()
        assert len(np.unique(ids)) == len(ids)
        for column in (event.particles.momentum, event.particles.vertex, event.particles.charge):
            assert np.isfinite(column).all()
    if event.cells:
        assert (event.cells.hit < len(event)).all()
        assert np.isfinite(event.cells.value).all()


def one_sentence(answer):
    """Check that a refusal can be printed in a line."""
    assert answer.replace("\N{NO-BREAK SPACE}", " ").isprintable(), answer  # a blank like others
    assert len(answer) <= _LONGEST, answer
    assert answer.endswith((".", "?")), answer


def events_or_sentence(path, columns):
    """Return the events at a path, or the sentence that refuses them."""
    try:
        found = find(str(path), columns)
        events = [one.load() for one in found if one.digest()]
        if path.name.endswith((".zip", "event000000001")) or path.is_dir():
            events += _with_cells(path, found)
    except BadInputError as error:
        return str(error)
    return events


def _with_cells(path, found):
    """Return the events of TrackML with their cells, which `find` leaves out."""
    known = any("-hits" in file.path and len(one.files) > 1 for one in found for file in one.files)
    measured = any("measurements" in file.path for one in found for file in one.files)
    return list(read_events(path, cells=True)) if known and not measured else []


def fuzz(kind, numbers, folder):
    """Open a source once for each number, from which its damage is drawn; return failures."""
    source = SOURCES[kind]
    names = sorted(source.files)
    for name, content in source.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    failures = []
    for number in numbers:
        random = np.random.default_rng((number, sorted(SOURCES).index(kind)))
        name = names[random.integers(len(names))]
        (folder / name).write_bytes(mutated(name, source.files[name], random))
        try:
            answer = events_or_sentence(folder / source.opened, source.columns)
            if isinstance(answer, str):
                one_sentence(answer)
                assert folder.name in answer or "event0000" in answer, answer
            else:
                for event in answer:
                    whole(event)
        except Exception:  # noqa: BLE001 - whatever else comes out is what is looked for
            failures.append(f"{kind} {number}: {traceback.format_exc(limit=-4)}")
        (folder / name).write_bytes(source.files[name])
    return failures


@pytest.mark.parametrize("kind", SOURCES)
def test_small_files_are_valid(kind, tmp_path):
    assert fuzz(kind, (), tmp_path) == []
    answer = events_or_sentence(tmp_path / SOURCES[kind].opened, SOURCES[kind].columns)
    assert isinstance(answer, list), answer
    assert answer


def test_every_reader_is_fuzzed(tmp_path):
    """One that is added, too: it needs a small file of its format."""
    loaders = set()
    for kind, source in SOURCES.items():
        fuzz(kind, (), tmp_path / kind)
        found = find(str(tmp_path / kind / source.opened), source.columns)
        loaders |= {one.load.func.__module__ for one in found}
    assert loaders == {type(reader).__module__ for reader in readers()}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_damaged_file_is_read_or_refused_in_one_sentence(kind, tmp_path):
    failures = fuzz(kind, range(-(-FEW // len(SOURCES))), tmp_path)
    assert not failures, "\n".join([f"{len(failures)} failures", *failures[:_SHOWN]])


@pytest.mark.slow
@pytest.mark.parametrize("kind", SOURCES)
def test_no_damaged_file_is_answered_otherwise(kind, tmp_path):
    failures = fuzz(kind, range(-(-MANY // len(SOURCES))), tmp_path)
    assert not failures, "\n".join([f"{len(failures)} failures", *failures[:_SHOWN]])
