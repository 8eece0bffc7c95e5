"""Outlines: rings round letters, and letters that are nothing but a ring."""

from __future__ import annotations

from typing import Annotated

from synthtext.color import difference
from synthtext.geometry import Image
from synthtext.layers import either, embolden, faded, lay, less, moved, softened, thinned
from synthtext.lettering.base import BLACK, WHITE, Sheet, StyleSpec, against, brightness, mixed
from synthtext.spec import Range, Within
from synthtext.values import Color

_BRIGHT: tuple[Color, ...] = (
    (226, 32, 38), (250, 206, 30), (20, 110, 200), (30, 150, 80), (240, 118, 22), (226, 70, 140), (110, 50, 160),
)  # fmt: skip
_APART = 32.0


class DoubleStroke(StyleSpec):
    """Two outlines, one round the other.

    Attributes:
        inner_em, outer_em: how wide they are.
    """

    inner_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.02, 0.05)
    outer_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.02, 0.05)


def double_stroke(sheet: Sheet, *, inner_em: float, outer_em: float) -> bool:
    """Put an outline round the letters that stands off the fill, and a second round it that stands off the first."""
    inner, outer = sheet.whole_px(inner_em), sheet.whole_px(outer_em)
    first = against(sheet.ink.fill)
    second = _apart_from(sheet, first)
    ring = embolden(sheet.mask, inner)
    _belongs(sheet, embolden(ring, outer), inner + outer)
    sheet.under += [(sheet.body, second), (ring, first)]
    return True


class Hollow(StyleSpec):
    """Letters that are only their outline.

    Attributes:
        width_em: of the outline.
        inside: how much of a second colour fills the letters; 0 leaves them empty.
    """

    width_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.025, 0.05)
    inside: Annotated[Range, Within(0, 1)] = Range(0, 0.3)


def hollow(sheet: Sheet, *, width_em: float, inside: float) -> bool:
    """Empty the letters; strokes too thin to hold an outline get it round them, the thinnest stay full."""
    if sheet.half_px < 1.6 or sheet.stands_off(sheet.ink.fill) < 1.8 * sheet.floor:
        return False
    width = sheet.whole_px(width_em)
    if inside > 0.05:
        sheet.under.append((faded(sheet.mask, inside), against(sheet.ink.fill)))
    if sheet.half_px > 1.7 * width:
        sheet.mask = faded(less(sheet.mask, thinned(sheet.mask, width)), 1.5)
    else:
        grown = embolden(sheet.mask, width)
        sheet.mask = faded(less(grown, sheet.mask), 1.3)
        _belongs(sheet, grown, width)
    return True


class OffsetOutline(StyleSpec):
    """An outline printed beside its letters, as when plates do not meet.

    Attributes:
        shift_em: how far beside.
        width_em: of the outline.
    """

    shift_em: Annotated[Range, Within(0, 0.2)] = Range(0.02, 0.06)
    width_em: Annotated[Range, Within(0.01, 0.1)] = Range(0.015, 0.03)


def offset_outline(sheet: Sheet, *, shift_em: float, width_em: float) -> bool:
    """Lay an outline over the faces, moved to one side; thin strokes would vanish under it and are left alone."""
    if sheet.half_px < 2.0:
        return False
    shift, width = min(sheet.whole_px(shift_em), int(sheet.half_px)), sheet.whole_px(width_em)
    dx, dy = (shift if sheet.luck.chance(0.5) else -shift), (shift if sheet.luck.chance(0.7) else -shift)
    ring = moved(less(embolden(sheet.mask, width), sheet.mask), dx, dy)
    fill = sheet.ink.fill
    color = against(fill) if sheet.luck.chance(0.6) else mixed(fill, against(fill), 0.6)
    sheet.over.append((ring, color))
    _belongs(sheet, either(sheet.mask, ring), width + shift)
    return True


class GapOutline(StyleSpec):
    """An outline that keeps its distance from the letters.

    Attributes:
        gap_em: between letter and outline.
        width_em: of the outline.
    """

    gap_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.02, 0.05)
    width_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.015, 0.035)


def gap_outline(sheet: Sheet, *, gap_em: float, width_em: float) -> bool:
    """Draw a ring round the letters with the surface showing between."""
    gap, width = sheet.whole_px(gap_em), sheet.whole_px(width_em)
    inner = embolden(sheet.mask, gap)
    outer = embolden(inner, width)
    color = sheet.ink.fill if sheet.luck.chance(0.6) else _legible_bright(sheet)
    sheet.under.append((less(outer, inner), color))
    _belongs(sheet, outer, gap + width)
    return True


class Glow(StyleSpec):
    """Light, or a soft cloud of another colour, round the letters.

    Attributes:
        reach_em: how far it goes.
        opacity: how strong it is beside the letters.
    """

    reach_em: Annotated[Range, Within(0.02, 0.6)] = Range(0.06, 0.18)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.5, 0.95)


def glow(sheet: Sheet, *, reach_em: float, opacity: float) -> bool:
    """Lay a soft halo under the letters, in a colour that stands off them."""
    reach = sheet.px(reach_em, 1.5)
    halo = softened(embolden(sheet.body, max(1, round(0.35 * reach))), 0.6 * reach)
    fill = sheet.ink.fill
    color = WHITE if brightness(fill) < 150 else BLACK
    if sheet.luck.chance(0.5):
        drawn = mixed(sheet.luck.choice(_BRIGHT), color, 0.25)
        color = drawn if difference(drawn, fill) > _APART else color
    lay(sheet.surface, faded(halo, 1.5 * opacity), color)
    return True


def _belongs(sheet: Sheet, body: Image, reach_px: int) -> None:
    sheet.body = body
    sheet.reach_px += reach_px


def _apart_from(sheet: Sheet, color: Color) -> Color:
    """Return a second outline's colour: the fill's, a bright one, or black or white."""
    fill = sheet.ink.fill
    bright = sheet.luck.choice(_BRIGHT)
    for drawn in (fill if sheet.luck.chance(0.45) else bright, bright):
        if difference(drawn, color) > _APART:
            return drawn
    return against(color)


def _legible_bright(sheet: Sheet) -> Color:
    drawn = sheet.luck.choice(_BRIGHT)
    return drawn if sheet.legible(drawn) else sheet.ink.fill
