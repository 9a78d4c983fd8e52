"""Exceptions that nearhit raises on purpose, and the wording of what people read of errors."""

import re

LONGEST_VALUE = 200
"""Characters of one value, such as a field of a file, in a sentence."""

_LONGEST_SENTENCE = 1_000
_LONGEST_READ = 20_000  # characters of a text that are looked at

_VALUE = re.compile(r"(?<!\w)(['\"])(?:(?!\1).)*\1|\S+")


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
    line = " ".join(_cut(text, _LONGEST_READ).split())
    escaped = "".join(one if one.isprintable() else _escaped(one) for one in line)
    return _cut(_VALUE.sub(lambda value: _cut(value[0], LONGEST_VALUE), escaped), longest)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _cut(text: str, longest: int) -> str:
    """Return a text with its middle left out if it is long, so that the remedy at its end stays."""
    if len(text) <= longest:
        return text
    end = longest // 3
    return f"{text[: longest - end - 1]}…{text[-end:]}"
