"""Reading the challenge's format: what is there is read, what is wrong is named."""

import gzip
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from nearhit.datasets.readers.trackml import read_event, read_events
from nearhit.datasets.trackml_writer import write_event

from nearhit.data.event import UNKNOWN, Cells, Truth
from nearhit.errors import BadInputError

HITS = [
    "hit_id,x,y,z,volume_id,layer_id,module_id",
    "1,10.5,-2,300,7,2,1",
    "2,1e1,0.25,-1500,8,4,99",
    "5,-7,8,9,8,4,100",
]
BIG = 2**53 + 1  # a float would make it 2**53


def test_hits_alone_make_an_event(write_csv):
    event = read_event(write_csv(hits=HITS))
    assert event.name == "event000000001"
    assert event.hits.hit_id.tolist() == [1, 2, 5]
    assert event.hits.positions.tolist() == [[10.5, -2, 300], [10, 0.25, -1500], [-7, 8, 9]]
    assert event.hits.volume.tolist() == [7, 8, 8]
    assert event.truth is event.particles is event.cells is None


def test_truth_may_cover_only_some_hits_and_ids_stay_whole(write_csv):
    event = read_event(write_csv(hits=HITS, truth=["hit_id,particle_id", f"5,{BIG}", "1,0"]))
    assert event.truth.particle_id.tolist() == [0, UNKNOWN, BIG]
    assert event.truth.weight is None


def test_columns_that_are_not_asked_for_are_passed_over(write_csv):
    hits = [f"{line},{extra}" for line, extra in zip(HITS, ["note", "a", "", "b"], strict=True)]
    assert len(read_event(write_csv(hits=hits))) == 3


def test_particles_and_cells(write_csv):
    prefix = write_csv(
        hits=HITS,
        truth=["hit_id,particle_id,weight", f"1,{BIG},0.5", f"2,{BIG},0.25", "5,7,0"],
        particles=[
            "particle_id,vx,vy,vz,px,py,pz,q",
            f"{BIG},0,0,1,3,4,0,-1",
            "7,0,0,0,1,0,0,1",
            "9,0,0,0,2,0,0,1",
        ],
        cells=["hit_id,ch0,ch1,value", "5,1,2,0.5", "1,3,4,0.25"],
    )
    event = read_event(prefix, cells=True)
    assert event.particles.pt.tolist() == [5, 1, 2]
    assert event.particles.nhits.tolist() == [2, 1, 0]  # counted: the file does not say
    assert event.truth.weight.tolist() == [0.5, 0.25, 0]
    assert event.cells.hit.tolist() == [2, 0]


@pytest.mark.parametrize("shape", ["directory", "prefix", "gz", "zip", "prefix in a zip"])
def test_every_shape_of_source(write_csv, tmp_path, shape):
    prefix = write_csv(hits=HITS)
    plain = tmp_path / "event000000001-hits.csv"
    if shape == "gz":
        (tmp_path / "event000000001-hits.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    if "zip" in shape:
        with zipfile.ZipFile(tmp_path / "events.zip", "w") as archive:
            archive.write(plain, "train/event000000001-hits.csv")
    source = {
        "directory": tmp_path,
        "zip": tmp_path / "events.zip",
        "prefix in a zip": tmp_path / "events.zip" / "train" / "event000000001",
    }.get(shape, prefix)
    assert len(read_event(source)) == 3


def test_a_directory_of_events_is_read_one_by_one(write_csv, tmp_path):
    write_csv(hits=HITS)
    (tmp_path / "event000000002-hits.csv").write_text("\n".join(HITS[:2]) + "\n")
    assert [len(event) for event in read_events(tmp_path)] == [3, 1]
    with pytest.raises(BadInputError, match=r"holds 2 events: name one, such as .*event000000001"):
        read_event(tmp_path)


def changed(line, text):
    return [text if number == line else kept for number, kept in enumerate(HITS, start=1)]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["hit_id,x,y,volume_id,layer_id,module_id", "1,1,1,7,2,1"], "has no column z"),
        (
            ["hit_id,x,x,y,z,volume_id,layer_id,module_id", "1,1,1,1,1,1,1,1"],
            "column x occurs twice; rename one",
        ),
        (changed(3, "2,ten,0,0,8,4,1"), "line 3: x must be a finite number, not 'ten'"),
        (changed(3, "2,nan,0,0,8,4,1"), "line 3: x must be a finite number, not 'nan'"),
        (changed(4, "5,0,-inf,0,8,4,1"), "line 4: y must be a finite number, not '-inf'"),
        (changed(4, "5,0,1e39,0,8,4,1"), "line 4: y is 1e+39"),
        (changed(4, "5,0,,0,8,4,1"), "line 4: y must be a finite number, not ''"),
        (changed(3, "1.5,0,0,0,8,4,1"), "line 3: hit_id must be a whole number"),
        (changed(3, f"{2**63},0,0,0,8,4,1"), "line 3: hit_id must be a whole number"),
        (changed(4, "1,0,0,0,8,4,1"), "line 4: hit_id 1 occurs twice"),
        (changed(4, "5,0,0,0,8,4"), "line 4 has a different number of fields"),
        (changed(4, "5,0,0,0,8,4,1,1"), "line 4 has a different number of fields"),
        (changed(2, "1,0,0,0,-8,4,1"), "line 2: volume_id is -8"),
        (HITS[:1], "has no hit below its header"),
        ([""], "is empty: it needs a header line"),
    ],
)
def test_wrong_hits_are_refused_by_file_and_line_or_column(write_csv, lines, answer):
    with pytest.raises(BadInputError) as refusal:
        read_event(write_csv(hits=lines))
    assert answer in str(refusal.value)
    assert "event000000001-hits.csv" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        ({"truth": ["hit_id,particle_id", "3,1"]}, "truth.csv line 2: truth for hit_id 3, which"),
        ({"truth": ["hit_id,particle_id", "1,1", "1,2"]}, "truth.csv line 3: hit_id 1 occurs twi"),
        ({"truth": ["hit_id,particle_id", "1,-4"]}, "truth.csv line 2: particle_id -4 is negati"),
        ({"truth": ["hit_id", "1"]}, "truth.csv has no column particle_id"),
        ({"truth": ["hit_id,particle_id", "1,7.0"]}, "particle_id must be a whole number"),
        ({"truth": ["hit_id,particle_id,weight", "1,7,-1"]}, "weight -1.0 is negative"),
        ({"particles": ["particle_id", "1"]}, "particles.csv has no column vx"),
        (
            {"particles": ["particle_id,vx,vy,vz,px,py,pz,q", "0,0,0,0,1,1,1,1"]},
            "line 2: particle_id 0 must be positive",
        ),
        (
            {"particles": ["particle_id,vx,vy,vz,px,py,pz,q", "5,0,0,0,1,1,1e39,1"]},
            "line 2: px, py, pz must fit a float32",
        ),
        (
            {"particles": ["particle_id,vx,vy,vz,px,py,pz,q", *["5,0,0,0,1,1,1,1"] * 2]},
            "line 3: particle_id 5 occurs twice",
        ),
        (
            {
                "truth": ["hit_id,particle_id", "1,0", "2,6"],
                "particles": ["particle_id,vx,vy,vz,px,py,pz,q", "5,0,0,0,1,1,1,1"],
            },
            "truth.csv line 3: particle_id 6 is not in the file of particles; take all files of",
        ),
        (
            {"truth": ["hit_id,particle_id,tx,ty,tz", "1,5,0,0,-500"]},
            "truth.csv line 2: the particle was more than 100 mm from hit_id 1; the files are of",
        ),
        (
            {"truth": ["hit_id,particle_id,tx,ty,tz", "1,5,0,0,1e308"]},
            "truth.csv line 2: the particle was more than 100 mm from hit_id 1; the files are of",
        ),
    ],
)
def test_wrong_truth_and_particles_are_refused(write_csv, kinds, answer):
    with pytest.raises(BadInputError) as refusal:
        read_event(write_csv(hits=HITS, **kinds))
    assert answer in str(refusal.value)


def test_damaged_files_are_named(write_csv, tmp_path):
    prefix = write_csv(hits=HITS)
    plain = tmp_path / "event000000001-hits.csv"
    packed = gzip.compress(plain.read_bytes())
    plain.unlink()
    damaged = tmp_path / "event000000001-hits.csv.gz"
    for content, answer in [
        (packed[:-12], "is truncated: copy it again"),
        (b"hit_id,x\n1,2\n", "is not a gzip file: drop the .gz from its name"),
        (b"", "empty"),
        (packed[:20] + b"\0\0\0\0" + packed[24:], "damaged|truncated"),
    ]:
        damaged.write_bytes(content)
        with pytest.raises(BadInputError, match=answer):
            read_event(prefix)


def test_damaged_archives_are_named(tmp_path):
    archive = tmp_path / "events.zip"
    archive.write_bytes(b"PK\3\4 this is no archive")
    with pytest.raises(BadInputError, match=r"events\.zip is not a readable zip archive"):
        read_event(archive)


@pytest.mark.parametrize("source", ["nothing", "event00000001", "empty"])
def test_an_event_that_is_not_there(write_csv, tmp_path, source):
    write_csv(hits=HITS)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInputError) as refusal:
        read_event(tmp_path / source)
    expected = {
        "nothing": "There is no file",
        "event00000001": "did you mean event000000001?",
        "empty": "holds no event",
    }
    assert expected[source] in str(refusal.value)


def test_what_is_written_is_read_back(toy_event, make_particles, tmp_path):
    ids = np.unique(toy_event.truth.particle_id)[1:]
    n = len(toy_event)
    whole = replace(
        toy_event,
        truth=Truth(toy_event.truth.particle_id, np.linspace(0, 1, n).round(4)),
        particles=make_particles(ids, np.linspace(0.5, 3, len(ids)).round(3)),
        cells=Cells(*(np.arange(5, dtype=np.int32),) * 3, np.ones(5, np.float32)),
    )
    write_event(whole, tmp_path / "event000000007")
    read = read_event(tmp_path / "event000000007", cells=True)
    assert np.allclose(read.hits.positions, whole.hits.positions, rtol=1e-5)
    assert np.array_equal(read.truth.particle_id, whole.truth.particle_id)
    assert np.allclose(read.truth.weight, whole.truth.weight)
    assert np.array_equal(read.particles.particle_id, ids)
    assert np.allclose(read.particles.pt, whole.particles.pt, rtol=1e-5)
    assert np.array_equal(read.cells.hit, whole.cells.hit)


def test_the_same_event_gives_the_same_bytes(toy_event, tmp_path):
    for name in ("a", "b"):
        write_event(toy_event, tmp_path / name)
    for kind in ("hits", "truth"):
        first, second = ((tmp_path / f"{name}-{kind}.csv.gz").read_bytes() for name in "ab")
        assert first == second


def test_unknown_truth_is_not_written_as_noise(make_event, tmp_path):
    write_event(make_event(np.eye(3), [7, UNKNOWN, 0]), tmp_path / "e")
    assert read_event(tmp_path / "e").truth.particle_id.tolist() == [7, UNKNOWN, 0]


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(toy_event, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInputError, match="cannot be written"):
        write_event(toy_event, tmp_path / "file" / "event")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
