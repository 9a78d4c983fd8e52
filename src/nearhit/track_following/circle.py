"""Circles in the transverse plane: what a charged particle runs in a solenoid.

Curvatures are 1/mm, positive where the particle turns left; directions are angles in radians; path
lengths are mm along the circle.
"""

from math import asin, atan2, cos, hypot, sin, sqrt

from nearhit.kernels import inlined

_ALMOST_HALF_TURN = 0.99
_STRAIGHT = 0.05
_STEPS = 5
_PRECISE = 0.01  # mm
_GRAZING = 0.1  # cosine below which a track runs along a barrel layer

GEV_PER_CURVATURE = 0.0006
"""pT in GeV times curvature in 1/mm: 0.3 GeV/(T m) in 2 T."""


@inlined()
def circle_through(ax, ay, bx, by, cx, cy):
    """Return the curvature of the circle through three points, and its direction at the last."""
    chord_x, chord_y = cx - ax, cy - ay
    twice_area = (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
    chord = hypot(chord_x, chord_y)
    product = hypot(bx - ax, by - ay) * hypot(cx - bx, cy - by) * chord
    curvature = 2 * twice_area / product if product > 0 else 0.0
    return curvature, atan2(chord_y, chord_x) + half_turn(curvature, chord)


@inlined()
def half_turn(curvature, chord):
    """Return the angle between a chord and the circle at its ends."""
    return asin(min(max(0.5 * curvature * chord, -_ALMOST_HALF_TURN), _ALMOST_HALF_TURN))


@inlined()
def path_of(curvature, chord):
    """Return the path length over a chord."""
    if abs(curvature * chord) < 0.002:  # noqa: PLR2004 - alike to a part in a million
        return chord
    return 2 * half_turn(curvature, chord) / curvature


@inlined()
def moved(x, y, curvature, direction, path):
    """Return where a particle comes to; by the chord, which loses no digits on straight tracks."""
    half = 0.5 * curvature * path
    chord = path * (1 - half * half / 6) if abs(half) < _STRAIGHT else 2 * sin(half) / curvature
    return x + chord * cos(direction + half), y + chord * sin(direction + half)


@inlined()
def path_to_radius(x, y, curvature, direction, radius):
    """Return the path to a radius, negative inwards, and whether the particle comes there."""
    path = radius - sqrt(x * x + y * y)
    for _ in range(_STEPS):
        there_x, there_y = moved(x, y, curvature, direction, path)
        angle = direction + curvature * path
        there = sqrt(there_x * there_x + there_y * there_y)
        outwards = (there_x * cos(angle) + there_y * sin(angle)) / there if there > 0 else 0.0
        if outwards < _GRAZING:
            return 0.0, False
        step = (radius - there) / outwards
        path += step
        if abs(step) < _PRECISE:
            break
    return path, True
