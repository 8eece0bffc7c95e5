"""Warps move pixels and points alike."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.geometry import Mesh, Transform, Warp
from synthtext.quads import box_quads, is_convex, side_lengths, signed_area

SQUARE = np.array([[0, 0], [100, 0], [100, 60], [0, 60]], np.float32)


def _quad(jitter: list[float]) -> np.ndarray:
    return (SQUARE + np.array(jitter, np.float32).reshape(4, 2)).astype(np.float32)


quads = st.lists(st.floats(-20, 20, width=32), min_size=8, max_size=8).map(_quad)


@given(quads, quads)
def test_warp_between__takes_corners_to_corners(source: np.ndarray, target: np.ndarray) -> None:
    moved = Warp.between(source, target).points(source)
    np.testing.assert_allclose(moved, target, atol=0.02)


@given(quads, quads)
def test_warp_inverse__gives_the_points_back(source: np.ndarray, target: np.ndarray) -> None:
    warp = Warp.between(source, target)
    points = np.array([[10, 10], [50, 30], [90, 55]], np.float32)
    np.testing.assert_allclose(warp.inverse().points(warp.points(points)), points, atol=0.05)


@pytest.mark.parametrize(
    ("name", "warp"),
    [
        ("scale 2", Warp.scaling(2, 2)),
        ("scale 4", Warp.scaling(4, 4)),
        ("shrink", Warp.scaling(0.7, 0.8)),
        ("turn", Warp(np.array([[0.96, -0.28, 20], [0.28, 0.96, -4], [0, 0, 1.0]]))),
        ("perspective", Warp.between(SQUARE, _quad([5, 3, 30, -2, 9, 12, -4, 22]))),
    ],
)
def test_warp_image__puts_a_dot_where_points_says(name: str, warp: Warp) -> None:
    image = np.zeros((60, 100), np.uint8)
    cv2.circle(image, (40, 25), 3, 255, -1)  # its centre lies at (40.5, 25.5) in the edge convention
    moved = warp.image(image, (440, 280)).astype(float)
    rows, columns = np.mgrid[0:280, 0:440] + 0.5
    centroid = np.array([(columns * moved).sum(), (rows * moved).sum()]) / moved.sum()
    expected = warp.points(np.array([40.5, 25.5], np.float32))
    np.testing.assert_allclose(centroid, expected, atol=0.12)


def test_box_quads__are_clockwise_from_the_top_left() -> None:
    quad = box_quads(np.array([[1, 2, 5, 9]], np.float32))[0]
    np.testing.assert_array_equal(quad, [[1, 2], [5, 2], [5, 9], [1, 9]])


@pytest.mark.parametrize(
    ("name", "quad", "expected"),
    [
        ("square", [[0, 0], [1, 0], [1, 1], [0, 1]], True),
        ("counter-clockwise", [[0, 0], [0, 1], [1, 1], [1, 0]], False),
        ("bow tie", [[0, 0], [1, 1], [1, 0], [0, 1]], False),
        ("no area", [[0, 0], [1, 0], [2, 0], [3, 0]], False),
        ("not finite", [[0, 0], [1, 0], [1, np.nan], [0, 1]], False),
    ],
)
def test_is_convex__tells_good_quads_from_bad(name: str, quad: list[list[float]], expected: bool) -> None:
    assert is_convex(np.array([quad], np.float32))[0] == expected


def test_signed_area__and_side_lengths__of_a_rectangle() -> None:
    quad = np.array([[[0, 0], [4, 0], [4, 3], [0, 3]]], np.float32)
    assert signed_area(quad)[0] == 12
    np.testing.assert_array_equal(side_lengths(quad)[0], [4, 3, 4, 3])


# What is no homography


def _waves(amplitude: float, length: float) -> Callable[[np.ndarray], np.ndarray]:
    """Where the target's points come from, when it sways both ways."""

    def pull(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        turn = 2.0 * np.pi / length
        return np.stack([x + amplitude * np.sin(turn * y + 0.4), y + amplitude * np.cos(turn * x)], axis=1)

    return pull


def _barrel(strength: float) -> Callable[[np.ndarray], np.ndarray]:
    """Where the target's points come from, through a lens that bulges."""

    def pull(points: np.ndarray) -> np.ndarray:
        rays = (points - (50.0, 30.0)) / 50.0
        return rays * (1.0 + strength * (rays**2).sum(axis=1, keepdims=True)) * 50.0 + (50.0, 30.0)

    return pull


def _rolling(points: np.ndarray) -> np.ndarray:
    """Where the target's points come from, when the rows are read one after another in a turn."""
    return points + np.stack([0.2 * points[:, 1], 0.0 * points[:, 0]], axis=1)


bends = st.one_of(
    st.tuples(st.floats(-3, 3), st.floats(60, 200)).map(lambda numbers: Mesh.sampled(_waves(*numbers), (100, 60))),
    st.floats(-0.12, 0.25).map(lambda strength: Mesh.sampled(_barrel(strength), (100, 60))),
)
INSIDE = np.array([[10, 10], [50, 30], [90, 55], [33.3, 41.7], [70, 5]], np.float32)


@given(bends)
def test_mesh_inverse__gives_the_points_back(mesh: Mesh) -> None:
    np.testing.assert_allclose(mesh.inverse().points(mesh.points(INSIDE)), INSIDE, atol=0.01)
    np.testing.assert_allclose(mesh.points(mesh.inverse().points(INSIDE)), INSIDE, atol=0.01)
    assert mesh.inverse().inverse() is mesh


@given(quads, bends, quads)
def test_then__does_one_after_another(before: np.ndarray, mesh: Mesh, after: np.ndarray) -> None:
    first, last = Warp.between(SQUARE, before), Warp.between(SQUARE, after)
    whole = first.then(mesh).then(last)
    expected = last.points(mesh.points(first.points(INSIDE)))
    np.testing.assert_allclose(whole.points(INSIDE), expected, atol=0.01)
    np.testing.assert_allclose(whole.inverse().points(expected), INSIDE, atol=0.1)


def test_then__of_two_warps_is_a_warp_also_behind_a_mesh() -> None:
    mesh = Mesh.sampled(_barrel(0.1), (100, 60))
    assert isinstance(Warp.scaling(2, 2).then(Warp.scaling(3, 3)), Warp)
    np.testing.assert_allclose(
        mesh.then(Warp.scaling(2, 2)).then(Warp.scaling(3, 3)).points(INSIDE), 6 * mesh.points(INSIDE), atol=0.01
    )


@pytest.mark.parametrize(
    ("name", "transform"),
    [
        ("mesh of waves", Mesh.sampled(_waves(2.5, 70), (100, 60))),
        ("fine mesh of short waves", Mesh.sampled(_waves(1.0, 24), (100, 60), 2)),
        ("barrel", Mesh.sampled(_barrel(0.2), (100, 60))),
        ("pincushion", Mesh.sampled(_barrel(-0.1), (100, 60))),
        ("rolling shutter", Mesh.sampled(_rolling, (100, 60))),
        ("there and back", Mesh.sampled(_barrel(0.2), (100, 60)).inverse()),
        (
            "between homographies",
            Warp.between(SQUARE, _quad([5, 3, 10, -2, 9, 12, -4, 12]))
            .then(Mesh.sampled(_waves(2.0, 60), (130, 80)))
            .then(Warp.between(SQUARE, _quad([3, 5, -2, 10, 4, 9, 12, -4])))
            .then(Warp.scaling(2, 2)),
        ),
        ("short waves between", Warp.scaling(2, 2).then(Mesh.sampled(_waves(1.0, 26), (200, 120), 1))),
    ],
)
@pytest.mark.parametrize("spot", [(40, 25), (15, 12), (84, 47)])
def test_transform_image__puts_a_dot_where_points_says(name: str, transform: Transform, spot: tuple[int, int]) -> None:
    image = np.zeros((60, 100), np.uint8)
    image[spot[1] - 1 : spot[1] + 2, spot[0] - 1 : spot[0] + 2] = 255
    moved = transform.image(image, (260, 200)).astype(float)
    rows, columns = np.mgrid[0:200, 0:260] + 0.5
    centroid = np.array([(columns * moved).sum(), (rows * moved).sum()]) / moved.sum()
    expected = transform.points(np.array(spot, np.float32) + np.float32(0.5))
    np.testing.assert_allclose(centroid, expected, atol=0.15)


def test_transform_image__shows_the_mirrored_edge_outside_when_asked() -> None:
    image = np.full((60, 100, 3), 90, np.uint8)
    for transform in (Mesh.sampled(_barrel(0.25), (100, 60)), Warp.between(SQUARE, _quad([9] * 8))):
        assert (transform.image(image, (100, 60), border=None) == 90).all()
        assert (transform.image(image, (100, 60)) == 0).any()
