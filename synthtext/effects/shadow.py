"""Shadow: what stands between the light and the text."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from synthtext.effects.banks import clouds, cut
from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import ONE, across, gained, looked_up, short_side, to_bytes
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_UNIT = np.linspace(0.0, 1.0, 256)
_SMOOTH = _UNIT * _UNIT * (3.0 - 2.0 * _UNIT)
# Sunlight is yellow and the sky that lights a shadow is blue.
_COOL = np.array([-0.08, 0.0, 0.12])


class Shadow(EffectSpec):
    """The edge of a shadow that falls across the picture.

    Attributes:
        depth: share of the light that the shadow takes.
        angle_deg: direction from light to shadow.
        at: where the edge crosses, as a share of the way through the picture.
        softness_frac: width of the edge, as a share of the shorter side.
    """

    depth: Annotated[Range, Within(0, 1)] = Range(0.3, 0.65)
    angle_deg: Annotated[Range, Within(0, 360)] = Range(0, 360)
    at: Annotated[Range, Within(0, 1)] = Range(0.2, 0.8)
    softness_frac: Annotated[Range, Within(0, 4)] = Range(0.02, 0.7)


def shadow(image: Image, *, depth: float, angle_deg: float, at: float, softness_frac: float) -> Image:
    """Return the image with one side of a straight edge in the shadow."""
    soft = max(0.8, softness_frac * short_side(image))
    edge = to_bytes(across(image.shape[:2], angle_deg, at, at), 255.0 / soft, 127.5)
    return dimmed(image, edge, depth, _SMOOTH)


class Blinds(EffectSpec):
    """Stripes of shadow: blinds, railings, slats.

    Attributes:
        depth: share of the light that the shadow takes.
        period_frac: from stripe to stripe, as a share of the shorter side.
        duty: share of the dark stripes.
        angle_deg: direction across the stripes.
        softness: 0 for hard edges, 1 for waves.
        phase: where the first stripe begins; leave it at [0, 1].
    """

    depth: Annotated[Range, Within(0, 1)] = Range(0.25, 0.55)
    period_frac: Annotated[Range, Within(0.1, 8)] = Range(0.35, 1.6)
    duty: Annotated[Range, Within(0.05, 0.95)] = Range(0.3, 0.7)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)
    softness: Annotated[Range, Within(0, 1)] = Range(0.1, 0.8)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def blinds(
    image: Image, *, depth: float, period_frac: float, duty: float, angle_deg: float, softness: float, phase: float
) -> Image:
    """Return the image under parallel stripes of shadow."""
    distance = across(image.shape[:2], angle_deg, 0.5, 0.5)
    turns = distance * np.float32(256.0 / (period_frac * short_side(image))) + np.float32(256.0 * phase + 65_536.0)
    stripes = np.abs(np.linspace(-1.0, 1.0, 256))
    edge = 0.02 + 0.5 * softness
    table = np.clip((duty - stripes) / edge + 0.5, 0.0, 1.0)
    return dimmed(image, turns.astype(np.int32).astype(np.uint8), depth, table * table * (3.0 - 2.0 * table))


class Dapple(EffectSpec):
    """Light through leaves: bright patches and soft shadows.

    Attributes:
        depth: share of the light that the shadow takes.
        share: of the picture in the shadow.
        size_frac: of the patches, as a share of the shorter side.
        softness: 0 for hard edges, 1 for hardly any edge.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    depth: Annotated[Range, Within(0, 1)] = Range(0.3, 0.6)
    share: Annotated[Range, Within(0, 1)] = Range(0.3, 0.7)
    size_frac: Annotated[Range, Within(0.05, 8)] = Range(0.3, 1.5)
    softness: Annotated[Range, Within(0, 1)] = Range(0.15, 0.7)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def dapple(
    image: Image, *, depth: float, share: float, size_frac: float, softness: float, at_x: float, at_y: float
) -> Image:
    """Return the image in the shadow of leaves."""
    pattern = cut(clouds(), image.shape[:2], at_x, at_y, size_frac * short_side(image) / 48.0)
    table = np.clip((share - _UNIT) / (0.03 + 0.6 * softness) + 0.5, 0.0, 1.0)
    return dimmed(image, pattern, depth, table)


def dimmed(image: Image, levels: Image, depth: float, table: np.ndarray) -> Image:
    """Return the image with a share of its light taken: `depth` where the table says 1 for the (H, W) levels."""
    left = 1.0 - depth * table[:, None] * (1.0 - _COOL)
    return gained(image, looked_up(levels, left * ONE, image))
