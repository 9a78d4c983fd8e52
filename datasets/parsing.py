"""The boundary to the libraries that parse files: what they raise becomes one sentence."""

import csv
import gzip
import lzma
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from errno import EINVAL
from typing import TypeGuard

import pyarrow as pa

from nearhit.errors import BadInputError, printable

Answers = Mapping[type[Exception], str]
"""What is said of a file, by the exceptions that its parser raises; the first that fits counts."""

_MOST_UNPACKED = 200
"""Largest plausible compression ratio of a file of numbers; files beyond it are decompression
bombs."""

_MOST_FAULT = 80  # characters of what a library says

# Decoders pass on what their own parts raise: of sizes and offsets that a damaged file claims, of
# names that are not UTF-8, and of memory that nobody has.
_DECODERS = (
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
    LookupError,
)

FILE_SYSTEM: Answers = {OSError: ""}  # has an answer of its own
GZIP: Answers = {
    EOFError: "is truncated: copy it again",
    gzip.BadGzipFile: "is not a gzip file: drop the .gz from its name or compress it",
    zlib.error: "is damaged ({fault}): copy it again",
}
CSV: Answers = {csv.Error: "is not a CSV file of numbers ({fault}): write it again"}
STORED: Answers = {
    RuntimeError: "cannot be unpacked ({fault}): pack it again, without a password",
    **dict.fromkeys((zipfile.BadZipFile, *_DECODERS), "is damaged ({fault}): copy it again"),
}
ZIP: Answers = dict.fromkeys(
    (zipfile.BadZipFile, NotImplementedError, *_DECODERS),
    "is not a readable zip archive ({fault}): copy it again",
)
PARQUET: Answers = dict.fromkeys(
    (pa.ArrowException, TypeError, *_DECODERS),
    "is not a readable Parquet file ({fault}): copy or write it again",
)
NUMPY: Answers = dict.fromkeys(
    (
        zipfile.BadZipFile,
        SyntaxError,
        TypeError,
        AttributeError,
        RuntimeError,
        tokenize.TokenError,
        *_DECODERS,
    ),
    "is not a NumPy file of plain arrays ({fault}): write it again with numpy.savez(file, x=x, "
    "y=y, z=z)",
)
RECIPE: Answers = dict.fromkeys(
    (ValueError, LookupError, TypeError, AttributeError, RecursionError),
    "is not a valid recipe of the event ({fault}): remove it",
)


@dataclass(frozen=True)
class Parsing:
    """Context in which what a parser raises on a file becomes one sentence about the file.

    Attributes:
        label: name of the file in the sentence.
        answers: what is said for each exception of the parser.

    Raises:
        BadInputError: the parser raised one of the exceptions, or the file cannot be read.
    """

    label: str
    answers: Answers

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, BadInputError):
            return
        if error and isinstance(error, tuple(self.answers)):
            answer = next(said for kind, said in self.answers.items() if isinstance(error, kind))
            if _of_file_system(error):
                answer = "cannot be read ({fault}): check its path and its permissions"
            raise BadInputError(f"{self.label} {answer.format(fault=_fault(error))}.") from error


def _of_file_system(error: BaseException) -> TypeGuard[OSError]:
    """Return whether an error is the system's, not that of a decoder or of a seek to nowhere."""
    return isinstance(error, OSError) and error.errno not in {None, EINVAL}


def _fault(error: BaseException) -> str:
    """Return what a library complains of, in one line."""
    said = error.strerror if _of_file_system(error) else str(error)
    return printable(said or type(error).__name__, _MOST_FAULT)


def refuse_bomb(label: str, packed: int, unpacked: int) -> None:
    """Refuse a decompression bomb by its packed and unpacked sizes in bytes.

    Raises:
        BadInputError: the ratio of the sizes exceeds that of any event.
    """
    if unpacked > most_unpacked(packed):
        raise BadInputError(
            f"{label} unpacks to more than {_MOST_UNPACKED} times its size, as no event does: "
            "get the file from its source again."
        )


def most_unpacked(packed: int) -> int:
    """Return the most bytes that so many packed bytes of numbers may unpack to."""
    return packed * _MOST_UNPACKED + (1 << 20)
