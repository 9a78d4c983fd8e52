"""Catalogue of recipes, and the parser of names such as `ttbar-mu200(noise_share=0.3)@2`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from nearhit.errors import BadInputError
from nearhit.plugins.entry_points import plug_ins

from .recipe import Recipe

GROUP = "nearhit.datasets"
"""Entry point group; an entry names a recipe, a reader, a tuple, or a package of modules."""

DEFAULT_SEED = 1

_NAME = re.compile(r"(?P<name>[a-z][a-z0-9.-]*)(?:\((?P<changes>.*)\))?(?:@(?P<seed>\d{1,18}))?")


@dataclass(frozen=True)
class CatalogueEvent:
    """One event that can be simulated.

    Attributes:
        recipe: the recipe; its name includes changed parameters.
        seed: seed of all random numbers.
    """

    recipe: Recipe
    seed: int

    def __str__(self) -> str:
        return f"{self.recipe.name}@{self.seed}"


@cache
def recipes() -> dict[str, Recipe]:
    """Return every recipe by the name that users write, in order of name.

    Raises:
        BadInputError: two recipes have the same name, or one of a package cannot be loaded.
    """
    found: dict[str, Recipe] = {}
    for recipe in _flat(plug_ins(GROUP, "data set", _holds_recipes)):
        if found.setdefault(recipe.name, recipe) != recipe:
            raise BadInputError(f"Two recipes are called {recipe.name!r}: rename one.")
    return dict(sorted(found.items()))


def in_catalogue(text: str) -> bool:
    """Return whether a text starts with the name of a recipe."""
    match = _NAME.match(text)
    return match is not None and match["name"] in recipes()


def catalogue_event(text: str) -> CatalogueEvent:
    """Parse an event such as `ttbar-mu200`, `muons@7` or `ttbar-mu200(noise_share=0.3)@2`.

    Raises:
        BadInputError: there is no such recipe or parameter, or a value has the wrong type.
    """
    match = _NAME.fullmatch(text)
    name = match["name"] if match else text
    if match is None or name not in recipes():
        near = get_close_matches(name, recipes()) or list(recipes())
        raise BadInputError(f"There is no recipe {name!r}; write one of {', '.join(near)}.")
    recipe = _changed(recipes()[name], match["changes"] or "")
    return CatalogueEvent(recipe, int(match["seed"] or DEFAULT_SEED))


def _changed(recipe: Recipe, changes: str) -> Recipe:
    """Return the recipe with changes such as `a=1,b=2`, which are appended to its name."""
    if not changes.strip():
        return recipe
    values = dict(_changes(recipe, changes))
    text = ",".join(f"{name}={value}" for name, value in values.items()).replace(" ", "")
    return replace(recipe, name=f"{recipe.name}({text})", **values)


def _changes(recipe: Recipe, changes: str) -> Iterator[tuple[str, Any]]:
    known = recipe.parameters()
    try:
        call = ast.parse(f"recipe({changes})", mode="eval").body
        assert isinstance(call, ast.Call)  # noqa: S101 - by construction
        given = [(word.arg or "", ast.literal_eval(word.value)) for word in call.keywords]
        given += [("", None)] * len(call.args)
    except (SyntaxError, ValueError):
        raise BadInputError(
            f"{recipe.name} takes parameters such as pile_up=60, not {changes!r}."
        ) from None
    for name, value in given:
        if name not in known:
            raise BadInputError(
                f"{recipe.name} has no parameter {name!r}; it has {', '.join(known)}."
            )
        yield name, _of_kind(recipe, name, value, known[name])


def _of_kind(recipe: Recipe, name: str, value: Any, known: Any) -> Any:
    if isinstance(known, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(known):
        raise BadInputError(
            f"{recipe.name}: {name} must be {type(known).__name__}, such as {known!r}, not "
            f"{value!r}."
        )
    return value


def _holds_recipes(value: Any) -> bool:
    return isinstance(value, Recipe) or (
        isinstance(value, tuple) and bool(value) and all(isinstance(one, Recipe) for one in value)
    )


def _flat(values: Iterator[Any]) -> Iterator[Recipe]:
    for value in values:
        if isinstance(value, Recipe):
            yield value
        elif _holds_recipes(value):
            yield from value
