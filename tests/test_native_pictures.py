"""What the native module does with whole pictures, against OpenCV and NumPy: the same bytes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthtext.labels.cubic import cubic_warp, plain_warp
from synthtext.native import native
from synthtext.scenes.draw import KEEPS, plain_light

pytestmark = pytest.mark.usefixtures("native_module")


@pytest.mark.parametrize("size_wh", [(1, 1), (5, 3), (6, 4), (64, 40), (300, 200)])
def test_warp__everywhere_on_a_picture_and_beside_it(size_wh: tuple[int, int]) -> None:
    draws = np.random.default_rng(0)
    image = draws.integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
    for _ in range(40):
        back = np.eye(3) + draws.normal(0, 0.3, (3, 3))
        back[:2, 2] = draws.uniform(-20, 200, 2)
        back[2] = [*draws.normal(0, 2e-3, 2), 1.0]
        width, height = draws.integers(1, 600), draws.integers(1, 30)
        _, matrix = cv2.invert(back)
        _, back = cv2.invert(matrix)
        made = cubic_warp(image, matrix, (width, height))
        np.testing.assert_array_equal(made, plain_warp(image, back, (width, height)))


def test_warp__a_part_of_a_picture_is_read_alone() -> None:
    image = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    part = image[5:25, 10:40]
    matrix = np.array([[1.1, 0.1, -3.3], [-0.1, 0.9, 4.2], [0, 0, 1.0]])
    np.testing.assert_array_equal(cubic_warp(part, matrix, (50, 30)), cubic_warp(part.copy(), matrix, (50, 30)))


def test_warp__leaves_other_pictures_to_python() -> None:
    draws = np.random.default_rng(0)
    matrix = np.array([[1.1, 0.1, -3.3], [-0.1, 0.9, 4.2], [0, 0, 1.0]])
    color = draws.integers(0, 256, (20, 30, 3), np.uint8)
    wanted = cubic_warp(color, matrix, (30, 20))
    np.testing.assert_array_equal(cubic_warp(color[..., ::-1], matrix, (30, 20)), wanted[..., ::-1])
    np.testing.assert_array_equal(cubic_warp(color[..., 1], matrix, (30, 20)), wanted[..., 1])


@pytest.mark.parametrize("size_wh", [(1, 1), (5, 3), (6, 4), (61, 40), (128, 9)])
def test_light__same_bytes_as_opencv(size_wh: tuple[int, int]) -> None:
    draws = np.random.default_rng(2)
    (width, height), page = size_wh, draws.integers(0, 256, (60, 150, 3), np.uint8)
    for density in (0.05, 0.5, 1.0):
        gray = draws.integers(0, 256, (height, width), np.uint8)
        mask = draws.integers(0, 256, (height, width), np.uint8) * (draws.random((height, width)) < density)
        mask = np.where(draws.random((height, width)) < 0.3 * density, 255, mask).astype(np.uint8)
        gains = draws.integers(0, 256, (1, 256), np.uint8)
        ours, theirs = page.copy(), page.copy()
        where = np.s_[7 : 7 + height, 3 : 3 + width]
        assert native is not None
        assert native.light(ours[where], gray, mask, gains, KEEPS)
        plain_light(theirs[where], gray, mask, gains)
        np.testing.assert_array_equal(ours, theirs)


def test_light__refuses_pictures_that_do_not_fit() -> None:
    assert native is not None
    page, flat = np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8)
    assert not native.light(page, flat, flat[:8], KEEPS, KEEPS)
    assert not native.light(page, flat, flat, KEEPS[:, :9], KEEPS)
    assert not native.light(page, None, flat, KEEPS, KEEPS)
