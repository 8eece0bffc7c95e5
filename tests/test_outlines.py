"""Outlines hold what a transform has moved, and follow it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.geometry import Floats, Mesh, Transform, Warp
from synthtext.outlines import line_polygon, line_quad, moved_quads
from synthtext.quads import box_quads, is_convex, side_lengths, signed_area
from synthtext.values import TextInstance

SIZE = (300, 120)
LINE = np.array([20, 40, 280, 70], np.float32)
COLUMN = np.array([40, 10, 70, 110], np.float32)


def _sag(points: np.ndarray) -> np.ndarray:
    """Sources of a target whose lines hang through by 25 px."""
    x, y = points.T
    return np.stack([x, y - 25.0 * (1.0 - ((x - 150.0) / 150.0) ** 2)], axis=1)


def _lean(points: np.ndarray) -> np.ndarray:
    """Sources of a target whose columns bow to the right by 20 px."""
    x, y = points.T
    return np.stack([x - 20.0 * (1.0 - ((y - 60.0) / 60.0) ** 2), y], axis=1)


SAG, LEAN = Mesh.sampled(_sag, SIZE, 4), Mesh.sampled(_lean, SIZE, 4)
TURNED = Warp(np.array([[-1.0, 0.0, 300.0], [0.0, -1.0, 120.0], [0.0, 0.0, 1.0]]))
TRANSFORMS = [("sag", SAG), ("lean", LEAN), ("sag, then upside down", SAG.then(TURNED))]


def _inside(polygon: Floats, points: np.ndarray) -> np.ndarray:
    """How far inside of a polygon each point lies, in pixels."""
    outline = polygon.astype(np.float32).reshape(-1, 1, 2)
    return np.array([cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in points])


def _filled(box: Floats) -> np.ndarray:
    xs, ys = np.meshgrid(np.linspace(box[0], box[2], 40), np.linspace(box[1], box[3], 20))
    return np.stack([xs.ravel(), ys.ravel()], axis=1).astype(np.float32)


@pytest.mark.parametrize(("name", "transform"), TRANSFORMS)
def test_moved_quads__are_convex_and_hold_what_moved(name: str, transform: Transform) -> None:
    boxes = np.array([[x, 30, x + 24, 64] for x in range(20, 280, 30)], np.float32)
    quads = moved_quads(transform, box_quads(boxes))
    assert is_convex(quads).all()
    for box, quad in zip(boxes, quads, strict=True):
        assert _inside(quad, transform.points(_filled(box))).min() > -0.2
        np.testing.assert_allclose(quad[0], transform.points(box[:2]), atol=6)


def test_moved_quads__of_a_hair_are_a_pixel_wide() -> None:
    hair = box_quads(np.array([[100, 30, 100.2, 60], [10, 30, 40, 30.1]], np.float32))
    assert side_lengths(moved_quads(SAG, hair)).min() > 0.99


def test_moved_quads__of_no_quads() -> None:
    assert moved_quads(SAG, np.zeros((0, 4, 2), np.float32)).shape == (0, 4, 2)


@pytest.mark.parametrize(
    ("name", "transform", "box", "column"),
    [
        ("line", SAG, LINE, False),
        ("column", LEAN, COLUMN, True),
        ("line, upside down", SAG.then(TURNED), LINE, False),
        ("column, upside down", LEAN.then(TURNED), COLUMN, True),
        ("column that hardly bends", SAG, COLUMN, True),
    ],
)
def test_line_polygon__holds_the_line_and_hugs_it(name: str, transform: Transform, box: Floats, column: bool) -> None:
    polygon = line_polygon(transform, box, column)
    assert _inside(polygon, transform.points(_filled(box))).min() > -0.5
    # As large as what moved: the line's area is that of its box, since these transforms keep areas.
    assert abs(signed_area(polygon[None])[0]) == pytest.approx((box[2] - box[0]) * (box[3] - box[1]), rel=0.02)
    assert signed_area(polygon[None])[0] > 0
    np.testing.assert_allclose(polygon[0], transform.points(box[:2]), atol=0.01)
    beside = (1, box[[2, 1]]) if column else (-1, box[[0, 3]])
    np.testing.assert_allclose(polygon[beside[0]], transform.points(beside[1]), atol=0.01)
    assert 4 <= len(polygon) <= 40


def test_line_polygon__of_a_homography_is_the_quad() -> None:
    warp = Warp.between(box_quads(LINE)[0], np.array([[0, 0], [90, 9], [80, 40], [5, 33]], np.float32))
    np.testing.assert_array_equal(line_polygon(warp, LINE, False), warp.points(box_quads(LINE))[0])
    np.testing.assert_array_equal(line_polygon(warp, LINE, True), line_quad(warp, box_quads(LINE)[0]))


@pytest.mark.parametrize(("name", "transform"), TRANSFORMS)
@pytest.mark.parametrize("box", [LINE, COLUMN])
def test_line_quad__holds_the_line_in_reading_order(name: str, transform: Transform, box: Floats) -> None:
    quad = line_quad(transform, box_quads(box)[0])
    assert is_convex(quad[None])[0]
    assert _inside(quad, transform.points(_filled(box))).min() > -0.3
    assert np.abs(quad[:, None] - transform.points(box_quads(box)[0])).sum(axis=2).argmin(axis=1).tolist() == [
        0,
        1,
        2,
        3,
    ]


def test_instance_moved__labels_go_with_the_picture() -> None:
    ink = np.array([[20, 40, 60, 70], [70, 45, 110, 70], [180, 40, 230, 70]], np.float32)
    instance = TextInstance("ab c", ("a", "b", "c"), (0, 0, 1), ink, ink, Warp.scaling(1.1, 0.9))
    np.testing.assert_array_equal(instance.polygon, instance.quad)
    moved = instance.moved(SAG)
    np.testing.assert_allclose(moved.ink_quads.mean(axis=1), SAG.points(instance.ink_quads.mean(axis=1)), atol=1.5)
    assert len(moved.word_polygons) == len(moved.word_quads) == 2
    assert len(moved.polygon) > 4
    assert moved.text == instance.text
    again = moved.moved(SAG.inverse())
    np.testing.assert_allclose(again.ink_quads, instance.ink_quads, atol=0.1)
