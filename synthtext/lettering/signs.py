"""Signs: looks that bring their own ground: neon at night, LED boards, gold letters on red cloth."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import cv2
import numpy as np

from synthtext.assets.palettes import colored as in_color
from synthtext.assets.palettes import flat
from synthtext.geometry import Image
from synthtext.layers import both, faded, lay, less, leveled, shine, softened, thinned, through
from synthtext.lettering.banks import noise
from synthtext.lettering.base import Sheet, StyleSpec, mixed
from synthtext.lettering.fills import color_table
from synthtext.lettering.materials import foil_coat, sheen
from synthtext.lettering.screens import dot_cells, dot_tiles
from synthtext.spec import Range, Within
from synthtext.values import Color, TextLayer

_GAS: tuple[Color, ...] = (
    (255, 46, 70), (255, 46, 70), (255, 96, 28), (255, 60, 170), (80, 140, 255), (60, 210, 255), (60, 255, 150),
    (190, 90, 255), (255, 214, 120),
)  # fmt: skip
_DIODES: tuple[Color, ...] = (
    (255, 40, 24), (255, 40, 24), (255, 40, 24), (255, 150, 20), (255, 196, 40), (60, 255, 80), (90, 160, 255),
    (245, 250, 255),
)  # fmt: skip
_REDS: tuple[Color, ...] = ((190, 18, 28), (208, 26, 30), (156, 12, 24), (176, 20, 40))
_YELLOWS: tuple[Color, ...] = ((250, 214, 58), (255, 228, 96), (244, 196, 44), (250, 236, 170), (252, 250, 240))


class Neon(StyleSpec):
    """Glass tubes that glow in the dark.

    Attributes:
        night: mean brightness of the surface behind, at most, gray levels.
        halo_em: how far the light reaches.
        halo: how strong it is.
        off: how often one character is dim.
    """

    night: Annotated[Range, Within(0, 120)] = Range(10, 45)
    halo_em: Annotated[Range, Within(0.02, 1)] = Range(0.12, 0.35)
    halo: Annotated[Range, Within(0, 2)] = Range(0.5, 1.1)
    off: Annotated[Range, Within(0, 1)] = Range(0, 0.3)


def night_ground(image: Image, **values: float) -> tuple[Image, None]:
    """Return the surface at night."""
    gain = min(1.0, values["night"] / max(1.0, sum(cv2.mean(image)[:3]) / 3.0))
    return faded(image, gain), None


def neon(sheet: Sheet, *, night: float, halo_em: float, halo: float, off: float) -> bool:
    """Turn strokes into lit tubes: pale in the middle, their colour at the edge, light on what is behind."""
    color = sheet.luck.choice(_GAS)
    if sheet.half_px > 3.2:  # wide strokes are bent tubes along their edge
        sheet.mask = sheet.body = less(sheet.mask, thinned(sheet.mask, max(2, round(0.4 * sheet.half_px))))
    lit = _with_one_dim(sheet, off)
    near, far = softened(lit, sheet.px(0.35 * halo_em, 1.0)), softened(lit, sheet.px(halo_em, 2.0))
    shine(sheet.surface, faded(near, 0.7 * halo), color)
    shine(sheet.surface, faded(far, 1.3 * halo), color)
    core = mixed(color, (255, 255, 255), 0.75)
    table = color_table([(0.0, (52, 46, 48)), (0.25, mixed(color, (60, 50, 52), 0.35)), (0.62, color), (1.0, core)])
    sheet.coat = through(softened(lit, 0.7), table)
    sheet.ink = replace(sheet.ink, fill=color)
    return True


def _with_one_dim(sheet: Sheet, off: float) -> Image:
    chance, which = sheet.luck.unit(), sheet.luck.unit()
    quads = sheet.instance.ink_quads if chance < off and len(sheet.instance.chars) > 2 else None
    if quads is None:
        return sheet.mask
    quad = quads[int(which * len(quads))]
    gain = np.full_like(sheet.mask, 255)
    cv2.fillConvexPoly(gain, np.rint(quad + np.sign(quad - quad.mean(axis=0))).astype(np.int32), 115)
    return both(sheet.mask, gain)


class Led(StyleSpec):
    """A board of light-emitting diodes.

    Attributes:
        rows: of diodes to an em, at most; small letters have fewer, so that dots can be told apart.
        size: of a diode, as a share of the distance between two.
        halo: strength of the light round them.
        idle: brightness of diodes that are off, gray levels.
    """

    rows: Annotated[Range, Within(8, 64)] = Range(16, 24)
    size: Annotated[Range, Within(0.4, 1.2)] = Range(0.75, 1.0)
    halo: Annotated[Range, Within(0, 2)] = Range(0.3, 0.9)
    idle: Annotated[Range, Within(0, 80)] = Range(6, 26)


def led_layer(layer: TextLayer, em_px: float, **values: float) -> TextLayer:
    """Return the layer with its ink as round dots on a grid, and with room round it for dots that are off."""
    room = round(0.7 * layer.em_px)
    mask = np.pad(layer.mask, room)
    dotted = dot_cells(mask, layer.em_px, em_px, values["rows"], values["size"], 0.36)
    turns = layer.turns.shifted(room, room) if layer.turns is not None else None
    return replace(layer, mask=dotted, origin=(layer.origin[0] + room, layer.origin[1] + room), turns=turns)


def board_ground(image: Image, **values: float) -> tuple[Image, str]:
    """Return a dark board in place of the surface."""
    return flat(image.shape[1::-1], (14, 14, 16)), "board"


def led(sheet: Sheet, *, rows: float, size: float, halo: float, idle: float) -> bool:
    """Light the dots of the mask and show those that are off."""
    color = sheet.luck.choice(_DIODES)
    idle_dots = dot_tiles(sheet.layer.mask.shape[:2], sheet.layer.em_px, sheet.em_px, rows, size)
    shine(sheet.surface, faded(sheet.instance.warp.image(idle_dots, sheet.size_wh), idle / 255.0), (255, 250, 245))
    pitch = sheet.em_px / rows
    shine(sheet.surface, faded(softened(sheet.mask, 1.2 * pitch), 0.45 * halo), color)
    core = mixed(color, (255, 255, 255), 0.35)
    table = color_table([(0.0, mixed(color, (0, 0, 0), 0.3)), (0.7, color), (1.0, core)])
    sheet.coat = through(sheet.mask, table)
    sheet.ink = replace(sheet.ink, fill=color)
    return True


class Banner(StyleSpec):
    """Gold or yellow letters on red cloth: pennants, slogans, inscriptions.

    Attributes:
        foil: how often the letters are foil and not yellow.
        folds: how strongly the cloth hangs in folds.
    """

    foil: Annotated[Range, Within(0, 1)] = Range(0.55, 0.55)
    folds: Annotated[Range, Within(0, 2)] = Range(0.3, 1.0)


def cloth_ground(image: Image, **values: float) -> tuple[Image, str]:
    """Return the surface's own light and shadow on red; the cloth is woven by `banner`."""
    return flat(image.shape[1::-1], _REDS[0]), "cloth"


def banner(sheet: Sheet, *, foil: float, folds: float) -> bool:
    """Weave the red cloth, paint the letters gold, and let the folds shade both."""
    luck, size = sheet.luck, sheet.size_wh
    red = mixed(luck.choice(_REDS), (90, 0, 10), 0.3 * luck.unit())
    weaves = sheet.textures["fabric"]
    weave = luck.choice(weaves)
    threads = weave.window(size, 0.5 + 0.4 * luck.unit(), (luck.unit(), luck.unit()))
    silk = next(texture for texture in weaves if texture.name == "fabric-silk")
    hanging = silk.window(size, 0.6 + 1.2 * luck.unit(), (luck.unit(), luck.unit()))
    sheet.surface[:] = in_color(threads, red, 9.0)
    is_foil = luck.chance(foil)
    if is_foil:
        sheet.coat = foil_coat(sheet, "gold", 0.8)
        sheen(sheet, 0.5)
    else:
        yellow = luck.choice(_YELLOWS)
        sheet.coat = flat(sheet.mask.shape[1::-1], yellow)
        nap = noise("grain", size, luck, sheet.em_px)
        lay(sheet.coat, leveled(nap, 0.9, -100.0), mixed(yellow, (120, 60, 0), 0.5))
    shade = cv2.cvtColor(leveled(hanging, folds, 128.0 * (1.35 - folds)), cv2.COLOR_GRAY2RGB)
    cv2.multiply(sheet.surface, shade, dst=sheet.surface, scale=1.0 / 150.0)
    cv2.multiply(sheet.coat, shade, dst=sheet.coat, scale=1.0 / 165.0)
    sheet.ink = replace(sheet.ink, fill=(206, 160, 70))
    return True
