"""Recipes: named sets of parameters of the simulation, recorded with every result."""

import json
from dataclasses import dataclass, fields
from math import inf, isfinite
from typing import Any

from nearhit.data.recipe import EventRecipe
from nearhit.errors import BadInputError, printable

GUN = "gun"
"""Process of recipes with a particle gun."""

_TOO_LARGE = 2**63
_MOST_PARAMETERS = 100

_RANGES = (
    ("pile_up", 0, 2_000),
    ("energy", 0.1, 100),
    ("vertex_spread", 0, 500),
    ("vertex_width", 0, 10),
    ("min_pt", 0.05, 100),
    ("max_eta", 0.1, 6),
    ("gun_particles", 0, 1_000_000),
    ("noise_share", 0, 0.9),
)


@dataclass(frozen=True)
class Recipe:
    """Parameters of the simulation in the TrackML detector with a field of 2 T.

    Attributes:
        name: the name that users write.
        about: one sentence about the recipe.
        process: hard process, see `simulation.pythia.HARD_PROCESSES`; or `gun`.
        pile_up: mean of the Poisson number of pile-up collisions, including elastic ones.
        energy: centre-of-mass energy, TeV.
        vertex_spread: standard deviation of the vertices along the beam, mm.
        vertex_width: standard deviation of the vertices across the beam, mm.
        min_pt: minimum transverse momentum of particles that are propagated, GeV.
        max_eta: maximum |η| of particles that are propagated.
        gun_kind: PDG code of the particles of a gun, which have either charge.
        gun_particles: number of particles of a gun.
        gun_pt: range of their transverse momenta, which are uniform in the logarithm, GeV.
        nuclear: whether hadrons interact with the nuclei of the detector.
        read_out: `geometric` for clusters of channels; `smeared` for Gaussian errors.
        noise_share: noise hits / all hits, from 0 to 0.9.
        noise_spread: `module` for the same noise in every module, like electronic noise; `layer`
            for the same share of the hits of every layer.
    """

    name: str
    about: str
    process: str = "ttbar"
    pile_up: float = 0.0
    energy: float = 14.0
    vertex_spread: float = 55.0
    vertex_width: float = 0.015
    min_pt: float = 0.15
    max_eta: float = 4.0
    gun_kind: int = 13
    gun_particles: int = 0
    gun_pt: tuple[float, float] = (0.5, 10.0)
    nuclear: bool = True
    read_out: str = "geometric"
    noise_share: float = 0.15
    noise_spread: str = "module"

    def __post_init__(self) -> None:
        for name, least, most in _RANGES:
            if not least <= getattr(self, name) <= most:
                raise BadInputError(
                    f"{self.name}: {name} must be from {least:g} to {most:g}, not "
                    f"{getattr(self, name)}."
                )
        if not _is_range(self.gun_pt):
            raise BadInputError(
                f"{self.name}: gun_pt must be the minimum and maximum pT in GeV, such as "
                f"(0.5, 10.0), not {self.gun_pt!r}."
            )

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by name, without `name` and `about`."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in {"name", "about"}
        }


def _is_range(limits: tuple[Any, ...]) -> bool:
    numbers = [limit for limit in limits if isinstance(limit, (int, float))]
    return len(numbers) == len(limits) == 2 and 0 < numbers[0] <= numbers[1] < inf  # noqa: PLR2004 - a range has two ends


def recipe_in(content: bytes) -> EventRecipe:
    """Return the recipe in a file beside a simulated event, without the parameters of no gun.

    Raises:
        ValueError, TypeError, LookupError, AttributeError, RecursionError: it is no such recipe.
    """
    about = json.loads(content)
    name, seed = about.pop("recipe"), about.pop("seed")
    if not (isinstance(name, str) and type(seed) is int and seed >= 0):
        raise ValueError("it needs a name and a seed")
    if len(about) > _MOST_PARAMETERS:
        raise ValueError("it has too many parameters")
    gun = about.get("process") == GUN
    used = {
        _as_data(key): _as_data(value)
        for key, value in about.items()
        if gun or not key.startswith("gun_")
    }
    return {"name": _as_data(name), "seed": _as_data(seed), **used}


def _as_data(value: Any) -> Any:
    """Return a number of 64 bits, or anything else as printable text."""
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("a parameter is not finite")
    if isinstance(value, int) and abs(value) >= _TOO_LARGE:
        raise ValueError("a parameter is too large")
    return value if isinstance(value, bool | int | float) else printable(str(value))
