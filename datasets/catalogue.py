"""Catalogue of recipes, and the parser of names such as `ttbar-mu200(noise_share=0.3)@2`."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeGuard

from nearhit.errors import BadInputError, offer, unknown
from nearhit.plugins.entry_points import Broken, plug_ins

from .reader import Reader
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
    """Return every recipe by the name that users write, in order of name."""
    found: dict[str, Recipe] = {}
    for recipe in _flat(_plug_ins()):
        found.setdefault(recipe.name, recipe)
    return dict(sorted(found.items()))


def readers_found() -> list[Reader]:
    """Return every reader, in order of discovery."""
    return [one for one in _plug_ins() if _is_reader(one)]


def broken_data_sets() -> list[Broken]:
    """Return what cannot be loaded, and recipes whose name another one has."""
    twice = [one for one in _flat(_plug_ins()) if one != recipes()[one.name]]
    reason = "another recipe has its name: rename one"
    return [one for one in _plug_ins() if isinstance(one, Broken)] + [
        Broken(one.name, GROUP, reason) for one in twice
    ]


@cache
def _plug_ins() -> tuple[Any, ...]:
    return tuple(plug_ins(GROUP, lambda value: _holds_recipes(value) or _is_reader(value)))


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
        raise _unknown(name)
    recipe = _changed(recipes()[name], match["changes"] or "")
    return CatalogueEvent(recipe, int(match["seed"] or DEFAULT_SEED))


def _unknown(name: str) -> BadInputError:
    for one in broken_data_sets():
        if one.name == name:
            return BadInputError(f"Data set {one}.")
    return unknown("recipe", name, recipes())


def _changed(recipe: Recipe, changes: str) -> Recipe:
    """Return the recipe with changes such as `a=1,b=2`, which are appended to its name."""
    if not changes.strip():
        return recipe
    values = dict(_changes(recipe, changes))
    text = ",".join(f"{name}={value}" for name, value in values.items()).replace(" ", "")
    return replace(recipe, name=f"{recipe.name}({text})", **values)


def _changes(recipe: Recipe, changes: str) -> Iterator[tuple[str, Any]]:
    known = recipe.parameters()
    for name, value in _keywords(recipe, changes):
        if name not in known:
            raise BadInputError(f"{recipe.name} has no parameter {name!r}{offer(name, known)}")
        yield name, _of_kind(recipe, name, value, known[name])


def _keywords(recipe: Recipe, changes: str) -> list[tuple[str, Any]]:
    """Return what is written as in a call; what is not a keyword has no name."""
    try:
        call = ast.parse(f"recipe({changes})", mode="eval").body
        match call:
            case ast.Call(func=ast.Name(), args=args, keywords=keywords):
                values = [(word.arg or "", ast.literal_eval(word.value)) for word in keywords]
                return values + [("", None)] * len(args)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        pass
    raise BadInputError(f"{recipe.name} takes parameters such as pile_up=60, not {changes!r}.")


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


def _is_reader(value: Any) -> TypeGuard[Reader]:
    return isinstance(value, Reader) and not isinstance(value, type)


def _flat(values: Iterable[Any]) -> Iterator[Recipe]:
    for value in values:
        if isinstance(value, Recipe):
            yield value
        elif _holds_recipes(value):
            yield from value
