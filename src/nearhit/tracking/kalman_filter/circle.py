"""Circles in the transverse plane: trajectories of charged particles in a solenoid.

Curvatures are 1/mm, positive where the particle turns left; a direction is given by its cosine and
sine; path lengths are mm along the circle. Angles are nearly always small, and series are then
faster than sine and cosine.
"""

from math import asin, cos, sin, sqrt

from nearhit.machine.kernels import inlined

_ALMOST_HALF_TURN = 0.99
_SMALL_ANGLE = 0.5  # below it the series are exact to 3e-10
_SMALL_SINE = 0.2  # below it the series of the arcsine is exact to 5e-10
_STEPS = 5
_PRECISE = 0.01  # mm
_GRAZING = 0.1  # cosine below which a track runs along a barrel layer

MIN_CURVATURE = 3e-6
"""1/mm: no track is taken for straighter than one of 200 GeV."""


@inlined()
def length(x, y):
    """Return the length of a vector."""
    return sqrt(x * x + y * y)


@inlined()
def rotate(cosine, sine, angle):
    """Return a direction rotated to the left by an angle."""
    by_cosine, sine_ratio = _cosine_and_sine_ratio(angle)
    return _rotate_by(cosine, sine, by_cosine, angle * sine_ratio)


@inlined()
def _rotate_by(x, y, cosine, sine):
    """Return a vector rotated to the left by the angle of this cosine and sine."""
    return x * cosine - y * sine, y * cosine + x * sine


@inlined()
def _cosine_and_sine_ratio(angle):
    """Return the cosine of an angle, and its sine divided by it."""
    if abs(angle) >= _SMALL_ANGLE:
        return cos(angle), sin(angle) / angle
    a = angle * angle
    cosine = 1 - a / 2 * (1 - a / 12 * (1 - a / 30 * (1 - a / 56)))
    return cosine, 1 - a / 6 * (1 - a / 20 * (1 - a / 42 * (1 - a / 72)))


@inlined()
def circle_through(ax, ay, bx, by, cx, cy):
    """Return the curvature of the circle through three points, and its direction at the last."""
    chord_x, chord_y = cx - ax, cy - ay
    twice_area = (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
    product = length(bx - ax, by - ay) * length(cx - bx, cy - by) * length(chord_x, chord_y)
    curvature = 2 * twice_area / product if product > 0 else 0.0
    cosine, sine = end_of_chord(curvature, chord_x, chord_y)
    return curvature, cosine, sine


@inlined()
def end_of_chord(curvature, chord_x, chord_y):
    """Return the direction of the circle at the end of a chord."""
    chord = length(chord_x, chord_y)
    if chord == 0:
        return 1.0, 0.0
    by_sine = _sine_of_half_turn(curvature, chord)
    by_cosine = sqrt(1 - by_sine * by_sine)
    x, y = _rotate_by(chord_x, chord_y, by_cosine, by_sine)
    return x / chord, y / chord


@inlined()
def _sine_of_half_turn(curvature, chord):
    """Return the sine of the angle between a chord and the circle at its ends."""
    return min(max(0.5 * curvature * chord, -_ALMOST_HALF_TURN), _ALMOST_HALF_TURN)


@inlined()
def path_of(curvature, chord):
    """Return the path length over a chord."""
    sine = _sine_of_half_turn(curvature, chord)
    if abs(sine) >= _SMALL_SINE:
        return 2 * asin(sine) / curvature
    a = sine * sine
    return chord * (1 + a / 6 * (1 + a * 9 / 20 * (1 + a * 25 / 42 * (1 + a * 49 / 72))))


@inlined()
def advance(x, y, curvature, cosine, sine, path):
    """Return position and direction of a particle after a path.

    Computed from the chord, which loses no digits on straight tracks.
    """
    half = 0.5 * curvature * path
    by_cosine, sine_ratio = _cosine_and_sine_ratio(half)
    by_sine, chord = half * sine_ratio, path * sine_ratio
    chord_cosine, chord_sine = _rotate_by(cosine, sine, by_cosine, by_sine)
    there_cosine, there_sine = _rotate_by(chord_cosine, chord_sine, by_cosine, by_sine)
    return x + chord * chord_cosine, y + chord * chord_sine, there_cosine, there_sine


@inlined()
def path_to_radius(x, y, curvature, cosine, sine, radius):
    """Return the path to a radius, negative inwards, and whether the particle reaches it."""
    path = radius - length(x, y)
    for _ in range(_STEPS):
        there_x, there_y, there_cosine, there_sine = advance(x, y, curvature, cosine, sine, path)
        there = length(there_x, there_y)
        outwards = (there_x * there_cosine + there_y * there_sine) / there if there > 0 else 0.0
        if outwards < _GRAZING:
            return 0.0, False
        step = (radius - there) / outwards
        path += step
        if abs(step) < _PRECISE:
            break
    return path, True
