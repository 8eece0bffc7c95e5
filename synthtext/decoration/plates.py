"""Plates: what lies behind a text or closes round it: labels, bands of a marker, frames."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np

from synthtext.assets.palettes import draw_color
from synthtext.color import difference
from synthtext.decoration.base import DecorSpec, Extent, Frame, Room, band, lay_marks, rounded, stain
from synthtext.layers import faded, lay, less, moved, softened
from synthtext.spec import Range, Within
from synthtext.values import Color

_MARKERS: tuple[Color, ...] = (
    (255, 244, 60), (255, 244, 60), (150, 255, 110), (255, 150, 205), (120, 225, 255), (255, 190, 90),
)  # fmt: skip
_APART = 26.0


class Plate(DecorSpec):
    """A label of its own colour behind the text.

    Attributes:
        pad_em: how far it reaches beyond the ink, above and below.
        side_em: how far before and after.
        corner: 0 for sharp corners, 1 for round ends.
        opacity: of the label.
        border: how often it has a border.
    """

    pad_em: Annotated[Range, Within(0.02, 1)] = Range(0.1, 0.3)
    side_em: Annotated[Range, Within(0.02, 2)] = Range(0.15, 0.5)
    corner: Annotated[Range, Within(0, 1)] = Range(0, 1)
    opacity: Annotated[Range, Within(0.3, 1)] = Range(0.75, 1)
    border: Annotated[Range, Within(0, 1)] = Range(0.35, 0.35)


def plate_room(**values: float) -> Room:
    """Return the room of a plate, with a little of the surface round it."""
    pad, side = values["pad_em"] + 0.06, values["side_em"] + 0.08
    return Room(side, pad, side, pad)


def plate(frame: Frame, *, pad_em: float, side_em: float, corner: float, opacity: float, border: float) -> None:
    """Lay a plate in a colour that stands off the surface, with a border or a shadow at times."""
    luck, surface = frame.luck, frame.surface
    color = _plate_color(frame)
    extent = frame.extent.grown(Room(side_em, pad_em, side_em, pad_em))
    radius = 0.5 * extent.height * corner if luck.chance(0.7) else 0.0
    mask = frame.area(rounded(extent, radius))
    if luck.chance(0.3):
        reach = max(1, int(0.05 * frame.em_px))
        lay(surface, faded(softened(moved(mask, reach, reach), 0.7 * reach), 0.5), (0, 0, 0))
    lay_marks(surface, mask, color, opacity)
    if luck.chance(border):
        thick = max(0.03, 1.2 / frame.em_px)
        inset = thick * (1.0 + 1.5 * luck.unit())
        rim = Extent(extent.start + inset, extent.end - inset, extent.top + inset, extent.bottom - inset)
        hole = frame.area(rounded(_within(rim, thick), radius - inset - thick))
        line = less(frame.area(rounded(rim, radius - inset)), hole)
        white, black = (250, 250, 248), (20, 20, 22)
        lay_marks(surface, line, white if difference(color, white) > 40 else black)


def _within(extent: Extent, by: float) -> Extent:
    return extent.grown(Room(-by, -by, -by, -by))


def _plate_color(frame: Frame) -> Color:
    mean = cv2.mean(frame.surface)
    around: Color = (round(mean[0]), round(mean[1]), round(mean[2]))
    for _ in range(4):
        red, green, blue = draw_color(frame.luck, "paint")
        color = (int(red), int(green), int(blue))
        if difference(color, around) > _APART:
            break
    return color


class Highlighter(DecorSpec):
    """A band of a marker behind the text.

    Attributes:
        opacity: of its ink.
        cover: how much of the text's height it covers.
    """

    opacity: Annotated[Range, Within(0.1, 1)] = Range(0.55, 0.95)
    cover: Annotated[Range, Within(0.2, 1.6)] = Range(0.7, 1.25)


def highlighter(frame: Frame, *, opacity: float, cover: float) -> None:
    """Draw a band with uneven edges: transparent ink on light surfaces, opaque on dark ones."""
    luck, extent = frame.luck, frame.extent
    color = luck.choice(_MARKERS)
    out = 0.05 + 0.25 * luck.unit()
    s = np.linspace(extent.start - out, extent.end + out, max(4, round(2 * extent.length)), dtype=np.float32)
    middle = extent.top + 0.52 * extent.height + extent.height * 0.05 * np.sin(s * 0.9 + 6.0 * luck.unit())
    tilt = luck.signed(0.04) * extent.height
    middle = (middle + tilt * (s - s.mean()) / max(1.0, extent.length)).astype(np.float32)
    mask = frame.area(band(s, middle, cover * extent.height))
    if sum(cv2.mean(frame.surface)[:3]) > 3 * 140:
        stain(frame.surface, faded(mask, opacity), color)
    else:
        lay_marks(frame.surface, mask, color, 0.85 * opacity)


class Box(DecorSpec):
    """A frame round the text.

    Attributes:
        pad_em: how far it is from the ink.
        thick_em: how thick it is.
        corner: 0 for sharp corners, 1 for round ends.
    """

    pad_em: Annotated[Range, Within(0.02, 1)] = Range(0.1, 0.28)
    thick_em: Annotated[Range, Within(0.005, 0.2)] = Range(0.025, 0.06)
    corner: Annotated[Range, Within(0, 1)] = Range(0, 1)


def box_room(**values: float) -> Room:
    """Return the room of a frame: all of it shows, or its sides would be strokes beside the text."""
    pad = values["pad_em"] + 1.3 * values["thick_em"]
    return Room(1.4 * pad, pad, 1.4 * pad, pad)


def box(frame: Frame, *, pad_em: float, thick_em: float, corner: float) -> None:
    """Draw a closed frame round the text, in the colour of the text."""
    thick = max(thick_em, 1.1 / frame.em_px)
    outer = frame.extent.grown(Room(1.4 * pad_em + thick, pad_em + thick, 1.4 * pad_em + thick, pad_em + thick))
    radius = 0.5 * outer.height * corner if frame.luck.chance(0.5) else 0.0
    ring = less(frame.area(rounded(outer, radius)), frame.area(rounded(_within(outer, thick), radius - thick)))
    lay_marks(frame.surface, ring, frame.fill, 0.95)
