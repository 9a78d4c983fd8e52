"""Events in other formats than the challenge's, and what is wrong with some of them."""

import gzip
import io
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from nearhit.datasets.open_event import find, open_event, open_events
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.datasets.readers.trackml import read_event
from nearhit.datasets.trackml_writer import write_event
from small_files import ACTS, COLLIDERML, ID, NAMES, TABLE, table_as

from nearhit.data.event import UNKNOWN
from nearhit.errors import BadInputError


def test_acts_measurements_make_an_event(write_csv):
    event = open_event(str(write_csv(**ACTS)))
    assert event.hits.positions.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert event.hits.volume.tolist() == [8, 8, 9]
    assert event.hits.layer.tolist() == [2, 4, 2]
    assert event.hits.module.tolist() == [7, 9, 1]
    two = (1 << 52) | (2 << 24)
    # The first of two particles of a measurement counts; one that the map lacks is not known.
    assert event.truth.particle_id.tolist() == [two, 0, UNKNOWN]
    assert event.particles.pt.tolist() == [5]
    assert event.particles.nhits.tolist() == [1]


def test_acts_measurements_alone_have_no_truth(write_csv):
    event = open_event(str(write_csv(measurements=ACTS["measurements"])))
    assert len(event) == 3
    assert event.truth is event.particles is None


def test_acts_hits_in_other_modules_than_their_measurements_are_refused(write_csv):
    places = (f"{8 << 56 | 4 << 36 | 9 << 8}", f"{8 << 56 | 2 << 36 | 7 << 8}")
    lines = [ID + ",geometry_id", *(f"1,0,2,0,0,{place}" for place in places)]
    right = ACTS | {"hits": lines, "measurement-simhit-map": ["measurement_id,hit_id", "0,1"]}
    assert open_event(str(write_csv(**right))).truth.particle_id[0] > 0
    mixed = right | {"measurement-simhit-map": ["measurement_id,hit_id", "0,0"]}
    with pytest.raises(BadInputError, match=r"line 2: simulated hit 0 lies in another module"):
        open_event(str(write_csv(**mixed)))


def test_acts_files_of_two_events_are_refused(write_csv):
    mixed = ACTS | {"measurement-simhit-map": ["measurement_id,hit_id", "0,9"]}
    with pytest.raises(BadInputError, match=r"line 2: simulated hit 9 .* of two events"):
        open_event(str(write_csv(**mixed)))
    mixed = ACTS | {"measurement-simhit-map": ["measurement_id,hit_id", "5,0"]}
    with pytest.raises(BadInputError, match=r"line 2: measurement 5 .* another event"):
        open_event(str(write_csv(**mixed)))


def colliderml(folder, hits=None):
    """Two events in the layout of the release, in two row groups."""
    tables = COLLIDERML | {"tracker_hits": hits} if hits else COLLIDERML
    for kind, table in tables.items():
        place = folder / f"ttbar_pu0_{kind}" / "data" / f"ttbar_pu0_{kind}"
        place.mkdir(parents=True)
        name = place / "train-00000-of-00001.parquet"
        pa.parquet.write_table(pa.table(table), name, row_group_size=1)
    return folder


def test_colliderml_events_are_read_one_by_one(tmp_path):
    source = colliderml(tmp_path)
    assert [found.name for found in find(str(source))] == ["event000000007", "event000000008"]
    event = open_event(f"{source}/event000000008")
    assert event.hits.x.tolist() == [3, 4, 5]
    # Particle 0 is a particle there: ids are moved on by one, for 0 is noise here.
    assert event.truth.particle_id.tolist() == [3, 3, 1]
    assert event.particles.particle_id.tolist() == [1, 3]
    assert event.particles.nhits.tolist() == [1, 2]
    assert [len(one) for one in open_events(str(source))] == [2, 3]
    with pytest.raises(BadInputError, match=r"holds 2 events: name one, such as .*event000000007"):
        open_event(str(source))


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"x": None}, "no column x; it has event_id, y, z"),
        ({"event_id": None}, "no column event_id"),
        ({"x": [1.0, 2.0]}, "column x must hold a list"),
        ({"x": [[1.0], [2.0]]}, "lists of unequal length"),
        ({"x": [[1.0, None], [2.0, 3.0, 4.0]]}, "column x must hold a number in each row"),
        ({"x": [[1.0, np.nan], [2.0, 3.0, 4.0]]}, "row 1: x must be a finite number"),
        ({"particle_id": [[0.5, 1.0], [2.0, 2.0, 0.0]]}, "particle_id must hold a whole number"),
        ({"particle_id": [["a", "b"], ["a", "b", "c"]]}, "column particle_id"),
    ],
)
def test_what_is_wrong_with_colliderml_files_is_named(tmp_path, change, answer):
    good = pa.parquet.read_table(
        next((colliderml(tmp_path / "good")).rglob("*hits/*.parquet"))
    ).to_pydict()
    hits = {name: values for name, values in (good | change).items() if values is not None}
    source = colliderml(tmp_path / "bad", hits)
    with pytest.raises(BadInputError, match=answer):
        open_event(f"{source}/event000000007")


def write_table(folder, form, table):
    path = folder / f"hits.{form}"
    path.write_bytes(table_as(form, table))
    return path


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet", "npz", "npy"])
def test_a_plain_table_is_read_by_the_names_that_one_gives(tmp_path, form):
    event = open_event(str(write_table(tmp_path, form, TABLE)), columns=NAMES)
    assert event.name == "hits"
    assert event.hits.positions.tolist() == [[1, 0, 5], [2, 1, 6], [3, 0, 7]]
    assert event.truth.particle_id.tolist() == [3, 0, UNKNOWN]
    assert event.hits.volume.tolist() == [0, 0, 0]


def test_a_table_that_is_called_as_we_call_it_needs_no_names(tmp_path):
    path = tmp_path / "points.npy"
    np.save(path, np.eye(3))
    assert open_event(str(path)).hits.positions.tolist() == np.eye(3).tolist()


def test_other_columns_of_one_table_make_another_event(tmp_path):
    path = str(write_table(tmp_path, "csv", TABLE))
    assert open_event(path, columns=NAMES).hits.y.tolist() == [0, 1, 0]
    assert open_event(path, columns=NAMES | {"y": "gx"}).hits.y.tolist() == [1, 2, 3]
    places = {name: column for name, column in NAMES.items() if name != "particle_id"}
    assert open_event(path, columns=places).truth is None


def test_a_file_of_many_events_is_hashed_once(tmp_path):
    path = write_table(tmp_path, "csv", TABLE | {"event": [1, 2, 3]})
    found = find(str(path), NAMES)
    digests = {one.digest() for one in found}
    path.unlink()
    assert {one.digest() for one in found} == digests


def test_a_table_of_many_events_gives_the_one_that_is_named(tmp_path):
    path = write_table(tmp_path, "parquet", TABLE | {"evt": [4, 4, 9]})
    names = NAMES | {"event": "evt"}
    assert len(open_event(f"{path}/event4", columns=names)) == 2
    with pytest.raises(BadInputError, match=r"holds 2 events: name one, such as .*event4"):
        open_event(str(path), columns=names)


@pytest.mark.parametrize("form", ["csv", "parquet", "npz", "npy"])
@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"gx": None}, "no column gx; it has gy, gz, pid"),
        ({"pid": [1, 2, -2]}, "particle_id -2 is negative"),
        ({"weight": [1.0, 0.0, -2.0]}, "weight -2.0 is negative"),
        ({"gx": [1.0, 1e39, 1.0]}, "beyond the range of float32"),
        ({"gx": ["a", "b", "c"]}, "gx"),
        ({"gx": [1.0, float("nan"), 1.0]}, "finite"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(tmp_path, form, change, answer):
    table = {name: column for name, column in (TABLE | change).items() if column is not None}
    path = write_table(tmp_path, form, table)
    with pytest.raises(BadInputError, match=answer) as error:
        open_event(str(path), columns=NAMES)
    assert str(path) in str(error.value)


def test_a_pickle_is_not_opened(tmp_path):
    """A NumPy file may hold Python objects, whose reading runs code."""
    path = tmp_path / "hits.npz"
    np.savez(path, x=np.array([object()]), y=np.zeros(1), z=np.zeros(1))
    with pytest.raises(BadInputError, match="not a NumPy file of plain arrays"):
        open_event(str(path))


def test_columns_are_pairs_of_known_names():
    assert columns_from("x=gx, y=gy") == {"x": "gx", "y": "gy"}
    assert columns_from("") == {}
    for text in ("x", "x=", "q=gx", "x=gx,x=gy"):
        with pytest.raises(BadInputError, match="--columns takes pairs such as x=gx"):
            columns_from(text)


@pytest.mark.parametrize("name", ["bundled", "muons@7"])
def test_a_named_event_has_no_columns_to_name(name):
    with pytest.raises(BadInputError, match=f"{name} is not a table: leave out --columns"):
        open_event(name, columns=NAMES)


def test_columns_are_for_tables_alone(tmp_path, toy_event):
    write_event(toy_event, tmp_path / "event000000001")
    with pytest.raises(BadInputError, match="is not a table"):
        open_event(str(tmp_path), columns=NAMES)


@pytest.mark.parametrize("form", ["csv.gz", "parquet"])
def test_what_is_written_is_read_again(tmp_path, toy_event, form):
    write_event(toy_event, tmp_path / "event000000001", form)
    again = open_event(str(tmp_path))
    assert again.hits.positions == pytest.approx(toy_event.hits.positions, rel=1e-5)
    assert again.truth.particle_id.tolist() == toy_event.truth.particle_id.tolist()
    with pytest.raises(BadInputError, match="no file form 'root'"):
        write_event(toy_event, tmp_path / "x", "root")


def test_a_zip_that_points_outside_its_folder_is_refused(tmp_path):
    for name in ("../event1-hits.csv", "/event1-hits.csv", "..\\event1-hits.csv", "C:\\event1"):
        with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
            archive.writestr(name, "hit_id\n1\n")
        with pytest.raises(BadInputError, match="points outside its folder: pack it again"):
            open_event(str(tmp_path / "bad.zip"))


def test_what_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    zeros = b"hit_id,x,y,z\n" + b"0" * 50_000_000
    (tmp_path / "event1-hits.csv.gz").write_bytes(gzip.compress(zeros))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("event1-hits.csv", zeros)
    for source in (tmp_path, tmp_path / "bomb.zip"):
        with pytest.raises(BadInputError, match="unpacks to more than 200 times its size"):
            open_event(str(source))


def test_a_bomb_in_a_bomb_is_held_against_what_is_on_the_disk(tmp_path):
    """Packed twice, and each time to less than the most: no file may hide in a file."""
    block = np.random.default_rng(1).bytes(1_000).hex().encode()
    packed = gzip.compress(block * 10_000, compresslevel=9)
    with zipfile.ZipFile(tmp_path / "twice.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("event1-hits.csv.gz", packed)
        inside = archive.getinfo("event1-hits.csv.gz")
    assert len(packed) < inside.compress_size * 200
    assert len(block) * 10_000 < len(packed) * 200
    with pytest.raises(BadInputError, match="unpacks to more than 200 times its size"):
        open_event(str(tmp_path / "twice.zip"))


def test_tables_that_unpack_to_far_more_than_they_are_are_refused(tmp_path):
    zeros = {axis: np.zeros(1_000_000) for axis in "xyz"}
    np.savez_compressed(tmp_path / "bomb.npz", **zeros)
    pa.parquet.write_table(pa.table(zeros), tmp_path / "bomb.parquet")
    pa.parquet.write_table(pa.table(zeros), tmp_path / "event1-hits.parquet")
    for name in ("bomb.npz", "bomb.parquet"):
        with pytest.raises(BadInputError, match="unpacks to more than 200 times its size"):
            open_event(str(tmp_path / name))


def test_colliderml_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    many = {axis: [[0.0] * 1_000_000] for axis in "xyz"}
    many |= {name: [[1] * 1_000_000] for name in ("volume_id", "layer_id", "surface_id")}
    source = colliderml(tmp_path, {"event_id": [7], "particle_id": [[1] * 1_000_000], **many})
    with pytest.raises(BadInputError, match="unpacks to more than 200 times its size"):
        open_event(f"{source}/event000000007")


def test_what_else_an_archive_of_arrays_holds_is_not_looked_at(tmp_path):
    axes = {axis: np.ones(2) for axis in "xyz"}
    np.savez(tmp_path / "hits.npz", **axes, notes=np.array([object()]))
    assert len(open_event(str(tmp_path / "hits.npz"))) == 2


def test_the_events_of_an_archive_are_named_with_their_folders(tmp_path, toy_event):
    for name in ("event1", "event2"):
        write_event(toy_event, tmp_path / name)
    source = tmp_path / "train.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for path in sorted(tmp_path.glob("*.csv.gz")):
            archive.write(path, f"train/{path.name}")
    with pytest.raises(BadInputError, match=r"such as (\S+)\.$") as refusal:
        open_event(str(source))
    named = str(refusal.value).split()[-1].rstrip(".")
    assert named == f"{source}/train/event1"
    assert len(open_event(named)) == len(toy_event)
    with pytest.raises(BadInputError, match=f"such as {source}/train/event1"):
        read_event(source)


def test_an_archive_is_opened_once_for_all_its_files(tmp_path, toy_event, monkeypatch):
    write_event(toy_event, tmp_path / "event1")
    source = tmp_path / "train.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for path in sorted(tmp_path.glob("*.csv.gz")):
            archive.write(path, path.name)
    found = find(str(source))
    monkeypatch.setattr(zipfile, "ZipFile", None)  # what opens it again now fails
    assert [len(one.load()) for one in found] == [len(toy_event)]


def test_a_zip_that_holds_more_than_it_says_is_refused(tmp_path):
    hits = b"hit_id,x,y,z,volume_id,layer_id,module_id\n" + b"1,1,1,1,7,2,1\n" * 1000
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("event1-hits.csv", hits)
    content = buffer.getvalue().replace(len(hits).to_bytes(4, "little"), (60).to_bytes(4, "little"))
    (tmp_path / "lies.zip").write_bytes(content)
    with pytest.raises(BadInputError, match="damaged"):
        open_event(str(tmp_path / "lies.zip"))


def test_a_directory_without_events(tmp_path):
    with pytest.raises(BadInputError, match="holds no event: it needs a file such as"):
        open_event(str(tmp_path))
