"""Wear: what time does to paper before anyone takes its picture."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.banks import clouds, cut, scatter, specks
from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import ONE, across, color_of, gained, laid, looked_up, short_side, to_bytes
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_UNIT = np.linspace(0.0, 1.0, 256)
_SIGNED = np.linspace(-4.0, 4.0, 256)


class Crease(EffectSpec):
    """Folds: one side of each catches the light, the other lies in the dark, and the paper is worn along its edge.

    Attributes:
        count: how many; a fraction is the chance of one more.
        depth: of light and dark.
        width_frac: how far the light reaches, as a share of the shorter side.
        wear: how pale the edge is.
        angle_deg: across the folds.
        at: where they lie; leave it at [0, 1].
    """

    count: Annotated[Range, Within(0, 8)] = Range(1, 3)
    depth: Annotated[Range, Within(0, 1)] = Range(0.1, 0.4)
    width_frac: Annotated[Range, Within(0.01, 2)] = Range(0.04, 0.3)
    wear: Annotated[Range, Within(0, 1)] = Range(0, 0.5)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def crease(
    image: Image, *, count: float, depth: float, width_frac: float, wear: float, angle_deg: float, at: float
) -> Image:
    """Return the image of paper that was folded; its shape is another matter."""
    numbers = scatter(at, 5 * 8 + 1)
    short = short_side(image)
    gain = None
    worn = np.zeros(image.shape[:2], np.uint8)
    for fold in range(max(1, int(count + numbers[-1]))):
        x, y, turn, wide, side = numbers[5 * fold : 5 * fold + 5]
        # Folds of one sheet are about parallel, or cross at right angles.
        angle = angle_deg + 16.0 * (turn - 0.5) + (90.0 if wide < 0.25 else 0.0)
        distance = across(image.shape[:2], angle, x, y)
        reach = max(1.0, width_frac * short * (0.6 + 0.8 * wide))
        levels = to_bytes(distance, 255.0 / (8.0 * reach), 127.5)
        slope = np.sign(_SIGNED) * np.exp(-np.abs(_SIGNED)) * (1.0 if side < 0.5 else -1.0)
        table = np.clip(np.rint(ONE * (1.0 + depth * slope)), 0, 255).astype(np.uint8)
        lit = cv2.LUT(levels, table)
        gain = lit if gain is None else cv2.multiply(gain, lit, scale=1.0 / ONE)
        if wear > 0:
            edge = max(1.0, 0.012 * short)
            worn = cv2.max(worn, to_bytes(np.abs(distance), -255.0 * wear / edge, 255.0 * wear))  # type: ignore[assignment]
    made = gained(image, gain)  # type: ignore[arg-type]
    return laid(made, worn, (238, 236, 230)) if wear > 0 else made


class Dust(EffectSpec):
    """Dust, hairs and fine scratches.

    Attributes:
        amount: share of the specks that are there, of a very dirty picture's.
        strength: how opaque they are.
        value: 0 for dark ones, 255 for white ones.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    amount: Annotated[Range, Within(0, 1)] = Range(0.15, 0.8)
    strength: Annotated[Range, Within(0, 1)] = Range(0.35, 0.95)
    value: Annotated[Range, Within(0, 255)] = Range(0, 255)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def dust(image: Image, *, amount: float, strength: float, value: float, at_x: float, at_y: float) -> Image:
    """Return the image with specks on it, all dark or all bright: they lie on the paper or on the scanner's glass."""
    pattern = cut(specks(), image.shape[:2], at_x, at_y)
    # A speck's level is its rank: with a lower threshold more of them show.
    table = np.clip((_UNIT - 0.95 * (1.0 - amount)) * 4.0, 0.0, 1.0) * (255.0 * strength)
    level = round(value)
    return laid(image, looked_up(pattern, table, pattern), (level, level, level))


class Stain(EffectSpec):
    """Coffee, water or grease: a tinted patch, darker at its rim.

    Attributes:
        share: of the picture that is stained.
        strength: how dark it is.
        rim: how much darker its rim is.
        size_frac: of the patches, as a share of the shorter side.
        hue: of the stain, in turns: 0.08 is coffee, 0.6 is blue ink.
        saturation: of its colour.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    share: Annotated[Range, Within(0, 1)] = Range(0.2, 0.6)
    strength: Annotated[Range, Within(0, 1)] = Range(0.12, 0.45)
    rim: Annotated[Range, Within(0, 1)] = Range(0.1, 0.8)
    size_frac: Annotated[Range, Within(0.05, 8)] = Range(0.5, 2.5)
    hue: Annotated[Range, Within(0, 1)] = Range(0.04, 0.14)
    saturation: Annotated[Range, Within(0, 1)] = Range(0.1, 0.7)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def stain(
    image: Image,
    *,
    share: float,
    strength: float,
    rim: float,
    size_frac: float,
    hue: float,
    saturation: float,
    at_x: float,
    at_y: float,
) -> Image:
    """Return the image with patches that swallow light."""
    pattern = cut(clouds(3), image.shape[:2], at_x, at_y, size_frac * short_side(image) / 64.0)
    depth = share - _UNIT
    inside = np.clip(depth / 0.03 + 0.5, 0.0, 1.0)
    taken = strength * inside * (0.6 + rim * np.exp(-np.maximum(depth, 0.0) / 0.05))
    color = np.array(color_of(hue, saturation, 1.0)) / 255.0
    return gained(image, looked_up(pattern, ONE * (1.0 - np.outer(taken, 1.35 - color)), image))
