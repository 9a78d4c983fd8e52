"""As much noise as hits, in every layer: what the seminar found in ATLAS' ITk."""

from nearhit.datasets.recipe import Recipe

ITK_NOISE = Recipe(
    "itk-noise",
    "Top pairs among 200 collisions, half of the hits of every layer noise",
    pile_up=200.0,
    noise_share=0.5,
    noise_spread="layer",
)
