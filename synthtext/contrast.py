"""How well a colour can be read on a surface: CIE Lab differences on every stretch of a line, in plain Python."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthtext.color import lab, lab_of
from synthtext.geometry import Image
from synthtext.values import Color

_PROBE_ROWS, _PROBE_COLUMNS = 4, 14
_VIVID = 40.0 * 40.0
"""Square of the chroma from which a colour is strong enough to flicker beside another strong one."""
_OTHER_HUE = 0.64
"""Cosine of the angle (50 degrees) from which two hues are different ones."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes text illegible.

    Attributes:
        lightness: less difference in lightness (L, 0 to 100) than this is no contrast at all: hue without lightness
            is lost on a reader, and in a gray copy.
        vivid_lightness: the same for two strong colours of different hues, which flicker (red on blue).
        busy: how much of the contrast a restless surface takes, times the deviation of its lightness.
    """

    lightness: float
    vivid_lightness: float = 0.0
    busy: float = 0.0


Stretch = tuple[float, float, float, float]
"""L, a, b of a stretch of a surface, and the contrast that its restlessness takes."""


def probe(surface: Image, busy: float) -> list[Stretch]:
    """Return some stretches along the surface, from pixels spread evenly over them.

    Args:
        surface: (H, W, 3) uint8 RGB.
        busy: as in `Rules`.
    """
    lying = surface if surface.shape[1] >= surface.shape[0] else surface.transpose(1, 0, 2)
    height, width = lying.shape[:2]
    rows, columns = max(1, height // _PROBE_ROWS), max(1, width // _PROBE_COLUMNS)
    picked = lab(np.ascontiguousarray(lying[rows // 2 :: rows, columns // 2 :: columns]))
    means = (np.add.reduce(picked, 0) * np.float32(1.0 / len(picked))).tolist()
    if not busy:
        return [(light, red, yellow, 0.0) for light, red, yellow in means]
    lost = picked[..., 0].std(axis=0).tolist()
    return [(light, red, yellow, busy * dev) for (light, red, yellow), dev in zip(means, lost, strict=True)]


def contrast(color: Color, surface: list[Stretch], rules: Rules) -> float:
    """Return the difference of a colour from the surface, delta E 1976, on the stretch where it is least.

    Less what a restless surface takes, and never below 0. Zero where a rule says that it cannot be read.
    """
    lightness, a, b = lab_of(color)
    limit = rules.lightness
    vivid = a * a + b * b > _VIVID
    reach = max(limit, rules.vivid_lightness) if vivid else limit
    least = 1e9
    for there, red, yellow, lost in surface:
        lighter, redder, yellower = there - lightness, red - a, yellow - b
        if -reach < lighter < reach and (-limit < lighter < limit or _flickers(a, b, red, yellow)):
            return 0.0
        found = math.sqrt(lighter * lighter + redder * redder + yellower * yellower) - lost
        if found < least:
            least = found
    return max(0.0, least)


def _flickers(a: float, b: float, red: float, yellow: float) -> bool:
    """Return whether a surface is as strong a colour as the text, which is one, and of another hue."""
    chroma = red * red + yellow * yellow
    return chroma > _VIVID and a * red + b * yellow < _OTHER_HUE * math.sqrt(chroma * (a * a + b * b))
