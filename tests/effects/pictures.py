"""Pictures to try effects on."""

from __future__ import annotations

import numpy as np


def flat(level: int = 128, size_hw: tuple[int, int] = (48, 240), channels: int = 3) -> np.ndarray:
    """One level everywhere; (H, W, channels), or (H, W) for 1."""
    return np.full((*size_hw, channels) if channels > 1 else size_hw, level, np.uint8)


def bars(dark: int = 40, bright: int = 210, size_hw: tuple[int, int] = (48, 240)) -> np.ndarray:
    """Upright dark bars, 6 px wide and 12 px apart, on a bright ground."""
    image = flat(bright, size_hw)
    image[:, np.arange(size_hw[1]) % 18 < 6] = dark
    return image


def period_px(profile: np.ndarray) -> float:
    """The strongest period of a row of numbers, found in its spectrum."""
    spectrum = np.abs(np.fft.rfft(profile - profile.mean(), 16 * len(profile)))
    return 16 * len(profile) / float(np.argmax(spectrum[1:]) + 1)
