"""Colour differences as people see them (CIE Lab)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def lab(colors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (1, n, 3) RGB uint8 as CIE Lab float32 (L 0..100)."""
    return cv2.cvtColor(colors.astype(np.float32) * np.float32(1 / 255), cv2.COLOR_RGB2Lab)  # type: ignore[return-value]
