"""What to simulate: a few named parameters, printed beside every result."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import inf
from typing import Any

from nearhit.data.recipe import EventRecipe
from nearhit.errors import BadInputError

GUN = "gun"
"""The process of recipes that shoot single particles."""

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
    """What to simulate; every recipe runs in the TrackML detector in a field of 2 T.

    Attributes:
        name: what people write.
        about: one sentence.
        process: the hard collision, see `simulation.pythia.HARD_PROCESSES`; or `gun`.
        pile_up: mean number of soft collisions around it, elastic ones too, Poisson distributed.
        energy: of both beams together, TeV.
        vertex_spread: standard deviation of the collisions along the beam, mm.
        vertex_width: the same across the beam, mm.
        min_pt: transverse momentum of a particle that is followed at least, GeV.
        max_eta: pseudorapidity of a particle that is followed at most, in absolute value.
        gun_kind: PDG code of the gun's particles, both charges alike.
        gun_particles: how many of them.
        gun_pt: the range of their transverse momenta, even in its logarithm, GeV.
        nuclear: whether hadrons interact with the nuclei of the detector.
        read_out: `geometric`, clusters of cells; or `smeared`, Gaussian errors without cells.
        noise_share: noise hits / all hits, from 0 to 0.9.
        noise_spread: `module`, alike in every module, as electronic noise; or `layer`, the same
            share of every layer's hits.
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
                f"{self.name}: gun_pt must be the least and the most pT in GeV, such as "
                f"(0.5, 10.0), not {self.gun_pt!r}."
            )

    def parameters(self) -> dict[str, Any]:
        """Return the parameters by name, without the name and the sentence."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in {"name", "about"}
        }


def _is_range(limits: tuple[Any, ...]) -> bool:
    numbers = [limit for limit in limits if isinstance(limit, (int, float))]
    return len(numbers) == len(limits) == 2 and 0 < numbers[0] <= numbers[1] < inf  # noqa: PLR2004 - a range has two ends


def event_recipe(name: str, seed: int, parameters: Mapping[str, Any]) -> EventRecipe:
    """Return how an event was made, without parameters that mean nothing to it."""
    shot = parameters.get("process") == GUN
    told = {
        key: value if isinstance(value, bool | int | float | str) else str(value)
        for key, value in parameters.items()
        if shot or not key.startswith("gun_")
    }
    return {"name": name, "seed": seed, **told}
