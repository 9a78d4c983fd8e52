"""Files that once took a reader down: each is refused in one sentence, or read."""

import json
import os
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from nearhit.datasets.barcode import MOST, Barcode
from nearhit.datasets.catalogue import recipes
from nearhit.datasets.open_event import find, open_event
from nearhit.datasets.production import Order, produce
from nearhit.datasets.readers.trackml import read_event
from small_files import (
    ACTS,
    COLLIDERML,
    ID,
    NAMES,
    SOURCES,
    TABLE,
    TRACKML,
    csv_of,
    npz_of,
    packed_by,
    parquet_of,
    table_as,
)

from nearhit.errors import BadInputError


def refusal(source, columns=None):
    with pytest.raises(BadInputError) as error:
        open_event(str(source), columns=columns)
    answer = str(error.value)
    assert answer.isprintable()
    assert len(answer) <= 300
    return answer


def put(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def colliderml(tmp_path):
    """Write two events, with other columns of hits or particles."""

    def write(**changes):
        tables = {kind: table | changes.get(kind, {}) for kind, table in COLLIDERML.items()}
        files = {f"{kind}.parquet": parquet_of(table) for kind, table in tables.items()}
        return put(tmp_path, files) / "event000000007"

    return write


@pytest.mark.parametrize(
    "numbers", [[7, None], ["7", "8"], [True, False], [[7], [8]], [7.5, 8.0], [None, None]]
)
def test_an_event_id_that_is_no_number_is_refused(colliderml, numbers):
    answer = refusal(colliderml(tracker_hits={"event_id": numbers}))
    assert "tracker_hits.parquet" in answer
    assert "column event_id must hold a" in answer


def test_metadata_that_do_not_fit_their_schema_do_not_end_the_process(tmp_path):
    """PyArrow calls `terminate` where they are asked for the size of a column."""
    content = SOURCES["colliderml"].files["tracker_hits/one.parquet"]
    column_may_be_null = b"\x35\x02\x18\x01y\x15\x02"
    assert column_may_be_null in content
    damaged = content.replace(column_may_be_null, b"\x35\x00\x18\x01y\x15\x02")
    put(tmp_path, SOURCES["colliderml"].files | {"tracker_hits/one.parquet": damaged})
    assert "one.parquet is not a readable Parquet file" in refusal(tmp_path / "event000000007")


@pytest.mark.parametrize("wrong", [-5, 2**63 - 1])
@pytest.mark.parametrize("kind", ["tracker_hits", "particles"])
def test_a_particle_id_of_colliderml_that_cannot_be_is_refused(colliderml, kind, wrong):
    ids = [[0, wrong], COLLIDERML[kind]["particle_id"][1]]
    answer = refusal(colliderml(**{kind: {"particle_id": ids}}))
    assert f"{kind}.parquet row 1: particle_id is {wrong}; it must be 0 or more" in answer


def test_an_unsigned_particle_id_does_not_wrap(colliderml):
    ids = pa.array([[0, 2**64 - 1], [2, 2, 0]], pa.list_(pa.uint64()))
    answer = refusal(colliderml(tracker_hits={"particle_id": ids}))
    assert "row 1: particle_id must be a whole number of at most 64 bits" in answer


def test_a_particle_of_colliderml_twice_is_refused(colliderml):
    answer = refusal(colliderml(particles={"particle_id": [[1, 1], [0, 2]]}))
    assert "particles.parquet row 1: particle_id 1 occurs twice" in answer


@pytest.mark.parametrize("header", [" hit_id,x, y,z", '" hit_id","x",y ,z', "\ufeff hit_id,x,y,z"])
def test_blanks_around_the_names_of_columns_do_not_count(write_csv, header):
    lines = [header + TRACKML["hits"][0].removeprefix("hit_id,x,y,z"), *TRACKML["hits"][1:]]
    assert len(read_event(write_csv(hits=lines))) == 3


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n\n"])
def test_lines_may_end_as_on_any_system(tmp_path, end):
    (tmp_path / "event1-hits.csv").write_bytes(end.join(TRACKML["hits"]).encode())
    assert len(read_event(tmp_path)) == 3


@pytest.mark.parametrize("form", ["csv", "parquet", "npz"])
def test_a_column_twice_is_refused(tmp_path, form):
    twice_named = ("gx", "gy", "gx", "gz", "pid")
    twice = {
        "csv": csv_of([",".join(twice_named), "1,2,3,4,5"]),
        "parquet": parquet_of(pa.Table.from_arrays([pa.array([1.0])] * 5, list(twice_named))),
        "npz": table_as("npz", TABLE),
    }
    path = tmp_path / f"hits.{form}"
    path.write_bytes(twice[form])
    if form == "npz":
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("gx.npy", archive.read("gx.npy"))
    assert refusal(path, NAMES).endswith(f"hits.{form}: column gx occurs twice; rename one.")


def test_a_field_of_megabytes_is_refused(tmp_path):
    (tmp_path / "hits.csv").write_text(f"x,y,z\n1,2,3\n1,{'x' * 5_000_000},3\n")
    assert "(line 3: field larger than field limit" in refusal(tmp_path / "hits.csv")


def test_a_quote_that_is_not_closed_loses_no_rows(tmp_path):
    rows = b"1,2,3\n" * 200_000
    (tmp_path / "hits.csv").write_bytes(b'x,y,z\n"' + rows)
    assert "is not a CSV file of numbers (line " in refusal(tmp_path / "hits.csv")
    (tmp_path / "hits.csv").write_bytes(b'"x","y",z\n"1","2",3\n' + rows)
    assert len(open_event(str(tmp_path / "hits.csv"))) == 200_001


def test_a_column_twice_that_is_not_read_does_not_matter(write_csv):
    hits = [
        f"{line},{extra}"
        for line, extra in zip(TRACKML["hits"], ["n,n", *["1,2"] * 3], strict=True)
    ]
    assert len(read_event(write_csv(hits=hits))) == 3


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_member_of_an_archive_is_refused(tmp_path, method):
    content = bytearray(packed_by(method, {"event1-hits.csv": csv_of(TRACKML["hits"])}))
    content[60:70] = b"\xff" * 10
    (tmp_path / "events.zip").write_bytes(content)
    assert "events.zip/event1-hits.csv is damaged (" in refusal(tmp_path / "events.zip")


def test_an_archive_whose_names_are_not_utf_8_is_refused(tmp_path):
    content = packed_by(zipfile.ZIP_STORED, {"é-hits.csv": csv_of(TRACKML["hits"])})
    (tmp_path / "events.zip").write_bytes(content.replace("é".encode(), b"\xe9\xe9"))
    assert "is not a readable zip archive ('utf-8' codec" in refusal(tmp_path / "events.zip")


def test_an_archive_with_a_password_is_refused(tmp_path):
    content = bytearray(packed_by(zipfile.ZIP_STORED, {"event1-hits.csv": b"hit_id\n1\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "events.zip").write_bytes(content)
    assert "pack it again, without a password" in refusal(tmp_path / "events.zip")


def test_a_parquet_column_whose_name_is_not_utf_8_is_refused(tmp_path):
    content = parquet_of({**TABLE, "notes": [1, 2, 3]})
    (tmp_path / "hits.parquet").write_bytes(content.replace(b"notes", b"\xff\xffes\xff"))
    assert "hits.parquet is not a readable Parquet file (" in refusal(tmp_path / "hits.parquet")


def test_columns_of_text_in_parquet_are_refused_before_they_are_read(tmp_path):
    """Their size is not known from the number of rows: they could be a bomb."""
    table = TABLE | {"gx": ["x" * 10_000_000] * 3}
    (tmp_path / "hits.parquet").write_bytes(parquet_of(table))
    answer = refusal(tmp_path / "hits.parquet", NAMES)
    assert "column gx must hold a number in each row" in answer


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"recipe": "muons", "seed": 1e400}',
        b'{"recipe": "muons", "seed": 1.5}',
        b'{"recipe": "muons", "seed": true}',
        b'{"recipe": "muons", "seed": ' + b"9" * 5_000 + b"}",
        b'{"recipe": "muons", "seed": 1, "pile_up": NaN}',
        b'{"recipe": "muons", "seed": 1, "pile_up": 1e400}',
        b'{"recipe": ["muons"], "seed": 1}',
        json.dumps({"recipe": "muons", "seed": 1} | {str(n): n for n in range(200)}).encode(),
        b"3",
        b"\xff",
    ],
)
def test_what_is_no_recipe_is_refused(tmp_path, content):
    files = {"event1-hits.csv": csv_of(TRACKML["hits"]), "event1-recipe.json": content}
    answer = refusal(put(tmp_path, files))
    assert "event1-recipe.json is not a valid recipe of the event (" in answer


def test_a_recipe_prints_no_escapes(tmp_path):
    about = {"recipe": "\x1b[31m", "seed": 1, "read_out\x07": "\x1b]0;title" + "x" * 10_000}
    files = {"event1-hits.csv": csv_of(TRACKML["hits"])}
    files["event1-recipe.json"] = json.dumps(about).encode()
    event = read_event(put(tmp_path, files))
    assert event.origin.isprintable()
    assert len(event.origin) < 500


def test_a_recipe_that_is_not_text_is_not_overwritten(tmp_path):
    (tmp_path / "event000000001-recipe.json").write_bytes(b"\xff")
    with pytest.raises(BadInputError, match="belongs to an event of another recipe"):
        produce(Order(recipes()["muons"], (1,), tmp_path))


@pytest.mark.parametrize("columns", [None, NAMES])
@pytest.mark.parametrize(
    "name", ["a" * 300, "muons" + "a" * 300, "a" * 300 + "/event1", "a" * 5_000]
)
def test_a_path_that_is_too_long_is_refused(tmp_path, name, columns):
    for source in (name, f"{tmp_path}/{name}"):
        with pytest.raises(BadInputError, match=r"File name too long|is not a table"):
            open_event(source, columns=columns)
        with pytest.raises(BadInputError, match="File name too long"):
            read_event(source)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "event1-hits.csv")
    assert "event1-hits.csv cannot be read (it is not a file)" in refusal(tmp_path)
    os.mkfifo(tmp_path / "tracker_hits.parquet")
    assert find(str(put(tmp_path, SOURCES["trackml"].files) / "event000000001"))


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """Whoever runs this may be root, who may read everything."""
    from pathlib import Path

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "cannot be read (Permission denied): check its path" in refusal(tmp_path)


@pytest.mark.parametrize("broken", ["other/tracker_hits.parquet", "tracker_hits.parquet"])
def test_a_broken_file_of_another_format_does_not_matter(tmp_path, broken):
    files = {broken: b"no Parquet", "good.csv": table_as("csv", TABLE)}
    put(tmp_path, files | SOURCES["trackml"].files)
    assert len(open_event(str(tmp_path / "good.csv"), columns=NAMES)) == 3
    (tmp_path / "good.csv").write_bytes(table_as("csv", dict(zip("xyz", [[1.0]] * 3, strict=True))))
    assert len(open_event(str(tmp_path / "good.csv"))) == 1
    assert len(open_event(str(tmp_path / "event000000001"))) == 3


def test_a_broken_file_alone_is_named(tmp_path):
    put(tmp_path, {"other/tracker_hits.parquet": b"no Parquet"})
    assert "other/tracker_hits.parquet is not a readable Parquet" in refusal(tmp_path)


@pytest.mark.parametrize(("place", "most"), list(enumerate(MOST)))
def test_a_particle_id_of_acts_fits_its_bits(write_csv, place, most):
    def event(number):
        fields = ["1", "0", "2", "0", "0"]
        fields[place] = str(number)
        hits = [ID, "1,0,3,0,0", ",".join(fields), "0,0,0,0,0"]
        return write_csv(**{kind: ACTS[kind] for kind in list(ACTS)[:2]}, hits=hits)

    assert open_event(str(event(most))).truth.particle_id[0] > 0
    for wrong in (most + 1, -1):
        answer = refusal(event(wrong))
        assert f"line 3: {ID.split(',')[place]} is {wrong}; it must be from 0 to {most}" in answer


def test_more_collisions_than_an_id_holds_are_refused():
    none = np.zeros(1, np.int64)
    with pytest.raises(BadInputError, match="numbers up to 2047 in their field 'pv', not 2048"):
        _ = Barcode((none + 2048, none, none, none, none)).particle_id


@pytest.mark.parametrize("wrong", ["-1", str(2**63 - 1), "0"])
def test_a_measurement_of_acts_has_a_number_of_its_own(write_csv, wrong):
    first, *rest = ACTS["measurements"]
    lines = [first, rest[0], wrong + rest[1].removeprefix("1"), rest[2]]
    answer = refusal(write_csv(measurements=lines))
    assert (
        f"measurements.csv line 3: measurement{'' if wrong == '0' else '_id is'} {wrong}" in answer
    )


def test_a_hit_id_twice_in_a_table_is_named(tmp_path):
    table = {axis: [1.0, 2.0, 3.0] for axis in "xyz"} | {"hit_id": [4, 5, 4], "event": [1, 1, 1]}
    (tmp_path / "hits.csv").write_bytes(table_as("csv", table))
    assert "hits.csv line 4: hit_id 4 occurs twice" in refusal(tmp_path / "hits.csv")
    table["event"] = [1, 1, 2]
    (tmp_path / "hits.csv").write_bytes(table_as("csv", table))
    assert len(find(str(tmp_path / "hits.csv"))) == 2


@pytest.mark.parametrize(
    "value", ["\x1b[31m", "\x1b]0;title\x07", "x" * 100_000, "\u202e", "\udcff"]
)
def test_what_a_file_holds_is_shown_escaped_and_short(tmp_path, value):
    text = f"x,y,z\n1,{value},3\n"
    (tmp_path / "hits.csv").write_bytes(text.encode(errors="surrogateescape"))
    assert "line 2: y must be a finite number, not '" in refusal(tmp_path / "hits.csv")
    (tmp_path / "hits.csv").write_bytes(text.replace("y", value).encode(errors="surrogateescape"))
    assert "has no column y; it has x, " in refusal(tmp_path / "hits.csv")


@pytest.mark.parametrize("name", ["\x1b[31m", "x" * 60_000, "\u202e"])
def test_names_in_archives_are_shown_escaped_and_short(tmp_path, name):
    content = packed_by(zipfile.ZIP_STORED, {f"{name}-hits.csv": csv_of(TRACKML["hits"])})
    (tmp_path / "events.zip").write_bytes(content)
    event = open_event(str(tmp_path / "events.zip"))
    assert event.name.isprintable()
    assert len(event.name) <= 200
    content = packed_by(zipfile.ZIP_STORED, {f"{name}-hits.csv": b"hit_id\n1\n"})
    (tmp_path / "events.zip").write_bytes(content)
    assert "has no column x; it has hit_id." in refusal(tmp_path / "events.zip")


def test_names_of_files_that_are_not_utf_8_are_shown_escaped(tmp_path):
    prefix = os.fsencode(tmp_path) + b"/\xff\x1b[31m"
    with open(prefix + b"-hits.csv", "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(csv_of(TRACKML["hits"]))
    assert open_event(str(tmp_path)).name == r"\udcff\x1b[31m"
    with open(prefix + b"-hits.csv", "wb") as file:  # noqa: PTH123 - as above
        file.write(b"")
    assert r"\udcff\x1b[31m-hits.csv is empty" in refusal(tmp_path)


def test_an_array_of_text_without_size_is_refused(tmp_path):
    (tmp_path / "hits.npz").write_bytes(npz_of({axis: np.zeros(3, "S0") for axis in "xyz"}))
    assert "column x must hold a finite number in each row" in refusal(tmp_path / "hits.npz")


def test_a_name_of_a_column_with_braces_is_only_a_name(tmp_path):
    (tmp_path / "hits.npz").write_bytes(npz_of({"{0}": np.array([np.nan]), "y": [1.0], "z": [1.0]}))
    assert "row 0: {0} must be a finite number" in refusal(tmp_path / "hits.npz", {"x": "{0}"})
