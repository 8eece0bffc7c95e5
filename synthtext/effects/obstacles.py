"""Obstacles: what stands between the text and the camera. Each function returns the image and what it covers."""

from __future__ import annotations

import math
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.effects.banks import scatter
from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import across, color_of, laid, like, looked_up, short_side, to_bytes
from synthtext.geometry import Image
from synthtext.spec import Range, Within
from synthtext.values import Color

_BITS = 4
_UNIT = 1 << _BITS


class Leaves(EffectSpec):
    """Leaves of a twig that hang into the picture from an edge.

    Attributes:
        count: how many leaves there are.
        size_frac: length of a leaf, as a share of the shorter side.
        reach: how far they hang in, as a share of the shorter side.
        hue: of their colour: 0.3 is green, 0.08 autumn.
        value: how bright they are.
        at: where and how they hang; leave it at [0, 1].
    """

    count: Annotated[Range, Within(1, 12)] = Range(1, 6)
    size_frac: Annotated[Range, Within(0.05, 3)] = Range(0.25, 0.8)
    reach: Annotated[Range, Within(0, 1)] = Range(0, 0.35)
    hue: Annotated[Range, Within(0, 1)] = Range(0.08, 0.36)
    value: Annotated[Range, Within(0, 1)] = Range(0.2, 0.75)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def leaves(
    image: Image, *, count: float, size_frac: float, reach: float, hue: float, value: float, at: float
) -> tuple[Image, Image]:
    """Return the image with leaves before it: lens-shaped, with a pale rib, some darker than others."""
    height, width = image.shape[:2]
    short = min(height, width)
    number = int(count + 0.5)
    units = np.array(scatter(at, 6 * 12 + 2))
    from_top = units[-1] < 0.65
    cluster = units[-2]
    steps = np.linspace(0.0, np.pi, 14)
    cover = np.zeros((height, width), np.uint8)
    made = image
    for x, turn, size, deep, wide, tone in units[: 6 * number].reshape(number, 6).tolist():
        length = size_frac * short * (0.6 + 0.8 * size)
        middle_x = (cluster + 0.9 * (x - 0.5)) * width if width > 4 * short else x * width
        middle_y = reach * short * deep if from_top else height - reach * short * deep
        angle = math.pi * (0.15 + 0.7 * turn) * (1.0 if from_top else -1.0)
        half = length * (0.16 + 0.12 * wide) * np.sin(steps)
        along = -0.5 * length * np.cos(steps)
        outline = np.concatenate([np.stack([along, half], 1), np.stack([along, -half], 1)[::-1]])
        cosine, sine = math.cos(angle), math.sin(angle)
        places = outline @ np.array([[cosine, sine], [-sine, cosine]]) + (middle_x, middle_y)
        leaf = np.zeros((height, width), np.uint8)
        cv2.fillPoly(leaf, [np.rint((places - 0.5) * _UNIT).astype(np.int32)], 255, cv2.LINE_AA, _BITS)
        made = laid(made, leaf, color_of(hue + 0.04 * (tone - 0.5), 0.75, value * (0.6 + 0.6 * tone)))
        rib = np.array([[-0.45 * length, 0.0], [0.45 * length, 0.0]]) @ np.array([[cosine, sine], [-sine, cosine]])
        ends = np.rint((rib + np.array([middle_x - 0.5, middle_y - 0.5])) * _UNIT).astype(int).tolist()
        pale = color_of(hue, 0.45, min(1.0, value * (0.6 + 0.6 * tone) + 0.2))
        if length > 8:
            cv2.line(made, ends[0], ends[1], pale if image.ndim == 3 else (pale[1],), 1, cv2.LINE_AA, _BITS)
        cover = cv2.max(cover, leaf)  # type: ignore[assignment]
    return made, cover


class Fingers(EffectSpec):
    """Fingers that hold the paper, at an edge of the picture.

    Attributes:
        count: how many, side by side.
        width_frac: of a finger, as a share of the shorter side.
        reach: how far they reach in, as a share of the shorter side.
        at: where along the edge; leave it at [0, 1].
        tone: of the skin, 0 for the darkest.
    """

    count: Annotated[Range, Within(1, 4)] = Range(1, 2)
    width_frac: Annotated[Range, Within(0.05, 4)] = Range(0.35, 0.9)
    reach: Annotated[Range, Within(0.02, 1)] = Range(0.12, 0.5)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)
    tone: Annotated[Range, Within(0, 1)] = Range(0, 1)


def fingers(
    image: Image, *, count: float, width_frac: float, reach: float, at: float, tone: float
) -> tuple[Image, Image]:
    """Return the image with finger tips over its edge, rounded by shading, with a nail where there is room for it."""
    height, width = image.shape[:2]
    short = min(height, width)
    wide = max(3.0, width_frac * short)
    place, lean, edge, *depths = scatter(at, 7)
    skin = np.array([70, 42, 30]) * (1.0 - tone) + np.array([236, 190, 165]) * tone
    cover = np.zeros((height, width), np.uint8)
    nails = np.zeros((height, width), np.uint8)
    for number in range(int(count + 0.5)):
        x = place * width + (number - (count - 1) / 2.0) * wide * 1.02
        depth = reach * short * (0.75 + 0.5 * depths[number])
        slope = 0.5 * (lean - 0.5)
        tip_y = depth - wide / 2.0
        tip = (x + slope * tip_y, tip_y)
        root = (x - slope * 2.0 * wide, -2.0 * wide)
        cv2.line(cover, _fixed(root), _fixed(tip), 255, max(1, round(wide)), cv2.LINE_AA, _BITS)
        axes = (round(0.27 * wide * _UNIT), round(0.26 * wide * _UNIT))
        middle = (tip[0], tip[1] + 0.17 * wide)
        cv2.ellipse(nails, _fixed(middle), axes, 0.0, 0.0, 360.0, 255, -1, cv2.LINE_AA, _BITS)
    if edge < 0.7:
        cover, nails = cover[::-1].copy(), nails[::-1].copy()
    # Round things are darker where they turn away from the light: the blurred silhouette serves as their shape.
    shape = cv2.blur(cover, (max(3, int(wide * 0.6)),) * 2, borderType=cv2.BORDER_REPLICATE)
    body = looked_up(shape, np.outer(np.linspace(0.35, 1.0, 256), skin), like(shape, image))  # type: ignore[arg-type]
    made = laid(image, cover, body)
    if wide > 14:
        nail = np.minimum(255.0, skin * 0.85 + (52, 42, 42))
        pink: Color = (int(nail[0]), int(nail[1]), int(nail[2]))
        made = laid(made, cv2.convertScaleAbs(cv2.min(nails, cover), alpha=0.5), pink)  # type: ignore[arg-type]
    return made, cover


def _fixed(point: tuple[float, float]) -> tuple[int, int]:
    return round((point[0] - 0.5) * _UNIT), round((point[1] - 0.5) * _UNIT)


class Fence(EffectSpec):
    """A fence, a mesh or a net before the text.

    Attributes:
        pitch_frac: from wire to wire, as a share of the shorter side.
        thickness_frac: of a wire, as a share of the shorter side.
        angle_deg: of the one family of wires.
        cross_deg: from the one family to the other.
        value: gray level of the wires.
        phase: where the first one lies; leave it at [0, 1].
    """

    pitch_frac: Annotated[Range, Within(0.05, 8)] = Range(0.5, 1.6)
    thickness_frac: Annotated[Range, Within(0.005, 1)] = Range(0.02, 0.07)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(30, 60)
    cross_deg: Annotated[Range, Within(20, 160)] = Range(60, 110)
    value: Annotated[Range, Within(0, 255)] = Range(20, 220)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def fence(
    image: Image,
    *,
    pitch_frac: float,
    thickness_frac: float,
    angle_deg: float,
    cross_deg: float,
    value: float,
    phase: float,
) -> tuple[Image, Image]:
    """Return the image behind two families of parallel wires, each with a bright side."""
    short = short_side(image)
    pitch = max(3.0, pitch_frac * short)
    half = max(0.5, 0.5 * thickness_frac * short)
    cover = shine = None
    for angle in (angle_deg, angle_deg + cross_deg):
        turns: NDArray[np.float32] = across(image.shape[:2], angle, 0.5, 0.5) / np.float32(pitch) + np.float32(phase)
        away = (turns - np.rint(turns)) * np.float32(pitch)
        wires = to_bytes(np.abs(away), -255.0, 255.0 * (half + 0.5))
        bright = to_bytes(np.abs(away + np.float32(0.4 * half)), -255.0, 255.0 * (0.35 * half + 0.2))
        cover = wires if cover is None else cv2.max(cover, wires)  # type: ignore[assignment]
        shine = bright if shine is None else cv2.max(shine, bright)  # type: ignore[assignment]
    assert cover is not None
    level, pale = round(value), min(255, round(value + 60))
    made = laid(image, cover, (level, level, level))
    return laid(made, cv2.min(shine, cover), (pale, pale, pale)), cover  # type: ignore[arg-type]
