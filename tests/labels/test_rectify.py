from __future__ import annotations

import cv2
import numpy as np
import pytest
from scenes import at, corners, instance, tilted

from synthtext.geometry import Mesh, Transform
from synthtext.labels.rectify import quad_crop, quad_crops, rectified, strip_crop, strip_edges

LAYER = np.zeros((48, 240), np.uint8)
for _place in range(10):
    LAYER[8 : 8 + 3 * _place + 4, 24 * _place + 8 : 24 * _place + 16] = 255


def paddle(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """PaddleOCR's recipe, from middles of pixels: size by the longer sides, cubic, replicated, turned when tall.

    Here with the OpenCV that is installed, which may count in floats; see `test_cubic`.
    """
    norm = np.linalg.norm
    width = int(max(norm(points[0] - points[1]), norm(points[2] - points[3])))
    height = int(max(norm(points[0] - points[3]), norm(points[1] - points[2])))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(points - np.float32(0.5), target - np.float32(0.5))
    crop = cv2.warpPerspective(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.rot90(crop) if crop.shape[0] * 1.0 / crop.shape[1] >= 1.5 else crop


def picture(warp: Transform, direction: str = "ltr") -> np.ndarray:
    layer = np.ascontiguousarray(np.rot90(LAYER, -1)) if direction == "ttb" else LAYER
    return warp.image(layer, (640, 360))


@pytest.mark.parametrize("warp", [at(50, 60), at(200, 60, 33.0), at(400, 300, 180.0), tilted(100, 80)])
@pytest.mark.parametrize("direction", ["ltr", "ttb"])
def test_rectified__cuts_as_paddleocr_does(warp: Transform, direction: str) -> None:
    line = instance("abcdefgh", warp, direction)  # type: ignore[arg-type]
    image = picture(warp)

    crop, wanted = rectified(image, line.quad), paddle(image, line.quad)
    assert crop.shape == wanted.shape
    off = np.abs(crop.astype(int) - wanted)
    assert off.max() <= 8  # a 1/64 pixel, at an edge from black to white
    assert off.mean() < 0.5


def test_quad_crop__upright_box_is_a_slice() -> None:
    image = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)

    crop = quad_crop(image, corners((10, 20), (50, 20), (50, 44), (10, 44)))

    assert np.array_equal(crop, image[20:44, 10:50])


@pytest.mark.parametrize("box", [(0, 0, 64, 48), (3, 5, 40, 21), (63, 47, 64, 48)])
def test_quad_crop__box_between_whole_pixels_is_what_the_warp_gives(box: tuple[int, int, int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    x0, y0, x1, y1 = box
    quad = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    size = (x1 - x0, y1 - y0)
    ends = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad - 0.5, ends - 0.5)

    crop = quad_crop(image, quad)

    assert np.array_equal(crop, cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=1))
    assert crop.base is None


def test_quad_crop__box_that_runs_out_of_the_picture_repeats_its_edge() -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)

    crop = quad_crop(image, np.array([[50, 10], [70, 10], [70, 20], [50, 20]], np.float32))

    assert crop.shape == (10, 20, 3)
    assert np.array_equal(crop[:, :14], image[10:20, 50:])
    assert np.array_equal(crop[:, 14:], np.repeat(image[10:20, 63:], 6, axis=1))


def test_rectified__upside_down_line_reads_upright() -> None:
    warp = at(400, 300, 180.0)
    line = instance("x" * 10, warp)

    crop = quad_crop(picture(warp), line.warp.points(corners((0, 0), (240, 0), (240, 48), (0, 48))))

    assert np.abs(crop[1:-1, 1:-1].astype(int) - LAYER[1:-1, 1:-1]).mean() < 3


def _wave(column: bool) -> Mesh:
    def pull(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        if column:
            return np.stack([x - 200 - 30 * np.sin(y / 50), y - 40], axis=1)
        return np.stack([x - 60, y - 120 - 30 * np.sin(x / 50)], axis=1)

    return Mesh.sampled(pull, (640, 360), 4)


@pytest.mark.parametrize("column", [False, True])
def test_strip_crop__unbends_a_wave(column: bool) -> None:
    warp = _wave(column)
    line = instance("x" * 10, warp, "ttb" if column else "ltr", 24.0)
    image = picture(warp, "ttb" if column else "ltr")
    polygon = line.polygon

    crop = strip_crop(image, polygon, column)

    assert len(polygon) > 4
    if column:
        crop = np.rot90(crop)
    # The marks of the layer stand at equal distances again, and their feet lie in one row.
    straight = LAYER[2:22, 2:238] if not column else LAYER[26:46, 2:238]
    marks = (crop > 127).any(axis=0).astype(np.int8)
    assert (np.diff(np.concatenate([[0], marks])) == 1).sum() == (np.diff(straight.any(axis=0) * 1) == 1).sum()
    if not column:
        tops = [int(np.argmax(crop[:, x] > 127)) for x in np.flatnonzero(crop.max(axis=0) > 200)]
        assert max(tops) - min(tops) <= 2


def test_rectified__bent_column_lies_down() -> None:
    line = instance("abcdef", _wave(column=True), "ttb")

    crop = rectified(picture(line.warp, "ttb"), line.polygon, column=True)

    assert crop.shape[1] > 3 * crop.shape[0]


def test_strip_edges__odd_polygon_is_refused() -> None:
    with pytest.raises(ValueError, match="5 points"):
        strip_edges(np.zeros((5, 2), np.float32))


def test_quad_crops__each_is_what_it_is_alone() -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    upright = corners((10, 20), (50, 20), (50, 44), (10, 44))
    quads = np.array(
        [upright, upright + np.float32(0.5), upright[[1, 2, 3, 0]], upright + 30, upright * [1, 0.9]], np.float32
    )
    tilted_quad = corners((5, 5), (40, 9), (38, 22), (4, 17))

    crops = list(quad_crops(image, np.array([*quads, tilted_quad])))

    assert [crop.shape[:2] for crop in crops] == [(24, 40), (24, 40), (40, 24), (24, 40), (21, 40), (13, 35)]
    for crop, quad in zip(crops, [*quads, tilted_quad], strict=True):
        assert np.array_equal(crop, quad_crop(image, quad))
    assert np.array_equal(crops[0], image[20:44, 10:50])
    assert np.array_equal(np.rot90(crops[2], -1), crops[0])
