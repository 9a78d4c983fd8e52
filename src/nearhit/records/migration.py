"""Migration of older record formats."""

import ast
import re
from collections.abc import Callable
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
    if raw.get("tracking"):
        raw["tracking"] = _with_kinds_of_tracks(raw["tracking"])
    return raw


def _with_kinds_of_tracks(tracking: dict[str, Any]) -> dict[str, Any]:
    """Return tracking with fakes, fragments and duplicates by one definition.

    Up to format 4 each matching had fakes and duplicates of its own. What is a fake under
    `double_majority` and none under `atlas` is a fragment.
    """
    profiles = tracking.get("profiles", {}).items()
    return tracking | {
        "scores": _kinds_of_tracks(tracking.get("scores", {}), "_share", _difference),
        "profiles": {axis: _kinds_of_tracks(one, "s", _differences) for axis, one in profiles},
    }


def _kinds_of_tracks(
    old: dict[str, Any], end: str, minus: Callable[[Any, Any], Any]
) -> dict[str, Any]:
    fakes, duplicates = f"_fake{end}", f"_duplicate{end}"
    if f"atlas{fakes}" not in old:
        return old
    kept = {
        name: value
        for name, value in old.items()
        if not name.endswith((fakes, duplicates)) and not name.startswith("two_way_")
    }
    pure = old[f"atlas{fakes}"]
    return kept | {
        f"fake{end}": pure,
        f"fragment{end}": minus(old[f"double_majority{fakes}"], pure),
        f"duplicate{end}": old[f"atlas{duplicates}"],
    }


def _difference(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else max(0.0, round(whole - part, 12))


def _differences(whole: list[float], part: list[float]) -> list[float]:
    return [one - other for one, other in zip(whole, part, strict=True)]


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
