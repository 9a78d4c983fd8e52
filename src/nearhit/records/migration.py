"""Migration of older record formats."""

import ast
import re

from nearhit.data.recipe import EventRecipe

_ORIGIN = re.compile(r"(?P<name>.*?)(?:, seed (?P<seed>\d+))?(?:: (?P<parameters>\w+=.*))?")
_PARAMETER = re.compile(r"(\w+)=(\([^)]*\)|\[[^]]*\]|[^,]*)(?:, |$)")


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
