"""Colour differences as people see them (CIE Lab)."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray


def lab(colors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (h, w, 3) RGB uint8 as CIE Lab float32 (L 0..100), to about a unit, to three in dark colours."""
    coded = cv2.cvtColor(colors, cv2.COLOR_RGB2Lab).astype(np.float32)
    coded -= _OFFSET
    coded *= _UNIT
    return coded


@lru_cache(maxsize=4096)
def lab_of(color: tuple[int, int, int]) -> tuple[float, float, float]:
    """Return one RGB colour as CIE Lab (D65); as `lab`, but ten times as fast for a single colour."""
    red, green, blue = _LINEAR[color[0]], _LINEAR[color[1]], _LINEAR[color[2]]
    x = _root((0.412453 * red + 0.357580 * green + 0.180423 * blue) / 0.950456)
    y = _root(0.212671 * red + 0.715160 * green + 0.072169 * blue)
    z = _root((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.088754)
    return 116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)


def difference(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    """Return the difference of two RGB colours, delta E 1976."""
    a, b = lab_of(first), lab_of(second)
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5  # type: ignore[no-any-return]


def rgb_of(lightness: float, a: float, b: float) -> tuple[int, int, int]:
    """Return the RGB colour of a CIE Lab colour (D65), each channel cut off where no screen shows it."""
    y = (lightness + 16.0) / 116.0
    x, z = y + a / 500.0, y - b / 200.0
    x, y, z = 0.950456 * _cube(x), _cube(y), 1.088754 * _cube(z)
    return (
        _coded(3.240479 * x - 1.537150 * y - 0.498535 * z),
        _coded(-0.969256 * x + 1.875992 * y + 0.041556 * z),
        _coded(0.055648 * x - 0.204043 * y + 1.057311 * z),
    )


def _coded(linear: float) -> int:
    return _CODED[int(linear * _CODES)] if 0.0 < linear < 1.0 else 255 if linear >= 1.0 else 0


def _cube(root: float) -> float:
    return root * root * root if root > 0.206893 else (root - 16.0 / 116.0) / 7.787


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16.0 / 116.0


_LINEAR = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255.0 for v in range(256))]
_CODES = 8192
_CODED = bytes(
    round(255.0 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055))
    for c in ((n + 0.5) / _CODES for n in range(_CODES))
)
# OpenCV codes L as 0..255 and shifts a and b by 128.
_OFFSET = np.array([0, 128, 128], np.float32)
_UNIT = np.array([100 / 255, 1, 1], np.float32)
