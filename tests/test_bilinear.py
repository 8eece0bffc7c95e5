"""Windows of photographs are resized by whole numbers: near OpenCV's values, and equal with and without the module."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.bilinear import plain_resized, resized
from synthtext.geometry import Image


def _noise(height: int, width: int, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 110), st.integers(1, 110), st.integers(0, 99))
def test_resized__near_opencv_and_the_same_without_the_module(
    height: int, width: int, new_height: int, new_width: int, seed: int
) -> None:
    window = _noise(height + 4, width + 3, seed)[1 : height + 1, 2 : width + 2]
    made = resized(window, (new_width, new_height))
    np.testing.assert_array_equal(made, plain_resized(window, (new_width, new_height)))
    theirs = cv2.resize(window, (new_width, new_height), interpolation=cv2.INTER_LINEAR)
    assert np.abs(made.astype(int) - theirs).max() <= 3  # of a step of 255, in 1/64 pixel


@pytest.mark.parametrize("size_wh", [(1280, 720), (1066, 600), (801, 449), (640, 360), (400, 225)])
def test_resized__a_photograph(size_wh: tuple[int, int]) -> None:
    photo = cv2.GaussianBlur(cv2.resize(_noise(60, 80), (800, 600), interpolation=cv2.INTER_CUBIC), (0, 0), 1.0)
    window = photo[11:461, 0:800]
    made = resized(window, size_wh)
    np.testing.assert_array_equal(made, plain_resized(window, size_wh))
    theirs = cv2.resize(window, size_wh, interpolation=cv2.INTER_LINEAR)
    assert np.abs(made.astype(int) - theirs).max() <= 1


def test_resized__one_color_stays() -> None:
    image = np.full((37, 53, 3), (255, 0, 131), np.uint8)
    assert (resized(image, (90, 20)) == (255, 0, 131)).all()


def test_resized__other_pictures_in_memory() -> None:
    image = _noise(30, 40)
    wanted = resized(image, (55, 21))
    np.testing.assert_array_equal(resized(image[..., ::-1], (55, 21)), wanted[..., ::-1])
    np.testing.assert_array_equal(resized(image[:, ::-1], (55, 21)), resized(image[:, ::-1].copy(), (55, 21)))


def test_resized__gray() -> None:
    image = _noise(30, 40)
    np.testing.assert_array_equal(resized(image[..., 1], (55, 21)), resized(image, (55, 21))[..., 1])
