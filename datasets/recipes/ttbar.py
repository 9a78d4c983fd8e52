"""Top pairs with pile-up from 20 to 1,000."""

from nearhit.datasets.recipe import Recipe

TTBAR = tuple(
    Recipe(f"ttbar-mu{pile_up}", f"Top pairs among {pile_up} collisions", pile_up=float(pile_up))
    for pile_up in (20, 60, 140, 200, 300, 1000)
)
SMEARED = Recipe(
    "ttbar-mu200-smeared",
    "The same as ttbar-mu200 with Gaussian errors instead of clusters of cells",
    pile_up=200.0,
    read_out="smeared",
)
