"""Damage that files take or that people do to them, drawn from a NumPy generator."""

import gzip
import io
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from small_files import npy_of, npz_of, packed_by, parquet_of, structured

VALUES = (
    *("", " ", "0", "-0", "-5", "1.5", "1e400", "-1e39", "nan", "inf", "NA", "null", "true", "ten"),
    *(str(one) for one in (2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), 10**40)),
    *("0x1F", "1_000", "٣", "1,2", '"', '"1"', "'", "\x1b[31m", "\0", "\r", "a\nb", "\u202e", "=1"),
    *("9" * 5_000, "x" * 300, "\udcff", "{0}", "{hit_id}", "%s", "\ufeff1", "1" + " " * 50),
)
"""Fields of text that are no number that a column may hold, or only just one."""

_LISTS = [[1.0], [2.0, 3.0], []]
COLUMNS = (
    pa.array([None, None, None]),
    pa.array([1, None, 3]),
    pa.array(["a", "b", "\x1b[31m"]),
    pa.array(["1", "2", "3"]).dictionary_encode(),
    pa.array([b"\xff", b"", b"1"]),
    pa.array([True, False, True]),
    pa.array(_LISTS),
    pa.array([[one] for one in _LISTS]),
    pa.array([{"a": 1}, {"a": 2}, None]),
    pa.array([1, 2, 3], pa.timestamp("s")),
    pa.array([1, 2, 3], pa.decimal128(5)),
    pa.array([1, 2, 2**64 - 1], pa.uint64()),
    pa.array([-5, -(2**63), 2**63 - 1]),
    pa.array([1.0, np.nan, np.inf]),
    pa.array([1e308, -1e308, 1e39]),
    pa.array(np.array([1, 2, 3], np.float16)),
    pa.array([1, 2, 3], pa.int8()),
    pa.array([1.5, 2.5, 3.5]),
    pa.array([[1, 2], [2**64 - 1], []], pa.list_(pa.uint64())),
    pa.array([[-5], [2**63 - 1, -(2**63)], []], pa.large_list(pa.int64())),
    pa.array([[1.0, 2.0], [1e308, np.nan], []]),
    pa.array([["a"], ["b"], None]),
    pa.array([[True], [False, None], []]),
)
"""Columns of other types than those that are read."""

ARRAYS = (
    *(np.array(list("abc"), kind) for kind in ("U1", "S1")),
    np.zeros(3, "V0"),
    np.zeros(3, "S0"),
    np.array([1, 2, 3], ">i4"),
    np.array([1, 2, 2**64 - 1], np.uint64),
    np.array([1, 2, 3], "m8[s]"),
    np.array([1, 2, 3], "M8[s]"),
    np.array([1, 2, 3], complex),
    np.array([1, np.nan, np.inf]),
    np.array([1, 2, np.longdouble("1e4000")]),
    np.array([True, False, True]),
    np.array(3.0),
    np.zeros((3, 1)),
    np.zeros((0, 3)),
    np.zeros(0),
    np.zeros(4),
    np.array([(1, 2)], "i4,f4"),
    np.array([[1, 2, 2**63 - 1]]),
    np.array([1e39, 0, -1e308]),
)

RECIPE_VALUES = (
    *(None, True, -5, 2**64, 1.5, "\x1b[31m", "x" * 10_000, [], {}, [[1]], float("nan")),
    *(float("inf"), "", {"a": ["\x07"]}, 10**400, "\ud800"),
)


def flipped(content, random):
    """Bits flipped, bytes put in other places, or the end lost."""
    damaged = bytearray(content)
    for _ in range(random.integers(1, 9)):
        if not damaged:
            break
        place = int(random.integers(len(damaged)))
        size = int(random.integers(1, 20))
        match random.integers(7):
            case 0 | 1:
                damaged[place] ^= 1 << random.integers(8)
            case 2:
                damaged[place] = random.choice((0, 1, 0x7F, 0x80, 0xFF, ord("\n"), ord(",")))
            case 3:
                del damaged[place : place + size]
            case 4:
                damaged[place:place] = random.bytes(size)
            case 5:
                damaged[place:place] = damaged[max(0, place - size) : place + size]
            case 6:
                if random.random() < 0.3:
                    del damaged[place:]
    return bytes(damaged)


def edited(content, random):
    """Lines of text with other fields, columns, or line ends."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    for _ in range(random.integers(1, 4)):
        _edit(rows, random)
    end = random.choice(("\n", "\n", "\n", "\r\n", "\r", "\n\n"))
    text = end.join(map(",".join, rows)) + end * int(random.integers(2))
    code = random.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"))
    return text.encode(str(code), errors="surrogateescape" if code == "utf-8" else "replace")


def _edit(rows, random):
    line = int(random.integers(len(rows)))
    row = rows[line]
    field = int(random.integers(len(row)))
    match random.integers(9):
        case 0 | 1 | 2:
            row[field] = str(random.choice(VALUES))
        case 3:
            for other in rows:
                other.insert(field, other[field] if field < len(other) else "")
        case 4:
            rows[0][field % len(rows[0])] = " " + rows[0][field % len(rows[0])]
        case 5:
            for other in rows:
                other[field : field + 1] = []
            rows[:] = [other or [""] for other in rows]
        case 6:
            rows.insert(line, list(row))
        case 7:
            del rows[int(random.integers(len(rows))) :]
            rows[:] = rows or [[""]]
        case 8:
            row[field : field + 1] = [row[field], row[field]]


def retyped(content, random):
    """A Parquet file with other columns, types or names."""
    table = pa.parquet.read_table(io.BytesIO(content))
    names, columns = table.column_names, list(table.columns)
    for _ in range(random.integers(1, 3)):
        place = int(random.integers(len(names)))
        match random.integers(5):
            case 0 | 1:
                column = COLUMNS[random.integers(len(COLUMNS))]
                columns[place] = pa.chunked_array([column.slice(0, table.num_rows)])
            case 2:
                names[place] = str(random.choice((names[0], "", "\x1b[31m", " x", "a.b", "x" * 99)))
            case 3:
                names.append(names[place])
                columns.append(columns[place])
            case 4:
                del names[place], columns[place]
                if not names:
                    break
    length = min(map(len, columns), default=0)
    rows = random.choice((length, length, length, 0, 1))
    other = pa.Table.from_arrays([one.slice(0, length) for one in columns], names=names)
    compression = str(random.choice(("snappy", "zstd", "none", "gzip")))
    return parquet_of(other.slice(0, int(rows)), compression=compression)


def reshaped(content, random):
    """A NumPy file with other arrays, types or names."""
    loaded = np.load(io.BytesIO(content))
    if isinstance(loaded, np.ndarray):
        if loaded.dtype.names and random.random() < 0.5:
            name = random.choice(loaded.dtype.names)
            table = {one: loaded[one] for one in loaded.dtype.names} | {name: list("abc")}
            return npy_of(structured(table))
        return npy_of(ARRAYS[random.integers(len(ARRAYS))])
    arrays = dict(loaded)
    name = str(random.choice(list(arrays)))
    match random.integers(4):
        case 0:
            del arrays[name]
        case 1:
            arrays["{0}\x1b"] = arrays.pop(name)
        case _:
            arrays[name] = ARRAYS[random.integers(len(ARRAYS))]
    return npz_of(arrays, np.savez_compressed if random.random() < 0.5 else np.savez)


def rewritten(content, random):
    """A recipe with other values, or other JSON."""
    about = json.loads(content)
    value = RECIPE_VALUES[random.integers(len(RECIPE_VALUES))]
    match random.integers(8):
        case 0:
            return b"[" * int(random.choice((10, 990, 100_000))) + b"]" * 5
        case 1:
            return b'{"recipe": "muons", "seed": 1e400}'
        case 2:
            about = value
        case 3:
            del about[random.choice(list(about))]
        case 4:
            about[random.choice(("\x1b[31m", "name", "x" * 5_000, "gun_"))] = value
        case 5:
            about |= {f"p{number}": number for number in range(300)}
        case _:
            about[random.choice(list(about))] = value
    return json.dumps(about).encode()


def repacked(content, random):
    """An archive with other members, names or ways to pack them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = str(random.choice(list(members)))
    match random.integers(4):
        case 0:
            members[name] = edited(members[name], random)
        case 1:
            odd = ("\x1b[31m", "é", "../", "a/b/", "x" * 300, "x" * 60_000, "\u202e", "C:\\")
            members[str(random.choice(odd)) + name] = members.pop(name)
        case 2:
            packed = packed_by(zipfile.ZIP_DEFLATED, {"é" + name: members.pop(name)} | members)
            return packed.replace("é".encode(), b"\xe9\xe9")
        case 3:
            members[f"{name}.gz"] = flipped(gzip.compress(members.pop(name)), random)
    method = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return packed_by(method[random.integers(4)], members)


def _in_gzip(content, random):
    return gzip.compress(edited(gzip.decompress(content), random), 1)


def _exchanged(_content, random):
    """Something else altogether."""
    odd = (b"", b"\n", b"\xff\xfe", b"PAR1", b"PK\x03\x04", b"\x93NUMPY", b"hit_id", b"[" * 50)
    return odd[random.integers(len(odd))] + random.bytes(int(random.integers(3)) * 10)


DAMAGE = {
    "csv": edited,
    "gz": _in_gzip,
    "parquet": retyped,
    "npz": reshaped,
    "npy": reshaped,
    "json": rewritten,
    "zip": repacked,
}
"""What people do to a file of each form."""


def mutated(name, content, random):
    """Return a damaged file of the form that its name tells."""
    draw = random.random()
    if draw < 0.02:
        return _exchanged(content, random)
    damage = DAMAGE[name.rpartition(".")[2]]
    if draw < 0.5:
        return flipped(content, random)
    if draw < 0.9:
        return damage(content, random)
    return flipped(damage(content, random), random)
