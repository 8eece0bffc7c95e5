"""What a lettering style works on: a sheet with the surface, the mask of the letters and the coat they get.

A style is a function that takes a `Sheet` and its drawn numbers and changes the sheet; it returns False where it
would do nothing good (an inner line in strokes of two pixels) and has then changed nothing. `paint_sheet` puts the
finished sheet together.

The *body* of the letters is their faces with the outlines that belong to them: it is what ink quads enclose.
Shadows, glows, halos and the sides of letters that stand out belong to the light, not to the body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from synthtext.assets.palettes import flat
from synthtext.assets.textures import Texture
from synthtext.color import lab_of
from synthtext.effects.base import EffectSpec
from synthtext.geometry import Floats, Image
from synthtext.layers import embolden, faded, lay, lay_image, leveled, moved, softened, thinned
from synthtext.legibility import ground_labs
from synthtext.rng import Draws
from synthtext.values import Color, Ink, TextInstance, TextLayer

BLACK: Color = (14, 14, 16)
WHITE: Color = (250, 250, 248)
_LEAST_LIGHTER = 12.0


class StyleSpec(EffectSpec):
    """Base of the specs of styles and decorations. Lengths are in em of the text as it stands in the picture.

    Attributes:
        chance: how often a text gets it.
    """


@dataclass(slots=True, eq=False)
class Sheet:
    """A line of text while it is being lettered.

    Attributes:
        surface: (H, W, 3) uint8 RGB, painted on in place.
        mask: (H, W) uint8, the faces of the letters.
        ink: the colours chosen for it.
        em_px: size of the letters in the picture.
        layer: the line before it was placed.
        instance: the line in the picture, for the places of its characters.
        luck: numbers for what has no range of its own: where a texture is cut, which of two colours.
        floor: least CIE Lab difference that the text must have from its surroundings.
        textures: kind -> gray textures.
        photograph: (size_wh, luck) -> a piece of a photograph, or None where there are none.
        coat: (H, W, 3) what the faces are painted with instead of the fill.
        body: faces and outlines.
        under: masks and colours laid before the faces, in order.
        over: masks and colours laid after them.
        shown: the mask to measure the contrast of, where it is not that of the faces.
        reach_px: by how much the body reaches beyond the glyphs.
    """

    surface: Image
    mask: Image
    ink: Ink
    em_px: float
    layer: TextLayer
    instance: TextInstance
    luck: Draws
    floor: float
    textures: Mapping[str, Sequence[Texture]]
    photograph: Callable[[tuple[int, int], Draws], Image | None]
    coat: Image | None = None
    body: Image = field(init=False)
    under: list[tuple[Image, Color]] = field(default_factory=list)
    over: list[tuple[Image, Color]] = field(default_factory=list)
    shown: list[Image] = field(default_factory=list)
    reach_px: int = 0
    _grounds: Floats | None = None
    _half_px: float = -1.0

    def __post_init__(self) -> None:
        self.body = self.mask

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of the picture."""
        return self.mask.shape[1], self.mask.shape[0]

    def px(self, em: float, least: float = 0.0) -> float:
        """Return a length in pixels."""
        return max(least, em * self.em_px)

    def whole_px(self, em: float, least: int = 1) -> int:
        """Return a length in whole pixels."""
        return max(least, round(em * self.em_px))

    @property
    def half_px(self) -> float:
        """Half the width of a usual stroke, in pixels."""
        if self._half_px < 0:
            area = cv2.countNonZero(leveled(self.mask, 255.0, -127.0 * 255.0))
            core = cv2.countNonZero(leveled(thinned(self.mask, 1), 255.0, -127.0 * 255.0))
            self._half_px = area / max(1, area - core)
        return self._half_px

    def spared(self, amount: float) -> float:
        """Return how much may be taken out of the ink: less of thin strokes, which would be lost."""
        return amount * min(1.0, max(0.35, self.half_px / 3.2))

    @property
    def grounds(self) -> Floats:
        """(N, 3) CIE Lab of stretches of the surface."""
        if self._grounds is None:
            self._grounds = ground_labs(self.surface)
        return self._grounds

    def stands_off(self, color: Color) -> float:
        """Return the CIE Lab difference of a colour from the surface, where it is least.

        0 where the lightness hardly differs: hue alone is lost on a reader, and in a gray copy.
        """
        apart = self.grounds - np.array(lab_of(color), np.float32)
        if np.abs(apart[:, 0]).min() < _LEAST_LIGHTER:
            return 0.0
        return float(np.sqrt(np.square(apart).sum(axis=1)).min())

    def legible(self, color: Color) -> bool:
        """Return whether a colour reaches the floor on this surface, with a little to spare."""
        return self.stands_off(color) >= 1.5 * self.floor

    def toned(self, color: Color, step: float = 0.4) -> Color:
        """Return the colour, brought nearer to the fill until it is legible."""
        for _ in range(3):
            if self.legible(color):
                return color
            color = mixed(color, self.ink.fill, step)
        return self.ink.fill

    def run_to(self, color: Color) -> Color:
        """Return the colour, brought nearer to the fill until no colour on the way to it is lost on the surface."""
        fill = self.ink.fill
        for _ in range(3):
            if all(self.legible(mixed(fill, color, share)) for share in (0.2, 0.4, 0.6, 0.8, 1.0)):
                return color
            color = mixed(color, fill, 0.45)
        return fill

    def stroke(self) -> None:
        """Put the outline of the ink under the faces, where it has one."""
        if self.ink.stroke is not None:
            self.body = embolden(self.mask, self.ink.stroke_px)
            self.reach_px = self.ink.stroke_px
            self.under.append((self.body, self.ink.stroke))

    def painted(self) -> Image:
        """Return the coat; a new one in the colour of the fill where there is none."""
        if self.coat is None:
            self.coat = flat(self.mask.shape[1::-1], self.ink.fill)
        return self.coat


def paint_sheet(sheet: Sheet) -> None:
    """Lay everything onto the surface: what lies under the faces, the faces, what lies over them."""
    ink = sheet.ink
    if ink.shadow is not None:
        cast = moved(sheet.body, ink.shadow.dx_px, ink.shadow.dy_px)
        lay(sheet.surface, faded(softened(cast, ink.shadow.blur_px), ink.shadow.opacity), (0, 0, 0))
    for mask, color in sheet.under:
        lay(sheet.surface, mask, color)
    faces = faded(sheet.mask, ink.opacity)
    if sheet.coat is None:
        lay(sheet.surface, faces, ink.fill)
    else:
        lay_image(sheet.surface, faces, sheet.coat)
    for mask, color in sheet.over:
        lay(sheet.surface, mask, color)


def mixed(first: Color, second: Color, share: float) -> Color:
    """Return a colour between two; `share` is how much of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def brightness(color: Color) -> float:
    """Return how bright a colour is, 0..255."""
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def against(color: Color) -> Color:
    """Return black or white, whichever is further from a colour."""
    return BLACK if brightness(color) > 118 else WHITE
