"""One collision as most are."""

from ..recipe import Recipe

MINBIAS = Recipe("minbias", "One soft inelastic collision", process="minbias")
