"""Glyphs with colours of their own, such as emoji: pictures in a font (CBDT, sbix) or layers of outlines (COLR 0).

HarfBuzz finds them and OpenCV decodes the pictures: the FreeType of the Python wheel can't. COLR 1 (gradients) is
not drawn; such a face has its plain outlines, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
import regex
import uharfbuzz as hb

from synthtext.geometry import Image

_EMOJI = regex.compile(r"[\p{Emoji}--[\x00-\x7F]]", flags=regex.VERSION1)
_KEPT = 512
_FOREGROUND = 0xFFFF


class ColorPicture(NamedTuple):
    """A glyph's picture, (h, w, 4) uint8 RGBA multiplied by its alpha, and where it lies from the origin, y down."""

    rgba: Image
    left: int
    top: int


class Outline(NamedTuple):
    """A layer's coverage, (h, w) uint8, and where it lies."""

    mask: Image
    left: int
    top: int


class ColorGlyphs:
    """The coloured glyphs of one face.

    Args:
        outline: renders a glyph's outline at an em of so many pixels.
    """

    def __init__(self, face: hb.Face, font: hb.Font, outline: Callable[[int, int], Outline]) -> None:
        self._face = face
        self._font = font
        self._outline = outline
        self._known: dict[tuple[int, int], ColorPicture] = {}
        self._pictures = bool(face.has_color_png)

    def box(self, glyph: int) -> tuple[int, int, int, int]:
        """Return the ink box x0, y0, x1, y1 of a glyph in font units, y down; all zero without ink."""
        found = [self._extents(part) for part in self._parts(glyph)]
        boxes = [box for box in found if box[2] > box[0] and box[3] > box[1]]
        if not boxes:
            return 0, 0, 0, 0
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )

    def picture(self, glyph: int, em_px: int) -> ColorPicture | None:
        """Return a glyph's picture at an em of so many pixels; None if it has none."""
        known = self._known.get((glyph, em_px))
        if known is None:
            made = self._bitmap(glyph, em_px) if self._pictures else self._layered(glyph, em_px)
            if made is None:
                return None
            known = made
            if len(self._known) < _KEPT:
                self._known[glyph, em_px] = known
        return known

    def draws(self, char: str) -> bool:
        """Whether a character has a coloured glyph; letters and digits are left to faces for text."""
        if not _EMOJI.fullmatch(char):
            return False
        glyph = self._font.get_nominal_glyph(ord(char))
        if not glyph:
            return False
        return self._png(glyph) is not None if self._pictures else bool(self._face.get_glyph_color_layers(glyph))

    def _parts(self, glyph: int) -> list[int]:
        if self._pictures:
            return [glyph]
        return [layer.glyph for layer in self._face.get_glyph_color_layers(glyph)] or [glyph]

    def _extents(self, glyph: int) -> tuple[int, int, int, int]:
        extents = self._font.get_glyph_extents(glyph)
        if extents is None:
            return 0, 0, 0, 0
        x, y = extents.x_bearing, -extents.y_bearing
        return x, y, x + extents.width, y - extents.height

    def _png(self, glyph: int) -> bytes | None:
        blob = self._font.get_glyph_color_png(glyph)
        data = getattr(blob, "data", blob)
        return bytes(data) if data else None

    def _bitmap(self, glyph: int, em_px: int) -> ColorPicture | None:
        data = self._png(glyph)
        if data is None:
            return None
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if decoded is None or decoded.ndim != 3:
            return None
        if decoded.shape[2] == 3:
            decoded = np.dstack([decoded, np.full(decoded.shape[:2], 255, np.uint8)])
        scale = em_px / self._face.upem
        x0, y0, x1, y1 = (value * scale for value in self._extents(glyph))
        left, top = round(x0), round(y0)
        size = max(1, round(x1) - left), max(1, round(y1) - top)
        rgba = _multiplied(cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGBA))  # type: ignore[arg-type]
        shrinks = size[0] < rgba.shape[1]
        resized = cv2.resize(rgba, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return ColorPicture(resized, left, top)  # type: ignore[arg-type]

    def _layered(self, glyph: int, em_px: int) -> ColorPicture | None:
        layers = self._face.get_glyph_color_layers(glyph)
        drawn = [(self._outline(layer.glyph, em_px), layer.color_index) for layer in layers]
        drawn = [(outline, index) for outline, index in drawn if outline.mask.size]
        if not drawn:
            return None
        palette = self._face.get_color_palette(0).colors
        left, top = min(outline.left for outline, _ in drawn), min(outline.top for outline, _ in drawn)
        right = max(outline.left + outline.mask.shape[1] for outline, _ in drawn)
        bottom = max(outline.top + outline.mask.shape[0] for outline, _ in drawn)
        canvas = np.zeros((bottom - top, right - left, 4), np.uint8)
        for outline, index in drawn:
            color = (0, 0, 0, 255)
            if index != _FOREGROUND:
                found = palette[index]
                color = (found.red, found.green, found.blue, found.alpha)
            y, x = outline.top - top, outline.left - left
            window = canvas[y : y + outline.mask.shape[0], x : x + outline.mask.shape[1]]
            alpha = outline.mask.astype(np.float32) * (color[3] / 255.0)
            source = np.dstack([alpha * (value / 255.0) for value in (*color[:3], 255)])
            window[:] = np.rint(source + window * (1.0 - alpha[:, :, None] / 255.0)).clip(0, 255).astype(np.uint8)
        return ColorPicture(canvas, left, top)


def has_color(face: hb.Face) -> bool:
    """Whether a face has coloured glyphs of a kind that is drawn."""
    return bool(face.has_color_png or face.has_color_layers)


def _multiplied(rgba: Image) -> Image:
    alpha = rgba[:, :, 3:].astype(np.uint16)
    color = (rgba[:, :, :3] * alpha + 127) // 255
    return np.dstack([color.astype(np.uint8), rgba[:, :, 3:]])
