"""Particle gun: single particles from the centre of the detector, for clean studies."""

import numpy as np
from nearhit.datasets.barcode import primary_ids
from nearhit.datasets.recipe import Recipe

from nearhit.errors import BadInputError

from .generated import Generated
from .pythia import loaded


def shoot(recipe: Recipe, seed: int) -> Generated:
    """Return particles uniform in φ, in η and in the logarithm of pT, half of each charge.

    Raises:
        BadInputError: the simulation, whose particle table is used, is not installed, or there is
            no such charged particle.
    """
    random = np.random.default_rng(seed)
    n = recipe.gun_particles
    generator = loaded()  # which owns its table of particles
    data = generator.particleData
    if not data.isParticle(recipe.gun_kind) or not data.charge(recipe.gun_kind):
        raise BadInputError(
            f"{recipe.name}: gun_kind must be the PDG code of a charged particle, such as 13, not "
            f"{recipe.gun_kind}."
        )
    sign = np.where(np.arange(n) % 2, 1, -1)
    phi = random.uniform(-np.pi, np.pi, n)
    eta = random.uniform(-recipe.max_eta, recipe.max_eta, n)
    least, most = np.log(recipe.gun_pt)
    pt = np.exp(random.uniform(least, most, n))
    spread = (recipe.vertex_width, recipe.vertex_width, recipe.vertex_spread)
    return Generated(
        particle_id=primary_ids(np.ones(n, np.int64)),
        kind=sign * recipe.gun_kind,
        vertex=np.tile(random.normal(scale=spread), (n, 1)),
        momentum=pt[:, np.newaxis] * np.column_stack((np.cos(phi), np.sin(phi), np.sinh(eta))),
        mass=np.full(n, data.m0(recipe.gun_kind)),
        charge=sign * data.charge(recipe.gun_kind),
    )
