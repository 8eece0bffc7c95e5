"""Depth: letters that stand out of their ground, are cut into it, or throw long shadows."""

from __future__ import annotations

import math
from typing import Annotated

from synthtext.assets.palettes import flat
from synthtext.geometry import Image
from synthtext.layers import both, either, faded, inverted, lay, less, moved, shine, softened, summed, swept
from synthtext.lettering.base import BLACK, WHITE, Sheet, StyleSpec, brightness, mixed
from synthtext.spec import Range, Within


class InnerShadow(StyleSpec):
    """A shadow that the edge throws onto the face, as in letters cut out of a board.

    Attributes:
        reach_em: how far it falls.
        opacity: how dark it is.
        angle_deg: where the light comes from: 45 is the upper left, 135 the upper right.
    """

    reach_em: Annotated[Range, Within(0, 0.3)] = Range(0.02, 0.06)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.35, 0.75)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(40, 140)


def inner_shadow(sheet: Sheet, *, reach_em: float, opacity: float, angle_deg: float) -> bool:
    """Darken the faces along the edges that the light comes from."""
    reach = sheet.px(reach_em, 1.0)
    dx, dy = _fall(reach, angle_deg)
    shade = inverted(softened(moved(sheet.mask, dx, dy), 0.4 * reach))
    lay(sheet.painted(), faded(shade, opacity), BLACK)
    return True


class LongShadow(StyleSpec):
    """A flat shadow drawn far out to one side.

    Attributes:
        length_em: of the shadow.
        opacity: how dark it is.
    """

    length_em: Annotated[Range, Within(0.05, 5)] = Range(0.3, 1.2)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.15, 0.4)


def long_shadow(sheet: Sheet, *, length_em: float, opacity: float) -> bool:
    """Darken the surface along a diagonal from the letters."""
    reach = sheet.whole_px(length_em, 2)
    side = 1 if sheet.luck.chance(0.7) else -1
    lay(sheet.surface, faded(swept(sheet.body, side * reach, reach), opacity), BLACK)
    return True


class Extrude(StyleSpec):
    """Solid letters: faces with sides that go back in one direction.

    Attributes:
        depth_em: how deep they are.
        angle_deg: where the sides show: 45 lower right, 90 below, 135 lower left, 270 above.
        dark: how much darker the sides are than the face.
    """

    depth_em: Annotated[Range, Within(0.01, 0.5)] = Range(0.05, 0.13)
    angle_deg: Annotated[Range, Within(0, 360)] = Range(25, 155)
    dark: Annotated[Range, Within(0.1, 0.95)] = Range(0.45, 0.75)


def extrude(sheet: Sheet, *, depth_em: float, angle_deg: float, dark: float) -> bool:
    """Lay the sides of solid letters under their faces: one shade for what looks sideways, one for what looks down."""
    depth = sheet.px(depth_em, 2.0)
    dx, dy = depth * math.cos(math.radians(angle_deg)), depth * math.sin(math.radians(angle_deg))
    fill = sheet.ink.fill
    shade = BLACK if brightness(fill) > 70 else WHITE
    dark = dark if shade is BLACK else 0.6 * dark
    sides = swept(sheet.body, dx, dy)
    lay(sheet.surface, sides, mixed(fill, shade, dark))
    if abs(dx) >= 1.0 and abs(dy) >= 1.0:
        flank = both(sides, less(swept(sheet.body, dx, 0.0), sheet.body))
        lay(sheet.surface, flank, mixed(fill, shade, 0.6 * dark))
    return True


class Bevel(StyleSpec):
    """Faces that slope towards their edges and catch the light.

    Attributes:
        width_em: of the slope.
        strength: of the light.
        angle_deg: where it comes from: 45 is the upper left.
    """

    width_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.02, 0.05)
    strength: Annotated[Range, Within(0, 1)] = Range(0.4, 0.8)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(30, 150)


def bevel(sheet: Sheet, *, width_em: float, strength: float, angle_deg: float) -> bool:
    """Light the slopes that face the light and darken those that turn away."""
    width = sheet.px(width_em, 1.0)
    dx, dy = _fall(width, angle_deg)
    slope = softened(sheet.mask, 0.6 * width)
    away, towards = moved(slope, -dx, -dy), moved(slope, dx, dy)
    coat = sheet.painted()
    lay(coat, faded(less(slope, away), strength), BLACK)
    shine(coat, faded(less(slope, towards), strength), WHITE)
    return True


class Relief(StyleSpec):
    """Letters pressed out of their ground or into it: rims of light and shadow round a face of much the same colour.

    Attributes:
        depth_em: width of the rims.
        tint: how much of the ink's colour the face has; at 0 it is the ground itself.
        strength: of the rims.
        angle_deg: where the light comes from: 45 is the upper left.
    """

    depth_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.025, 0.06)
    tint: Annotated[Range, Within(0, 1)] = Range(0.35, 1.0)
    strength: Annotated[Range, Within(0.1, 1)] = Range(0.55, 0.95)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(35, 145)


def emboss(sheet: Sheet, *, depth_em: float, tint: float, strength: float, angle_deg: float) -> bool:
    """Raise the letters: light along the edges that face it, shadow behind the others."""
    dx, dy = _fall(sheet.px(depth_em, 1.0), angle_deg)
    _tint_ground(sheet, tint)
    behind = softened(less(moved(sheet.mask, dx, dy), sheet.mask), 0.6)
    lit = softened(less(sheet.mask, moved(sheet.mask, dx, dy)), 0.5)
    _rims(sheet, faded(behind, strength), faded(lit, strength))
    return True


def engrave(sheet: Sheet, *, depth_em: float, tint: float, strength: float, angle_deg: float) -> bool:
    """Sink the letters: shadow inside the edges that the light comes over, light on the edges beyond."""
    dx, dy = _fall(sheet.px(depth_em, 1.0), angle_deg)
    _tint_ground(sheet, tint)
    inside = softened(less(sheet.mask, moved(sheet.mask, dx, dy)), 0.5)
    beyond = softened(less(moved(sheet.mask, dx, dy), sheet.mask), 0.6)
    _rims(sheet, faded(inside, strength), faded(beyond, 0.8 * strength))
    return True


def _tint_ground(sheet: Sheet, tint: float) -> None:
    color = flat(sheet.mask.shape[1::-1], sheet.ink.fill)
    sheet.coat = summed(sheet.surface, 1.0 - tint, color, tint, 0.0)


def _rims(sheet: Sheet, dark: Image, light: Image) -> None:
    sheet.over += [(dark, (8, 8, 10)), (light, WHITE)]
    sheet.shown += [sheet.mask, either(dark, light)]


def _fall(reach_px: float, angle_deg: float) -> tuple[int, int]:
    """Return whole pixels, at least one, away from where the light comes."""
    turn = math.radians(angle_deg)
    dx, dy = round(reach_px * math.cos(turn)), round(reach_px * math.sin(turn))
    return (dx, dy) if dx or dy else (0, 1)
