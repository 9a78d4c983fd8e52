"""Start the generators that a recipe needs, which takes longer than simulating an event."""

from nearhit.datasets.recipe import Recipe

from .material import material
from .nuclear import prepare_cross_sections
from .pythia import start_generators
from .read_out import prepare_read_out


def start(recipe: Recipe) -> None:
    """Load everything that a recipe needs, so that forked processes have it at once.

    Raises:
        BadInputError: the simulation is not installed, or the process is unknown.
    """
    start_generators(recipe)
    material()
    prepare_read_out()
    if recipe.nuclear:
        prepare_cross_sections()
