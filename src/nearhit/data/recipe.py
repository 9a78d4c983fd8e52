"""The recipe of an event as data: the name of what was simulated, its seed and its parameters."""

from collections.abc import Container, Mapping

EventRecipe = Mapping[str, bool | int | float | str]
"""`name`, `seed` and then parameters, in the order in which they are printed; empty if unknown."""


def parameters_as_text(recipe: EventRecipe, without: Container[str] = ()) -> str:
    """Return the parameters as `a=1, b=2`, without those of some names."""
    kept = (name for name in recipe if name not in {"name", "seed"} and name not in without)
    return ", ".join(f"{name}={recipe[name]}" for name in kept)


def origin_of(recipe: EventRecipe) -> str:
    """Return in one line how an event was made; empty where that is not known."""
    seed = f", seed {recipe['seed']}" if "seed" in recipe else ""
    parameters = parameters_as_text(recipe)
    return f"{recipe.get('name', '')}{seed}{parameters and f': {parameters}'}"
