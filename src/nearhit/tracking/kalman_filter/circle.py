"""Circles in the transverse plane: what a charged particle runs in a solenoid.

Curvatures are 1/mm, positive where the particle turns left; a direction is its cosine and sine;
path lengths are mm along the circle. Angles are small nearly always, and then taken by their
series, which spares calls of sine and cosine.
"""

from math import asin, cos, sin, sqrt

from nearhit.machine.kernels import inlined

_ALMOST_HALF_TURN = 0.99
_SMALL_ANGLE = 0.5  # below it the series are exact to 3e-10
_SMALL_SINE = 0.2  # below it that of the arcsine is, to 5e-10
_STEPS = 5
_PRECISE = 0.01  # mm
_GRAZING = 0.1  # cosine below which a track runs along a barrel layer


@inlined()
def length(x, y):
    """Return the length of a vector."""
    return sqrt(x * x + y * y)


@inlined()
def turned(cosine, sine, angle):
    """Return a direction turned left by an angle."""
    by_cosine, by_share = _cosine_and_share(angle)
    return _rotated(cosine, sine, by_cosine, angle * by_share)


@inlined()
def _rotated(x, y, cosine, sine):
    """Return a vector turned left by the angle that has this cosine and sine."""
    return x * cosine - y * sine, y * cosine + x * sine


@inlined()
def _cosine_and_share(angle):
    """Return the cosine of an angle, and its sine over it."""
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
    x, y = _rotated(chord_x, chord_y, by_cosine, by_sine)
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
def moved(x, y, curvature, cosine, sine, path):
    """Return where a particle comes to, and its direction there.

    By the chord, which loses no digits on straight tracks.
    """
    half = 0.5 * curvature * path
    by_cosine, by_share = _cosine_and_share(half)
    by_sine, chord = half * by_share, path * by_share
    chord_cosine, chord_sine = _rotated(cosine, sine, by_cosine, by_sine)
    there_cosine, there_sine = _rotated(chord_cosine, chord_sine, by_cosine, by_sine)
    return x + chord * chord_cosine, y + chord * chord_sine, there_cosine, there_sine


@inlined()
def path_to_radius(x, y, curvature, cosine, sine, radius):
    """Return the path to a radius, negative inwards, and whether the particle comes there."""
    path = radius - length(x, y)
    for _ in range(_STEPS):
        there_x, there_y, there_cosine, there_sine = moved(x, y, curvature, cosine, sine, path)
        there = length(there_x, there_y)
        outwards = (there_x * there_cosine + there_y * there_sine) / there if there > 0 else 0.0
        if outwards < _GRAZING:
            return 0.0, False
        step = (radius - there) / outwards
        path += step
        if abs(step) < _PRECISE:
            break
    return path, True
