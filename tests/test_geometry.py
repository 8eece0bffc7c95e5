"""Warps move pixels and points alike."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.geometry import Warp, box_quads, is_convex, side_lengths, signed_area

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
