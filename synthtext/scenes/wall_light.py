"""The light on things that hang on a wall: it falls as it does on the wall, and the camera gave it the same grain."""

from __future__ import annotations

import cv2
from cv2.typing import MatLike

from synthtext.geometry import Image

# Told at so many places, each from a few points: means of all points take as long as everything else here.
_PLACES, _POINTS, _SMOOTH = 8, 4, 3
# So much of the fall is taken on, as far as the wall is all that the thing hides.
_DARK, _SHARE, _MOST_FALL = 20.0, 0.8, 32
# What stands off further is no grain but what the wall is made of: joints of bricks do not show through cloth.
_GRAIN_PX, _MOST_GRAIN = 5, 4


def light_of_wall(view: Image, fall: Image | None) -> Image:
    """Return (h, w) uint8 the light on a thing, 128 for as it is.

    Args:
        view: (h, w, 3) uint8 RGB, the part of the picture that the thing covers.
        fall: (8, 8) uint8 how light falls on the thing itself; None for evenly.
    """
    gray = cv2.cvtColor(view, cv2.COLOR_RGB2GRAY)
    points = cv2.resize(gray, (_POINTS * _PLACES, _POINTS * _PLACES), interpolation=cv2.INTER_NEAREST)
    coarse = cv2.blur(cv2.resize(points, (_PLACES, _PLACES), interpolation=cv2.INTER_AREA), (_SMOOTH, _SMOOTH))
    gain = 128.0 / (cv2.mean(coarse)[0] + _DARK)
    light = cv2.convertScaleAbs(coarse, alpha=gain * _SHARE, beta=gain * _SHARE * _DARK + 128.0 * (1.0 - _SHARE))
    light = _within(light, _MOST_FALL)
    if fall is not None:
        light = cv2.multiply(light, fall, scale=1 / 128)
    soft = cv2.blur(gray, (_GRAIN_PX, _GRAIN_PX))
    grain = _within(cv2.addWeighted(gray, 1.0, soft, -1.0, 128.0), _MOST_GRAIN)
    size_wh = (view.shape[1], view.shape[0])
    return cv2.addWeighted(cv2.resize(light, size_wh), 1.0, grain, 1.0, -128.0)  # type: ignore[return-value]


def spread(fall: Image | None, size_wh: tuple[int, int]) -> Image | None:
    """Return the fall of light on a thing, as large as the thing."""
    return None if fall is None else cv2.resize(fall, size_wh)  # type: ignore[return-value]


def _within(image: MatLike, most: int) -> MatLike:
    """Return what differs from 128 by no more than this."""
    return cv2.min(cv2.max(image, 128.0 - most), 128.0 + most)  # type: ignore[call-overload, no-any-return]
