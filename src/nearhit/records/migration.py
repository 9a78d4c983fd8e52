"""Migration of older record formats."""

import ast
import re
from dataclasses import asdict
from typing import Any

from nearhit.data.recipe import EventRecipe

from .results import Latencies

_ORIGIN = re.compile(r"(?P<name>.*?)(?:, seed (?P<seed>\d+))?(?:: (?P<parameters>\w+=.*))?")
_PARAMETER = re.compile(r"(\w+)=(\([^)]*\)|\[[^]]*\]|[^,]*)(?:, |$)")


def migrated(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a record, or a certificate, of any format as the current format has it.

    Args:
        raw: as `checksum.parsed_json` returns it; left as it is.
    """
    raw = dict(raw)
    if "cell" in raw:
        raw.setdefault("rounds", [])
    if "cell" in raw and "event_recipe" not in raw:
        raw["event_recipe"] = list(recipe_in(raw.pop("event_origin", "")).items())
    timing = raw.get("timing")
    if timing and isinstance(timing["single_query_seconds"], list):
        latencies = Latencies.of(timing["single_query_seconds"])
        raw["timing"] = timing | {"single_query_seconds": asdict(latencies)}
    return raw


def recipe_in(origin: str) -> EventRecipe:
    """Return the recipe in the sentence that records had in its place before format 3.

    A sentence of another form becomes the name, so that `origin_of` prints any as it was.
    """
    match = _ORIGIN.fullmatch(origin)
    if not origin or match is None:
        return {"name": origin} if origin else {}
    seed = {} if match["seed"] is None else {"seed": int(match["seed"])}
    parameters = _PARAMETER.findall(match["parameters"] or "")
    return {"name": match["name"]} | seed | {name: _value(text) for name, text in parameters}


def _value(text: str) -> bool | int | float | str:
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
    return value if isinstance(value, bool | int | float) and str(value) == text else text
