"""Top pairs with as much noise as signal in every layer, as expected in the ATLAS ITk."""

from nearhit.datasets.recipe import Recipe

ITK_NOISE = Recipe(
    "itk-noise",
    "Top pairs among 200 collisions, half of the hits of every layer noise",
    pile_up=200.0,
    noise_share=0.5,
    noise_spread="layer",
)
