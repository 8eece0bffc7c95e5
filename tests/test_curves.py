"""Curves take a straight line to a bent one and back, and keep what they say that they keep."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.curves import Ripples, arc, bulge, flutter, stood, stood_turns, wave
from synthtext.geometry import Transform

START, END = 0.3, 9.1
INSIDE = np.stack([np.linspace(0.4, 9.0, 23), np.linspace(-0.7, 0.2, 23)[::-1]], axis=1)


def _ripples(numbers: list[float], sharp: bool, lean: float) -> Ripples:
    u = np.array(numbers).reshape(3, 5)
    waves = np.stack([np.cos(6.3 * u[:, 0]), np.sin(6.3 * u[:, 0])], axis=1) * (1.0 + 5.0 * u[:, 1:2])
    return Ripples(waves, 6.3 * u[:, 2], 0.2 * u[:, 3:] - 0.1, lean, sharp).eased(0.6)


units = st.lists(st.floats(0, 1), min_size=15, max_size=15)
shapes = st.one_of(
    st.tuples(st.floats(-3.3, 3.3), st.floats(-0.6, 0.1)).map(lambda n: arc(START, END, *n)),
    st.tuples(st.floats(-0.4, 0.4), st.floats(3.5, 12), st.floats(0, 6.3)).map(lambda n: wave(START, END, *n, -0.3)),
    st.tuples(st.floats(0, 0.5), st.floats(2.6, 12), st.floats(0, 6.3)).map(lambda n: flutter(START, END, *n)),
    st.tuples(st.floats(-0.5, 1.0), st.floats(-0.8, 0.2)).map(lambda n: bulge(START, END, *n)),
    st.tuples(units, st.booleans(), st.floats(0, 0.5)).map(lambda n: _ripples(*n)),
)


@given(shapes, st.booleans())
def test_shapes__there_and_back(shape: Transform, column: bool) -> None:
    shape, points = (stood(shape), INSIDE[:, ::-1] * (-1.0, 1.0)) if column else (shape, INSIDE)
    np.testing.assert_allclose(shape.pull(shape.push(points)), points, atol=2e-3)


@given(shapes)
def test_shapes__never_turn_anything_inside_out(shape: Transform) -> None:
    step = 1e-3
    there = shape.push(INSIDE)
    right, down = (shape.push(INSIDE + offset) - there for offset in ((step, 0.0), (0.0, step)))
    assert (right[:, 0] * down[:, 1] - right[:, 1] * down[:, 0] > 0).all()


@pytest.mark.parametrize("angle_deg", [-190, -60, -1, 20, 90, 200])
def test_arc__is_part_of_a_circle_and_as_long_as_the_line(angle_deg: float) -> None:
    angle = math.radians(angle_deg)
    path = arc(START, END, angle, -0.2)
    radius = (END - START) / angle
    places, angles = path.follow(np.linspace(START, END, 40))
    centre = np.array([0.5 * (START + END), -0.2 + radius])  # below the middle of the line that keeps its length
    np.testing.assert_allclose(np.linalg.norm(places - centre, axis=1), abs(radius), rtol=2e-3)
    np.testing.assert_allclose(np.degrees(angles[[0, -1]]), [-0.5 * angle_deg, 0.5 * angle_deg], atol=0.01)


@given(shapes.filter(lambda shape: hasattr(shape, "follow")))
def test_ribbon__letters_keep_their_distances_and_stand_across_the_path(shape) -> None:  # type: ignore[no-untyped-def]
    lengths = np.linspace(START, END, 400)
    places, _ = shape.follow(lengths)
    steps = np.diff(places, axis=0)
    np.testing.assert_allclose(np.linalg.norm(steps, axis=1), lengths[1] - lengths[0], rtol=1e-3)
    # A letter's own matrix and the shape agree on the stroke through the letter's middle.
    middles = np.array([1.0, 4.0, 8.5])
    for middle, turn in zip(middles, shape.turns(middles), strict=True):
        stroke = np.array([[middle, -0.7], [middle, 0.0], [middle, 0.2]])
        np.testing.assert_allclose(stroke @ turn[:2, :2].T + turn[:2, 2], shape.push(stroke), atol=1e-9)
        np.testing.assert_allclose(turn[:2, :2] @ turn[:2, :2].T, np.eye(2), atol=1e-12)


def test_ribbon__goes_straight_on_beyond_its_ends() -> None:
    path = arc(0.0, 4.0, 1.0, 0.0)
    beyond = path.push(np.array([[4.0, 0.0], [5.0, 0.0], [6.0, 0.0]]))
    np.testing.assert_allclose(beyond[1] - beyond[0], beyond[2] - beyond[1])
    np.testing.assert_allclose(np.linalg.norm(beyond[1] - beyond[0]), 1.0)


def test_stood__a_columns_curve_to_its_right_is_a_lines_upwards() -> None:
    """What the line does along x and up, the column does down y and to the right."""
    shape = arc(0.0, 4.0, 1.2, 0.0)
    line = shape.push(np.array([[0.0, -0.5], [3.0, 0.2]]))
    column = stood(shape).push(np.array([[0.5, 0.0], [-0.2, 3.0]]))
    np.testing.assert_allclose(column, np.stack([-line[:, 1], line[:, 0]], axis=1), atol=1e-12)
    turns = stood_turns(shape.turns(np.array([1.0])))
    np.testing.assert_allclose(turns[0] @ [0.3, 1.0, 1.0], [*stood(shape).push(np.array([[0.3, 1.0]]))[0], 1.0])


def test_bulge__what_is_largest_keeps_its_size() -> None:
    grown, pinched = bulge(0.0, 4.0, 0.5, 0.0), bulge(0.0, 4.0, -0.5, 0.0)
    heights = np.array([[0.0, -1.0], [2.0, -1.0], [4.0, -1.0]])
    np.testing.assert_allclose(grown.push(heights)[:, 1], [-1 / 1.5, -1.0, -1 / 1.5], atol=1e-3)
    np.testing.assert_allclose(pinched.push(heights)[:, 1], [-1.0, -0.5, -1.0], atol=1e-3)


@given(units, st.booleans(), st.floats(0, 0.5))
def test_ripples__slopes_are_how_the_height_changes(numbers: list[float], sharp: bool, lean: float) -> None:
    """Along one vector the picture moves by the height, so heights can be read off `pull`."""
    ripples = _ripples(numbers, sharp, lean)
    moves = np.abs(ripples.moves) @ np.ones((2, 1)) * [[0.6, 0.8]]
    ripples = Ripples(ripples.waves, ripples.phases, moves, lean, sharp)
    step = 1e-2
    points = INSIDE[:7]

    def heights(at: np.ndarray) -> np.ndarray:
        return (ripples.pull(at) - at) @ [0.6, 0.8]  # type: ignore[no-any-return]

    found = ripples.slopes(points)
    for axis, offset in enumerate(((step, 0.0), (0.0, step))):
        measured = (heights(points + offset) - heights(points - np.array(offset))) / (2 * step)
        limit = 0.05 if not sharp else 2.0 * ripples.steepness + 0.05  # next to a crease anything in between
        assert np.abs(measured - found[:, axis]).max() <= limit


def test_ripples_eased__are_as_steep_as_wanted() -> None:
    steep = Ripples(np.array([[4.0, 0.0]]), np.zeros(1), np.array([[0.5, 0.0]]))
    assert steep.steepness == pytest.approx(2.0)
    assert steep.eased(0.5).steepness == pytest.approx(0.5)
    assert steep.eased(3.0) is steep


def test_shapes__survive_the_way_to_another_process() -> None:
    for shape in (arc(0, 4, 1.0, 0.0), flutter(0, 4, 0.2, 3, 0.1), stood(wave(0, 4, 0.2, 3, 0, 0))):
        again = pickle.loads(pickle.dumps(shape))  # noqa: S301 - our own bytes
        np.testing.assert_array_equal(again.push(INSIDE), shape.push(INSIDE))
