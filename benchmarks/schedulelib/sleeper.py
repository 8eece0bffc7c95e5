"""A reader that sleeps as long as an engine worked: real processes and a real clock, whatever the number of cores.

Its pictures say how long: a row of squares, the first of which holds the milliseconds of detecting and the number of
places, the others the milliseconds of reading one place each.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from annotate.prelabel.reader import Found, Read
from synthtext.geometry import Image

_SIDE_PX = 16


def picture_of(detect_s: float, read_s: Sequence[float]) -> Image:
    """Return a picture that takes so long, (16, 16 * (1 + places), 3) uint8 RGB; at most 255 places."""
    squares = [_colour(detect_s, len(read_s)), *(_colour(seconds, 0) for seconds in read_s)]
    row = np.array(squares, np.uint8)[None]
    return row.repeat(_SIDE_PX, 0).repeat(_SIDE_PX, 1)


class Sleeper:
    """Finds and reads nothing, in the time of an engine."""

    name = "sleeper 1"

    def detect(self, image: Image) -> list[Found]:
        """Return as many places as there were."""
        detect_s, places = _told(image[_SIDE_PX // 2, _SIDE_PX // 2])
        time.sleep(detect_s)
        low, high = 0.0, float(_SIDE_PX)
        lefts = [_SIDE_PX * (place + 1.0) for place in range(places)]
        return [Found(((x, low), (x + high, low), (x + high, high), (x, high)), 1.0) for x in lefts]

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Return as many empty texts."""
        time.sleep(sum(_told(crop[crop.shape[0] // 2, crop.shape[1] // 2])[0] for crop in crops))
        return [Read("", 1.0) for _ in crops]


def _colour(seconds: float, places: int) -> tuple[int, int, int]:
    ms = min(round(seconds * 1000), 256 * 256 - 1)
    return ms // 256, ms % 256, places


def _told(pixel: np.ndarray) -> tuple[float, int]:
    high, low, places = map(int, pixel)
    return (256 * high + low) / 1000, places
