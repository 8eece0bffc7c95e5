"""Noise that wear, paper and brushes are cut from; made once, a window costs as much as copying it."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.random import Generator, Philox

from synthtext.assets.textures import TILE_H, TILE_W, Texture
from synthtext.geometry import Image
from synthtext.layers import leveled
from synthtext.rng import Draws

# name: (power of the fall in frequency, stretch across and down, shortest wave in pixels)
_KINDS: dict[str, tuple[float, tuple[float, float], float]] = {
    "cloud": (1.9, (1.0, 1.0), 9.0),
    "blots": (1.1, (1.0, 1.0), 2.2),
    "grain": (0.25, (1.0, 1.0), 0.75),
    "specks": (0.6, (1.0, 1.0), 1.3),
    "streaks": (0.5, (16.0, 1.0), 0.9),
    "falls": (0.5, (1.0, 16.0), 0.9),
}
_DEVIATION = 32.0
_NORMAL = NormalDist()


def noise(name: str, size_wh: tuple[int, int], luck: Draws, em_px: float) -> Image:
    """Return (H, W) uint8 of mean 128 and deviation 32, cut at a drawn place; larger features under large letters."""
    return _bank(name).window(size_wh, max(1.0, em_px / 44.0), (luck.unit(), luck.unit()))


def dropouts(field: Image, share: float, steepness: float = 6.0) -> Image:
    """Return a mask of the highest values of some noise: about this share of all pixels, with soft edges."""
    level = 128.0 + _DEVIATION * _NORMAL.inv_cdf(1.0 - min(0.98, max(0.0005, share)))
    return leveled(field, steepness, 128.0 - steepness * level)


@lru_cache(maxsize=len(_KINDS))
def _bank(name: str) -> Texture:
    power, stretch, finest_px = _KINDS[name]
    rng = Generator(Philox(key=4_000 + list(_KINDS).index(name)))
    down = np.fft.fftfreq(TILE_H)[:, None] * stretch[1]
    across = np.fft.rfftfreq(TILE_W)[None, :] * stretch[0]
    squared = down * down + across * across
    squared[0, 0] = 1.0
    weight = squared ** (-power / 2) * np.exp(-squared * finest_px * finest_px)
    weight[0, 0] = 0.0
    waves = rng.standard_normal(weight.shape) + 1j * rng.standard_normal(weight.shape)
    field = np.fft.irfft2(waves * weight, (TILE_H, TILE_W))
    gray = np.clip(np.rint(128.0 + field * (_DEVIATION / field.std())), 0, 255).astype(np.uint8)
    gray.setflags(write=False)
    return Texture(name, (0.0, 0.0), gray)
