"""Colour differences agree with OpenCV's conversion."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from synthtext.color import difference, lab, lab_of, rgb_of

_CHANNEL = st.integers(0, 255)


@given(st.tuples(_CHANNEL, _CHANNEL, _CHANNEL))
def test_lab_of__agrees_with_opencv(color: tuple[int, int, int]) -> None:
    exact = cv2.cvtColor(np.array([[color]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0]
    np.testing.assert_allclose(lab_of(color), exact, atol=0.5)
    np.testing.assert_allclose(lab(np.array([[color]], np.uint8))[0, 0], exact, atol=3)


def test_difference__black_to_white_is_a_hundred() -> None:
    assert abs(difference((0, 0, 0), (255, 255, 255)) - 100) < 0.1


@given(st.tuples(_CHANNEL, _CHANNEL, _CHANNEL))
def test_rgb_of__gives_back_what_lab_of_took(color: tuple[int, int, int]) -> None:
    np.testing.assert_allclose(rgb_of(*lab_of(color)), color, atol=1)


@given(st.floats(-20, 130), st.floats(-150, 150), st.floats(-150, 150))
def test_rgb_of__is_a_colour_whatever_is_asked(lightness: float, a: float, b: float) -> None:
    assert all(0 <= channel <= 255 for channel in rgb_of(lightness, a, b))
