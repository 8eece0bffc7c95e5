"""Rules: lines under, through and over a text, and lines of forms."""

from __future__ import annotations

import math
from typing import Annotated

import cv2
import numpy as np

from synthtext.color import difference
from synthtext.decoration.base import DecorSpec, Frame, Room, filled, lay_marks
from synthtext.geometry import Floats, Image
from synthtext.spec import Range, Within
from synthtext.values import Color

_PENS: tuple[Color, ...] = ((206, 28, 34), (206, 28, 34), (24, 52, 160), (30, 30, 34))
_FORM: tuple[Color, ...] = ((40, 40, 44), (120, 122, 126), (60, 90, 160), (190, 60, 60), (90, 130, 100))

_ALONG, _ACROSS = np.array([0, 1, 1, 0], np.float32), np.array([-1, -1, 1, 1], np.float32)


class Rule(DecorSpec):
    """A line along the text.

    Attributes:
        thick_em: how thick it is.
        gap_em: how far it is from the ink.
        pen: how often it is drawn in another colour than the text.
    """

    thick_em: Annotated[Range, Within(0.005, 0.3)] = Range(0.03, 0.08)
    gap_em: Annotated[Range, Within(-0.1, 0.6)] = Range(0.03, 0.14)
    pen: Annotated[Range, Within(0, 1)] = Range(0.2, 0.2)


def below(**values: float) -> Room:
    """Return the room of a rule under the text."""
    return Room(below=values["gap_em"] + 2.2 * values["thick_em"])


def below_twice(**values: float) -> Room:
    """Return the room of two rules under the text."""
    return Room(below=values["gap_em"] + 4.2 * values["thick_em"])


def above(**values: float) -> Room:
    """Return the room of a rule over the text."""
    return Room(above=values["gap_em"] + 1.4 * values["thick_em"])


def underline(frame: Frame, *, thick_em: float, gap_em: float, pen: float) -> None:
    """Draw a rule under the text; under Latin letters it crosses what hangs below the baseline."""
    _draw(frame, _under(frame, gap_em) + 0.5 * thick_em, thick_em, pen)


def double_underline(frame: Frame, *, thick_em: float, gap_em: float, pen: float) -> None:
    """Draw two rules under the text."""
    thin = max(0.7 * thick_em, 1.0 / frame.em_px)
    at = _under(frame, gap_em) + 0.5 * thin
    color = _color(frame, pen)
    for c in (at, at + max(2.4 * thin, thin + 2.0 / frame.em_px)):
        lay_marks(frame.surface, frame.rule(*_ends(frame), c, thin), color)


def wavy_underline(frame: Frame, *, thick_em: float, gap_em: float, pen: float) -> None:
    """Draw a wave under the text, as proof-readers and spelling checkers do."""
    high, period = max(0.055, 1.2 / frame.em_px), 0.3 + 0.25 * frame.luck.unit()
    at = frame.extent.bottom + gap_em + high
    start, end = _ends(frame)

    def wave(s: Floats) -> Floats:
        heights: Floats = np.float32(at) + np.float32(high) * np.sin(s * np.float32(2.0 * math.pi / period))
        return heights

    lay_marks(frame.surface, frame.rule(start, end, wave, 0.75 * thick_em), _color(frame, max(pen, 0.5)))


def overline(frame: Frame, *, thick_em: float, gap_em: float, pen: float) -> None:
    """Draw a rule over the text."""
    _draw(frame, frame.extent.top - gap_em - 0.5 * thick_em, thick_em, pen)


class Strike(DecorSpec):
    """A line through the text, which stays readable; the label keeps the text.

    Attributes:
        thick_em: how thick it is.
        tilt: how far its ends lie apart, as a share of the ink's height.
        pen: how often it is drawn in another colour than the text.
    """

    thick_em: Annotated[Range, Within(0.005, 0.15)] = Range(0.025, 0.05)
    tilt: Annotated[Range, Within(0, 0.5)] = Range(0, 0.15)
    pen: Annotated[Range, Within(0, 1)] = Range(0.5, 0.5)


def strike(frame: Frame, *, thick_em: float, tilt: float, pen: float) -> None:
    """Draw a rule through the middle of the letters."""
    extent = frame.extent
    middle = extent.top + (0.5 if frame.cjk else 0.56) * extent.height
    half = 0.5 * tilt * extent.height * (1.0 if frame.luck.chance(0.5) else -1.0)
    start, end = _ends(frame)

    def slope(s: Floats) -> Floats:
        return np.float32(middle) + (s - np.float32(0.5 * (start + end))) * np.float32(2.0 * half / (end - start))

    color = _color(frame, pen, apart=0.0)
    lay_marks(frame.surface, frame.rule(start, end, slope if half else middle, thick_em), color, 0.9)


class FieldLine(DecorSpec):
    """The line of a form that the text was filled in on; it runs through the whole picture.

    Attributes:
        thick_em: how thick it is.
        gap_em: how far it is from the ink.
    """

    thick_em: Annotated[Range, Within(0.005, 0.2)] = Range(0.02, 0.05)
    gap_em: Annotated[Range, Within(-0.1, 0.6)] = Range(0.02, 0.14)


def field_line(frame: Frame, *, thick_em: float, gap_em: float) -> None:
    """Draw a solid or dashed line under the text from edge to edge."""
    at = frame.extent.bottom + gap_em + 0.5 * thick_em
    start, end = _through(frame)
    if frame.luck.chance(0.65):
        mask = frame.rule(start, end, at, thick_em)
    else:
        mask = _dashes(frame, start, end, at, thick_em, 0.3 + 0.3 * frame.luck.unit(), 0.6)
    lay_marks(frame.surface, mask, _form_color(frame), 0.85)


def leader(frame: Frame, *, thick_em: float, gap_em: float) -> None:
    """Draw a row of dots under the text from edge to edge; never beside it, where they would be full stops."""
    at = frame.extent.bottom + gap_em + 0.5 * thick_em
    start, end = _through(frame)
    thick = max(1.3 * thick_em, 1.3 / frame.em_px)
    lay_marks(frame.surface, _dashes(frame, start, end, at, thick, 2.6 * thick, 0.45), _form_color(frame), 0.9)


def _dashes(frame: Frame, start: float, end: float, c: float, thick: float, period: float, duty: float) -> Image:
    period = max(period, 3.0 / frame.em_px)
    begins = np.arange(start, end, period, dtype=np.float32)[:400]
    long, half = np.float32(frame.filling(duty * period)), np.float32(0.5 * frame.filling(thick))
    corners = np.empty((len(begins), 4, 2), np.float32)
    corners[..., 0] = begins[:, None] + _ALONG * long
    corners[..., 1] = np.float32(c) + _ACROSS * half
    quads = frame.points(corners.reshape(-1, 2)).reshape(-1, 4, 2)
    seen = (quads[:, 2, 0] > 0) & (quads[:, 0, 0] < frame.surface.shape[1])
    seen &= (quads[:, 2, 1] > 0) & (quads[:, 0, 1] < frame.surface.shape[0])
    return filled(frame.surface, quads[seen] if seen.any() else quads[:1])


def _draw(frame: Frame, c: float, thick_em: float, pen: float) -> None:
    lay_marks(frame.surface, frame.rule(*_ends(frame), c, thick_em), _color(frame, pen))


def _under(frame: Frame, gap_em: float) -> float:
    """Return where a rule under the text begins: below squares, near the baseline of letters."""
    if frame.cjk or frame.direction == "ttb":
        return frame.extent.bottom + gap_em
    return min(frame.extent.bottom, 0.08) + gap_em


def _ends(frame: Frame) -> tuple[float, float]:
    """Return where a rule begins and ends: with the text, or a little outside it."""
    out = 0.12 * frame.luck.unit()
    return frame.extent.start - out, frame.extent.end + out


def _through(frame: Frame) -> tuple[float, float]:
    """Return where a line begins and ends that leaves the picture on both sides."""
    size = max(frame.surface.shape[:2]) / frame.em_px
    return frame.extent.start - min(6.0, size), frame.extent.end + min(6.0, size)


def _color(frame: Frame, pen: float, apart: float = 28.0) -> Color:
    drawn = frame.luck.choice(_PENS)
    if frame.luck.chance(pen) and _stands_off(frame, drawn, apart):
        return drawn
    return frame.fill


def _form_color(frame: Frame) -> Color:
    drawn = frame.luck.choice(_FORM)
    return drawn if _stands_off(frame, drawn, 25.0) else frame.fill


def _stands_off(frame: Frame, color: Color, apart: float) -> bool:
    red, green, blue = (round(value) for value in cv2.mean(frame.surface)[:3])
    return difference((red, green, blue), color) > apart
