"""Minimum bias: one soft collision."""

from nearhit.datasets.recipe import Recipe

MINBIAS = Recipe("minbias", "One soft inelastic collision", process="minbias")
