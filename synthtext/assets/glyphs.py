"""Opened faces: HarfBuzz for shaping, FreeType for masks, and the cache of masks.

One `GlyphStore` a worker. Masks are cached for every (face, em size, glyph); when the cache has reached its
bound, further masks are rendered afresh each time, which costs time and never changes a byte.
"""

from __future__ import annotations

import ctypes
from array import array
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import cv2
import freetype as ft
import numpy as np
import uharfbuzz as hb

from synthtext.assets.arena import Arena
from synthtext.assets.colorglyphs import ColorGlyphs, ColorPicture, Outline
from synthtext.assets.font_file import FontFile
from synthtext.assets.packed import font_key, open_packed
from synthtext.geometry import Image
from synthtext.values import Font

# Less ink than this is none: nobody could see it.
_FAINT = 6
_MEASURE = ft.FT_LOAD_NO_SCALE | ft.FT_LOAD_NO_HINTING | ft.FT_LOAD_NO_BITMAP
_RENDER = ft.FT_LOAD_RENDER | ft.FT_LOAD_NO_HINTING | ft.FT_LOAD_NO_BITMAP
# What a cached mask costs beside its pixels: key, tuple and array objects.
_ENTRY_BYTES = 400
# Masks of the arena that a process keeps at hand: each costs a third of its pixels once more.
_AT_HAND = 24_000
_UNKNOWN = -32768
# Outlines that a face reads before it lets go of its file: each maps 64 kB around it, to be mapped again in 1 us.
_READ_PER_RELEASE = 32
# For each face; the first ones asked for are mostly the common ones.
_IDEOGRAPHS_KEPT = 2_000
_IDEOGRAPHS_MEASURED = 64
# Keys of masks: a face's own bits, and the others spread over all 64.
_GOLDEN, _MASK64 = 0x9E3779B97F4A7C15, (1 << 64) - 1
_NO_INK: Image = np.zeros((0, 0), np.uint8)


class GlyphMask(NamedTuple):
    """A glyph's coverage, (h, w) uint8, and where it lies: `left` and `top` pixels from the origin, y down."""

    mask: Image
    left: int
    top: int


class Face:
    """One opened face.

    Attributes:
        upem: font units an em.
        hb_font: for shaping; its positions are font units.
        ink_units: of each glyph four font units, as `ink` gives them in em; filled in when they are asked for.
        asked: for each glyph whether its mask was asked for before.
    """

    def __init__(self, font: Font) -> None:
        self.font = font
        blob = hb.Blob.from_file_path(font.path)
        face = hb.Face(blob, font.face_index)
        self.upem: int = face.upem
        self.hb_font = hb.Font(face)
        self._file = FontFile(font.path)
        self._read = 0
        self._ft = ft.Face(self._file, font.face_index)
        if font.axes:
            self.hb_font.set_variations(dict(font.axes))
            self._set_axes(dict(font.axes))
        self._slot = self._ft._FT_Face.contents.glyph.contents
        self._em_px = 0
        self._scale = 1.0 / face.upem
        # Font units, 16 bits each: a dictionary of tuples would take thirty times the memory.
        self.ink_units = array("h", [_UNKNOWN, 0, 0, 0]) * max(1, face.glyph_count)
        self._ideographs: dict[str, tuple[int, float, tuple[float, float, float, float]]] = {}
        self.asked = bytearray(max(1, face.glyph_count))
        self._colors = ColorGlyphs(face, self.hb_font, self._outlined) if font.color else None

    def ink(self, glyph: int) -> tuple[float, float, float, float]:
        """Return the ink box x0, y0, x1, y1 of a glyph in em, y down; all zero without ink."""
        at = 4 * glyph
        x0, y0, x1, y1 = self.ink_units[at : at + 4]
        if x0 == _UNKNOWN:
            x0, y0, x1, y1 = self._measure(glyph)
            self.ink_units[at : at + 4] = array("h", (x0, y0, x1, y1))
        scale = self._scale
        return x0 * scale, y0 * scale, x1 * scale, y1 * scale

    def ideograph(self, char: str) -> tuple[int, float, tuple[float, float, float, float]]:
        """Return (glyph, advance in em, ink) of an ideograph on a horizontal line, where it never depends on others.

        The ink box is the one that ideographs of this face share: they are drawn into a common square, and measuring
        each of seven thousand outlines would cost more than rendering those that are drawn.
        """
        known = self._ideographs.get(char)
        if known is None:
            glyph = self.hb_font.get_nominal_glyph(ord(char)) or 0
            known = glyph, self.hb_font.get_glyph_h_advance(glyph) * self._scale, self._square
            if len(self._ideographs) < _IDEOGRAPHS_KEPT:
                self._ideographs[char] = known
        return known

    @cached_property
    def _square(self) -> tuple[float, float, float, float]:
        """The box that nearly all ideographs of the face fill."""
        drawn = sorted(char for char in self.font.chars if "\u4e00" <= char <= "\u9fff")
        some = drawn[:: max(1, len(drawn) // _IDEOGRAPHS_MEASURED)]
        glyphs = [self.hb_font.get_nominal_glyph(ord(char)) or 0 for char in some]
        boxes = np.array([self.ink(glyph) for glyph in glyphs])
        low, high = np.percentile(boxes[:, :2], 8, axis=0), np.percentile(boxes[:, 2:], 92, axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def _measure(self, glyph: int) -> tuple[int, int, int, int]:
        if self._colors is not None:
            x0, y0, x1, y1 = self._colors.box(glyph)
            return _short(x0), _short(y0), _short(x1), _short(y1)
        # FreeType, not HarfBuzz: it will read the outline anyway, so only one of them maps those pages.
        self._load(glyph, _MEASURE)
        metrics = self._slot.metrics
        width, height = metrics.width, metrics.height
        if not width or not height:
            return 0, 0, 0, 0
        x0, y0 = metrics.horiBearingX, -metrics.horiBearingY
        return _short(x0), _short(y0), _short(x0 + width), _short(y0 + height)

    def render(self, glyph: int, em_px: int) -> GlyphMask:
        """Return a glyph's mask at an em of so many pixels, without hinting."""
        if self._colors is None:
            return self._rendered(glyph, em_px)
        picture = self._colors.picture(glyph, em_px)
        if picture is None:
            return GlyphMask(_NO_INK, 0, 0)
        return GlyphMask(np.ascontiguousarray(picture.rgba[:, :, 3]), picture.left, picture.top)

    def picture(self, glyph: int, em_px: int) -> ColorPicture | None:
        """Return a glyph in its own colours, None if it has none."""
        return self._colors.picture(glyph, em_px) if self._colors is not None else None

    def _outlined(self, glyph: int, em_px: int) -> Outline:
        return Outline(*self._rendered(glyph, em_px))

    def _rendered(self, glyph: int, em_px: int) -> GlyphMask:
        if em_px != self._em_px:
            self._ft.set_pixel_sizes(0, em_px)
            self._em_px = em_px
        self._load(glyph, _RENDER)
        slot = self._slot
        bitmap = slot.bitmap
        rows, pitch = bitmap.rows, bitmap.pitch
        if rows == 0 or bitmap.width == 0:
            return GlyphMask(_NO_INK, 0, 0)
        data = np.frombuffer(ctypes.string_at(bitmap.buffer, rows * pitch), np.uint8)
        return _tight(data.reshape(rows, pitch)[:, : bitmap.width], slot.bitmap_left, -slot.bitmap_top)

    def _load(self, glyph: int, flags: int) -> None:
        # The wrapper's own method builds three objects on the way, for every glyph.
        error = ft.FT_Load_Glyph(self._ft._FT_Face, glyph, flags)
        if error:
            raise ft.FT_Exception(error)
        self._read += 1
        if self._read % _READ_PER_RELEASE == 0:
            self._file.let_go()

    def _set_axes(self, axes: dict[str, float]) -> None:
        info = self._ft.get_variation_info()
        self._ft.set_var_design_coords([axes.get(axis.tag, axis.default) for axis in info.axes])


def _tight(mask: Image, left: int, top: int) -> GlyphMask:
    """Return a mask without empty rows and columns, which FreeType leaves where control points lie beyond the curve."""
    x, y, width, height = cv2.boundingRect((mask >= _FAINT).view(np.uint8))
    if not width or (width, height) == mask.shape[::-1]:
        return GlyphMask(mask, left, top)
    return GlyphMask(mask[y : y + height, x : x + width], left + x, top + y)


def _short(value: int) -> int:
    return min(32767, max(-32767, value))


class GlyphStore:
    """All opened faces of a worker with the cache of their masks.

    Args:
        fonts: every face of the run.
        arena: folder of memory shared between workers, or None for a cache of this process alone.
        use_cache: glyphs may be kept in the cache folder.
        limit_bytes: bound of the cache when there is neither.

    Attributes:
        packed: the cache, where the native module is there to keep it; else the masks lie in plain arrays.
    """

    def __init__(
        self,
        fonts: tuple[Font, ...],
        arena: Path | None = None,
        use_cache: bool = False,
        limit_bytes: int = 72 << 20,
    ) -> None:
        self._faces: dict[Font, Face] = {}
        self._keys = {font: font_key(font) for font in fonts}
        self._masks: dict[tuple[Font, int, bool], dict[int, GlyphMask]] = {}
        self.packed = open_packed(fonts, self._keys, arena, use_cache, limit_bytes)
        self._arena = Arena(arena) if arena is not None and self.packed is None else None
        self._at_hand = 0
        self._left = limit_bytes
        self._plenty = limit_bytes // 2

    def face(self, font: Font) -> Face:
        """Return an opened face; opened on first use."""
        face = self._faces.get(font)
        if face is None:
            face = self._faces[font] = Face(font)
        return face

    def known_masks(self, font: Font, em_px: int, sideways: bool = False) -> dict[int, GlyphMask]:
        """Return the cached masks of a face at a size, by glyph; ask `mask` for those that are not in it."""
        key = (font, em_px, sideways)
        masks = self._masks.get(key)
        if masks is None:
            masks = self._masks[key] = {}
        return masks

    def mask(self, font: Font, glyph: int, em_px: int, sideways: bool = False) -> GlyphMask:
        """Return a glyph's mask; `sideways` turns it by 90 degrees clockwise about its origin."""
        if self.packed is not None:
            found = self.packed.get(self._key(font, glyph, em_px, sideways))
            return GlyphMask(*found) if found is not None else self.fresh_mask(font, glyph, em_px, sideways)
        masks = self.known_masks(font, em_px, sideways)
        known = masks.get(glyph)
        if known is not None:
            return known
        key = self._key(font, glyph, em_px, sideways)
        shared = self._arena.get(key) if self._arena is not None else None
        if shared is not None:
            return self._hand(masks, glyph, GlyphMask(*shared))
        made = self._make(font, glyph, em_px, sideways)
        return self._keep(masks, key, glyph, made) if self._worth_keeping(font, glyph) else made

    def fresh_mask(self, font: Font, glyph: int, em_px: int, sideways: bool = False) -> GlyphMask:
        """Return a mask that `packed` does not hold, and let it hold it from now on if it has room."""
        made = self._make(font, glyph, em_px, sideways)
        if self.packed is not None and self._worth_keeping(font, glyph):
            self.packed.put(self._key(font, glyph, em_px, sideways), made.mask, made.left, made.top)
        return made

    def _key(self, font: Font, glyph: int, em_px: int, sideways: bool) -> int:
        return self._keys[font] ^ (glyph << 13 | em_px << 1 | sideways) * _GOLDEN & _MASK64

    def _worth_keeping(self, font: Font, glyph: int) -> bool:
        """Whether a mask is to be cached: at once while there is much room, else when it is asked for again.

        Most rare glyphs are drawn once in a long while and would only crowd out the others.
        """
        asked = self.face(font).asked
        before, asked[glyph] = asked[glyph], 1
        if self.packed is not None:
            roomy = not self.packed.crowded
        else:
            roomy = self._left > self._plenty if self._arena is None else not self._arena.crowded
        return bool(before) or roomy

    def _keep(self, masks: dict[int, GlyphMask], key: int, glyph: int, made: GlyphMask) -> GlyphMask:
        if self._arena is not None:
            shared = self._arena.put(key, made.mask, made.left, made.top)
            if shared is not None:
                made = self._hand(masks, glyph, GlyphMask(*shared))
        elif self._left > 0:
            self._left -= _ENTRY_BYTES + made.mask.nbytes
            masks[glyph] = made
        return made

    def _hand(self, masks: dict[int, GlyphMask], glyph: int, mask: GlyphMask) -> GlyphMask:
        if self._at_hand < _AT_HAND:
            self._at_hand += 1
            masks[glyph] = mask
        return mask

    def _make(self, font: Font, glyph: int, em_px: int, sideways: bool) -> GlyphMask:
        upright = self.face(font).render(glyph, em_px)
        if not sideways or not upright.mask.size:
            return upright
        height = upright.mask.shape[0]
        turned = cv2.rotate(upright.mask, cv2.ROTATE_90_CLOCKWISE)
        return GlyphMask(turned, -(upright.top + height), upright.left)  # type: ignore[arg-type]
