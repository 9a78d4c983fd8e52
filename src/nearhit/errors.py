"""Exceptions that nearhit raises on purpose, and the wording of what people read of errors."""

import re
from collections.abc import Collection
from difflib import get_close_matches

LONGEST_VALUE = 200
"""Characters of one value, such as a field of a file, in a sentence."""

_LONGEST_SENTENCE = 1_000
_LONGEST_READ = 20_000  # characters of a text that are looked at

_BLANKS = re.compile(r"[ \t-\r]+")
_KEPT = "\N{NO-BREAK SPACE}"  # stands between a number and its range

_VALUES = (re.compile(r"(?<!\w)(['\"])(?:(?!\1).)*\1"), re.compile(r"\S+"))
"""What may be a value of a file: what stands in quotation marks, or a word."""


class BadInputError(ValueError):
    """Input that cannot be used; the sentence names the place and the remedy."""

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))


class SkippedError(Exception):
    """A cell that cannot be measured here by design, not by fault; the sentence says why."""


def printable(text: str, longest: int = _LONGEST_SENTENCE) -> str:
    """Return text as one line that is safe to print and short, whatever a file put into it.

    Control characters are escaped; what is left out of long values and of a long line is marked
    with an ellipsis.
    """
    line = _BLANKS.sub(" ", _cut(text, _LONGEST_READ)).strip(" ")
    shown = "".join(one if one.isprintable() or one in _KEPT else _escaped(one) for one in line)
    for values in _VALUES:
        shown = values.sub(lambda value: _cut(value[0], LONGEST_VALUE), shown)
    return _cut(shown, longest)


def error_in_words(error: BaseException) -> str:
    """Return the type and the message of an exception, which may fail to give its message."""
    try:
        message = str(error)
    except Exception as fault:  # noqa: BLE001 - a plug-in's exception may do anything
        message = f"its message cannot be read ({type(fault).__name__})"
    return printable(f"{type(error).__name__}: {message}")


def unknown(what: str, given: str, valid: Collection[str]) -> BadInputError:
    """Return the error for a name that does not exist, with what may have been meant."""
    return BadInputError(f"There is no {what} {given!r}{offer(given, valid)}")


def offer(given: str, valid: Collection[str]) -> str:
    """Return the end of a sentence on an unknown name: similar names, or all."""
    near = get_close_matches(given, valid, n=3, cutoff=0.6)
    if near:
        return f" (did you mean {' or '.join(near)}?)."
    return f"; write one of {', '.join(valid)}." if valid else "."


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _cut(text: str, longest: int) -> str:
    """Return a text with its middle left out if it is long, so that the remedy at its end stays."""
    if len(text) <= longest:
        return text
    end = longest // 3
    return f"{text[: longest - end - 1]}…{text[-end:]}"
