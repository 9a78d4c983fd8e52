"""Circles of the Kalman filter, whose small angles are taken by series, against trigonometry."""

from math import asin, atan2, cos, hypot, pi, sin

import pytest

from nearhit.tracking.kalman_filter.circle import advance, circle_through, path_of, rotate

ANGLES = (0.0, 1e-9, 0.01, 0.49, 0.51, 1.5)  # series end at 0.5


@pytest.mark.parametrize("angle", [*ANGLES, *(-angle for angle in ANGLES)])
def test_turned_turns_by_the_angle(angle):
    assert rotate(cos(0.3), sin(0.3), angle) == pytest.approx((cos(0.3 + angle), sin(0.3 + angle)))


@pytest.mark.parametrize("half", [angle for angle in ANGLES if angle])
@pytest.mark.parametrize("left", [1, -1])
def test_a_particle_moves_along_its_circle(half, left):
    path, direction = 500.0, 0.3
    curvature = left * 2 * half / path
    there = direction + curvature * path
    x = 10 + (sin(there) - sin(direction)) / curvature
    y = 20 - (cos(there) - cos(direction)) / curvature
    found = advance(10.0, 20.0, curvature, cos(direction), sin(direction), path)
    assert found == pytest.approx((x, y, cos(there), sin(there)), abs=1e-4)


@pytest.mark.parametrize("sine", [0.0, 1e-9, 0.01, 0.19, 0.21, 0.9])  # the series ends at 0.2
def test_the_path_over_a_chord_is_its_arc(sine):
    chord = 100.0
    curvature = 2 * sine / chord
    arc = 2 * asin(sine) / curvature if sine else chord
    assert path_of(curvature, chord) == pytest.approx(arc, rel=1e-8)
    assert path_of(-curvature, chord) == pytest.approx(arc, rel=1e-8)


def test_a_circle_through_three_points_ends_along_its_tangent():
    radius, angles = 200.0, (0.1, 0.5, 1.0)
    points = [coordinate for a in angles for coordinate in (radius * cos(a), radius * sin(a))]
    curvature, cosine, sine = circle_through(*points)
    assert curvature == pytest.approx(1 / radius)
    assert atan2(sine, cosine) == pytest.approx(angles[-1] + pi / 2)
    assert hypot(cosine, sine) == pytest.approx(1)
