"""Particle guns: single particles without noise, for clean studies."""

from nearhit.datasets.recipe import Recipe

MUONS = Recipe(
    "muons",
    "A thousand muons of 0.5 to 10 GeV, without noise and nuclear interactions",
    process="gun",
    gun_kind=13,
    gun_particles=1_000,
    nuclear=False,
    noise_share=0.0,
)
PIONS = Recipe(
    "pions",
    "A thousand pions of 0.5 to 10 GeV, without noise",
    process="gun",
    gun_kind=211,
    gun_particles=1_000,
    noise_share=0.0,
)
