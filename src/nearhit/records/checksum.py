"""Versioned JSON with a checksum: the form in which records and certificates are kept."""

import json
from hashlib import sha256
from typing import Any

FORMAT = 5
"""The version of the layout; a reader refuses what is newer than itself.

1 has neither checksum nor conditions; 1 and 2 have the recipe of the event as a sentence; up to 3,
records have every latency of single queries, and a file of their own; up to 4, they have no rounds,
but fakes and duplicates of every matching.
"""

_CHECKSUM_SINCE = 2
"""The first format with a checksum, so that edits are seen."""

CHECKSUM = "sha256"

FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""Raised by reading what was cut or edited."""


class NewerError(ValueError):
    """A record or certificate was written by a newer nearhit that this one cannot read."""


def short_digest(content: dict[str, Any]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the canonical JSON."""
    return sha256(canonical_json(content).encode()).hexdigest()[:16]


def json_with_checksum(content: dict[str, Any]) -> str:
    """Return a record or a certificate as one line of strict JSON with a checksum of all of it."""
    return canonical_json(content | {CHECKSUM: _checksum(content)})


def parsed_json(text: str) -> dict[str, Any]:
    """Return the content that `json_with_checksum` wrote, now or in an older format.

    It has the format with which it will be written again; `migration` knows older content.

    Raises:
        NewerError: a newer nearhit wrote it.
        ValueError, KeyError, TypeError: it was changed after it was written.
    """
    raw = _whole_json(text)
    checksum = raw.pop(CHECKSUM, None)
    if raw["format"] > FORMAT:
        raise NewerError(f"has format {raw['format']}, newer than this nearhit reads ({FORMAT})")
    if (checksum or raw["format"] >= _CHECKSUM_SINCE) and checksum != _checksum(raw):
        raise ValueError("it was edited after it was written: its digest is another")
    return raw | {"format": FORMAT}


def _checksum(content: dict[str, Any]) -> str:
    return sha256(canonical_json(content).encode()).hexdigest()


def _whole_json(text: str) -> dict[str, Any]:
    try:
        raw: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"it was cut or edited: {error}") from error
    return raw


def canonical_json(content: Any) -> str:
    """Return JSON that is identical for equal content: sorted, compact, without NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, default=str)
