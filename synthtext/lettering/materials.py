"""Materials: letters of wood, metal, stone, paper, foil, or cut out of a photograph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import cv2

from synthtext.assets.palettes import colored, draw_color
from synthtext.geometry import Image
from synthtext.layers import faded, lay, less, leveled, moved, shine, summed, through
from synthtext.lettering.banks import dropouts, noise
from synthtext.lettering.base import Sheet, StyleSpec, mixed
from synthtext.lettering.fills import color_table, ramped
from synthtext.spec import Range, Within
from synthtext.values import Color

_TRIES = 4


class Material(StyleSpec):
    """Letters of a material.

    Attributes:
        strength: of its grain, relative to what is usual.
        scale: of its grain.
    """

    strength: Annotated[Range, Within(0.1, 3)] = Range(0.8, 1.6)
    scale: Annotated[Range, Within(0.2, 2)] = Range(0.4, 0.9)


def material(name: str) -> Callable[..., bool]:
    """Return the style that paints letters with one of the textures of surfaces."""

    def paint(sheet: Sheet, *, strength: float, scale: float) -> bool:
        textures = [texture for texture in sheet.textures[name.split("-", 1)[0]] if texture.name.startswith(name)]
        texture = sheet.luck.choice(textures)
        color = sheet.ink.fill
        for _ in range(_TRIES):
            red, green, blue = draw_color(sheet.luck, texture.name)
            drawn = (int(red), int(green), int(blue))
            if sheet.legible(drawn):
                color = drawn
                break
        gray = texture.window(
            sheet.size_wh, scale * max(1.0, sheet.em_px / 48.0), (sheet.luck.unit(), sheet.luck.unit())
        )
        contrast = texture.contrast[0] + (texture.contrast[1] - texture.contrast[0]) * 0.6
        sheet.coat = colored(gray, color, contrast * strength)
        return True

    return paint


class PhotoFill(StyleSpec):
    """Letters cut out of a photograph, drawn towards the fill so that they stay legible.

    Attributes:
        strength: how much of the photograph shows.
    """

    strength: Annotated[Range, Within(0.1, 1)] = Range(0.4, 0.85)


def photo_fill(sheet: Sheet, *, strength: float) -> bool:
    """Paint the faces with a piece of a photograph whose mean colour is the fill."""
    photo = sheet.photograph(sheet.size_wh, sheet.luck)
    if photo is None:
        return False
    means = cv2.mean(photo, sheet.mask)[:3]
    shift = [fill - strength * mean for fill, mean in zip(sheet.ink.fill, means, strict=True)]
    planes = [leveled(plane, strength, by) for plane, by in zip(_planes(photo), shift, strict=True)]
    sheet.coat = cv2.merge(planes)  # type: ignore[assignment]
    return True


def _planes(image: Image) -> list[Image]:
    return list(cv2.split(image))  # type: ignore[arg-type]


_METALS: dict[str, tuple[tuple[float, Color], ...]] = {
    "gold": (
        (0.0, (134, 88, 18)), (0.22, (206, 154, 52)), (0.4, (255, 236, 158)), (0.52, (218, 168, 60)),
        (0.68, (168, 116, 30)), (0.84, (248, 220, 128)), (1.0, (186, 134, 44)),
    ),
    "silver": (
        (0.0, (96, 98, 104)), (0.25, (176, 178, 184)), (0.42, (248, 248, 250)), (0.55, (190, 192, 198)),
        (0.7, (132, 134, 142)), (0.85, (232, 233, 236)), (1.0, (150, 152, 158)),
    ),
    "copper": (
        (0.0, (98, 46, 24)), (0.25, (178, 98, 60)), (0.42, (250, 196, 160)), (0.55, (198, 116, 76)),
        (0.7, (140, 70, 40)), (0.85, (236, 170, 130)), (1.0, (164, 90, 54)),
    ),
}  # fmt: skip
_METAL_NAMES = ("gold", "gold", "gold", "silver", "copper")
_MIDDLE = {"gold": (206, 160, 70), "silver": (176, 178, 184), "copper": (180, 106, 70)}


class Foil(StyleSpec):
    """Gold, silver or copper foil: bands of reflected light, slightly crinkled.

    Attributes:
        crinkle: how much the bands bend.
        relief: strength of the light on the edges.
    """

    crinkle: Annotated[Range, Within(0, 2)] = Range(0.3, 1.1)
    relief: Annotated[Range, Within(0, 1)] = Range(0.2, 0.7)


def foil(sheet: Sheet, *, crinkle: float, relief: float) -> bool:
    """Paint the faces with metal foil; a surface on which no metal can be read keeps the plain fill."""
    name = _metal(sheet)
    if name is None:
        return False
    sheet.coat = foil_coat(sheet, name, crinkle)
    sheen(sheet, relief)
    return True


class Glitter(StyleSpec):
    """Foil of fine flakes that sparkle.

    Attributes:
        sparkle: share of flakes that throw the light back.
        grain: how much the others differ.
    """

    sparkle: Annotated[Range, Within(0, 0.2)] = Range(0.02, 0.07)
    grain: Annotated[Range, Within(0, 2)] = Range(0.7, 1.3)


def glitter(sheet: Sheet, *, sparkle: float, grain: float) -> bool:
    """Paint the faces with glitter, of metal or in the colour of the fill."""
    name = _metal(sheet) if sheet.luck.chance(0.6) else None
    color: Color = _MIDDLE[name] if name else sheet.ink.fill
    flakes = noise("grain", sheet.size_wh, sheet.luck, sheet.em_px)
    coat = colored(flakes, color, 34.0 * grain)
    shine(coat, dropouts(flakes, sparkle), (255, 252, 235))
    sheet.coat = coat
    return True


def _metal(sheet: Sheet) -> str | None:
    """Return a metal that can be read on this surface, the drawn one if possible."""
    first = sheet.luck.choice(_METAL_NAMES)
    for name in (first, "gold", "silver", "copper"):
        if sheet.stands_off(_MIDDLE[name]) >= 1.6 * sheet.floor:
            return name
    return None


def foil_coat(sheet: Sheet, name: str, crinkle: float) -> Image:
    """Return (H, W, 3): foil that mirrors bands of light and shadow."""
    stops = _METALS[name]
    low = 0.35 * sheet.luck.unit()  # each text mirrors another part of the room
    high = low + 0.45 + 0.2 * sheet.luck.unit()
    ramp = ramped(sheet.mask, 60.0 + 60.0 * sheet.luck.unit(), [(0.0, (0, 0, 0)), (1.0, (255, 0, 0))])[..., 0]
    waves = noise("cloud", sheet.size_wh, sheet.luck, sheet.em_px)
    bend = 1.2 * crinkle
    lit = summed(ramp, high - low, waves, bend, 255.0 * low - 128.0 * bend)
    coat = through(lit, color_table(stops))
    grain = noise("grain", sheet.size_wh, sheet.luck, sheet.em_px)
    shine(coat, leveled(grain, 0.3, -30.0), (255, 255, 255))
    return coat


def sheen(sheet: Sheet, strength: float) -> None:
    """Light the upper left edges of the coat and darken the lower right ones."""
    if strength <= 0.0:
        return
    coat, mask = sheet.painted(), sheet.mask
    shine(coat, less(mask, moved(mask, 1, 1)), mixed((0, 0, 0), (255, 250, 230), 0.6 * strength))
    lay(coat, faded(less(mask, moved(mask, -1, -1)), 0.6 * strength), (30, 18, 6))
