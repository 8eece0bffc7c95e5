"""Fills: what the faces of letters are painted with when it is not one colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.layers import disc, through
from synthtext.lettering.base import WHITE, Sheet, StyleSpec, against, brightness, mixed
from synthtext.spec import Range, Within
from synthtext.values import Color

# What a second colour is when it is not a lighter or darker one of the first.
_VIVID: tuple[Color, ...] = (
    (226, 32, 38), (240, 118, 22), (250, 206, 30), (46, 160, 66), (24, 150, 180), (28, 84, 190), (120, 52, 160),
    (226, 70, 140),
)  # fmt: skip


class Gradient(StyleSpec):
    """Two or three colours that run into each other.

    Attributes:
        angle_deg: direction of the run: 90 from top to bottom, 0 from left to right.
        depth: how far the other colours are from the fill.
    """

    angle_deg: Annotated[Range, Within(0, 180)] = Range(70, 110)
    depth: Annotated[Range, Within(0.1, 1)] = Range(0.35, 0.8)


def gradient(sheet: Sheet, *, angle_deg: float, depth: float) -> bool:
    """Paint the faces with a run of colours; each of them is legible by itself."""
    fill = sheet.ink.fill
    second = sheet.run_to(_other(sheet, depth))
    stops = [(0.0, fill), (1.0, second)]
    if sheet.luck.chance(0.3):  # a light band in the middle, or the first colour again
        middle = sheet.run_to(mixed(fill, against(fill) if brightness(fill) < 60 else WHITE, 0.5 * depth))
        last = second if sheet.luck.chance(0.6) and sheet.legible(mixed(middle, second, 0.5)) else fill
        stops = [(0.0, fill), (0.5, middle), (1.0, last)]
    if sheet.luck.chance(0.5):
        stops = [(1.0 - at, color) for at, color in reversed(stops)]
    sheet.coat = ramped(sheet.mask, angle_deg, stops)
    return True


class TwoTone(StyleSpec):
    """Two colours that meet in an edge.

    Attributes:
        at: where the edge lies, as a share of the height of the ink.
        angle_deg: 90 for an edge along the line, others for a slanting one.
        depth: how far the second colour is from the fill.
    """

    at: Annotated[Range, Within(0.1, 0.9)] = Range(0.4, 0.62)
    angle_deg: Annotated[Range, Within(45, 135)] = Range(82, 98)
    depth: Annotated[Range, Within(0.1, 1)] = Range(0.35, 0.75)


def two_tone(sheet: Sheet, *, at: float, angle_deg: float, depth: float) -> bool:
    """Paint the upper part of the faces in the fill and the rest in a second colour."""
    stops = [(at - 0.02, sheet.ink.fill), (at + 0.02, sheet.toned(_other(sheet, depth)))]
    sheet.coat = ramped(sheet.mask, angle_deg, stops)
    return True


class Hatch(StyleSpec):
    """Parallel lines across the faces.

    Attributes:
        period_em: from one line to the next.
        angle_deg: of the lines' normal.
        duty: share of the second colour.
        depth: how far the second colour is from the fill.
    """

    period_em: Annotated[Range, Within(0.03, 0.5)] = Range(0.08, 0.16)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)
    duty: Annotated[Range, Within(0.1, 0.9)] = Range(0.3, 0.5)
    depth: Annotated[Range, Within(0.1, 1)] = Range(0.25, 0.55)


def hatch(sheet: Sheet, *, period_em: float, angle_deg: float, duty: float, depth: float) -> bool:
    """Paint the faces in lines of two colours; thin strokes would fall to pieces and are left alone."""
    if sheet.half_px < 2.0:
        return False
    second = sheet.toned(mixed(sheet.ink.fill, against(sheet.ink.fill), depth))
    step = 256.0 / sheet.px(period_em, 3.0)
    turn = math.radians(angle_deg)
    width, height = sheet.size_wh
    across = np.arange(width) * (step * math.cos(turn)) + 65_536.0
    down = np.arange(height) * (step * math.sin(turn))
    edge = step / 512.0  # half a pixel, as a share of the period
    stops = [(edge, sheet.ink.fill), (1 - duty - edge, sheet.ink.fill), (1 - duty + edge, second), (1 - edge, second)]
    phase = np.add.outer(down, across).astype(np.int32).astype(np.uint8)
    sheet.coat = through(phase, color_table(stops))
    return True


class Inline(StyleSpec):
    """A thin line along the middle of each stroke.

    Attributes:
        width: of the line, as a share of the stroke's width.
        depth: how far its colour is from the fill.
    """

    width: Annotated[Range, Within(0.1, 0.6)] = Range(0.14, 0.3)
    depth: Annotated[Range, Within(0.1, 1)] = Range(0.45, 0.9)


def inline(sheet: Sheet, *, width: float, depth: float) -> bool:
    """Paint a lighter or darker line inside the strokes; strokes under five pixels are left alone."""
    if sheet.half_px < 2.5:
        return False
    far = cv2.distanceTransform(sheet.mask, cv2.DIST_L2, 3)
    # The middle of a stroke is where no place near by is further from its edge.
    ridge = cv2.dilate(far, disc(round(sheet.half_px) + 1))
    line = np.clip((far - (1.0 - width) * ridge + 0.1) * (255.0 * (far > 1.3)), 0.0, 255.0).astype(np.uint8)
    sheet.over.append((line, mixed(sheet.ink.fill, against(sheet.ink.fill), depth)))
    return True


def ramped(mask: Image, angle_deg: float, stops: Sequence[tuple[float, Color]]) -> Image:
    """Return (H, W, 3): colours that run over the box round the ink in a direction."""
    left, top, width, height = cv2.boundingRect(mask)
    turn = math.radians(angle_deg)
    x, y = math.cos(turn), math.sin(turn)
    reach = 255.0 / max(1.0, abs(x) * width + abs(y) * height)
    start = min(0.0, x) * width + min(0.0, y) * height
    columns = np.arange(mask.shape[1], dtype=np.float32)
    rows = np.arange(mask.shape[0], dtype=np.float32)
    columns = (columns + np.float32(0.5 - left)) * np.float32(x * reach) - np.float32(start * reach)
    rows = (rows + np.float32(0.5 - top)) * np.float32(y * reach)
    ramp = np.clip(np.add.outer(rows, columns), 0.0, 255.0).astype(np.uint8)
    return through(ramp, color_table(stops))


def color_table(stops: Sequence[tuple[float, Color]]) -> Image:
    """Return (256, 1, 3): the colours of a run, by steps of 1/255; stops ascend."""
    at = [255.0 * stop[0] for stop in stops]
    channels = [np.interp(_STEPS, at, [stop[1][channel] for stop in stops]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)[:, None]


_STEPS = np.arange(256.0)


def _other(sheet: Sheet, depth: float) -> Color:
    """Return a second colour: a lighter or darker one of the fill, or one of its own."""
    fill, luck = sheet.ink.fill, sheet.luck
    own, which = luck.unit(), luck.unit()
    if own < 0.6:
        return mixed(
            fill, WHITE if brightness(fill) < 80 or (brightness(fill) < 190 and which < 0.5) else (0, 0, 0), depth
        )
    return mixed(fill, _VIVID[int(which * len(_VIVID))], depth)
