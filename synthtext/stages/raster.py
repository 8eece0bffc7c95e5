"""Raster: blit the cached glyph masks of a line into one mask, and say which pixels belong to which char."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.glyphs import GlyphMask, GlyphStore
from synthtext.curves import Bend, Turns
from synthtext.errors import Rejected
from synthtext.geometry import Floats, Image, Matrix, Transform, Warp
from synthtext.values import Font, TextInstance, TextLayer, TextLine

# Em sizes that masks are made for: few, so that the cache stays small and warm. On the way into the picture a mask is
# enlarged by at most _ENLARGE or shrunk by the rest of the step, which linear interpolation does without visible harm.
EM_TIERS = (10, 20, 40, 80, 160, 320)
_ENLARGE = 1.3
_PAD = 3
_NOWHERE = (math.nan, math.nan, math.nan, math.nan)
_OUTWARDS = np.array([-1, -1, 1, 1], np.float32)
# Letters that are turned are turned from masks so much larger than the tier.
_FINER = 1.5


def em_tier(needed_px: float, pixel_em: int = 0) -> int:
    """Return the em size, pixels, to make masks at for text that will be so many pixels an em.

    Args:
        pixel_em: a bitmap-like face's own size; the result is then a multiple of it.
    """
    if pixel_em:
        return pixel_em * max(1, min(8, -int(-needed_px * 0.9 // pixel_em)))
    for tier in EM_TIERS:
        if tier * _ENLARGE >= needed_px:
            return tier
    return EM_TIERS[-1]


def raster(line: TextLine, em_px: int, store: GlyphStore) -> TextLayer:
    """Return the line's mask at `em_px` pixels an em (more when its letters are turned), with the ink of every char.

    Raises:
        Rejected: a char has no ink at this size.
    """
    if line.bend is not None and line.bend.turns is not None:
        return _turned(line, line.bend, line.bend.turns, em_px, store)
    if store.packed is not None:
        canvas, spots, left, top, pictured, inked = store.packed.raster(line.glyphs, em_px, store.fresh_mask)
        if inked != len(line.chars):  # there may be glyphs that stand for several
            _check_inked(line, spots)
    else:
        canvas, spots, left, top, pictured = _blitted(line, em_px, store)
    layer = TextLayer(line, canvas, spots, (-left, -top), em_px)
    return _stamped(layer, store) if pictured else layer


def _blitted(
    line: TextLine, em_px: int, store: GlyphStore
) -> tuple[Image, list[tuple[int, int, int, int, int]], int, int, bool]:
    """Return the line's mask, the spots of its glyphs, its left and top edge, and whether a face has own colours."""
    spots: list[tuple[int, int, int, int, int]] = []
    masks: list[Image] = []
    left = top = 1 << 30
    right = bottom = -(1 << 30)
    last: tuple[Font, bool] | None = None
    known: dict[int, GlyphMask] = {}
    pictured = False
    for font, glyph, char, x, y, sideways in line.glyphs:
        if last is None or last[0] is not font or last[1] is not sideways:
            last = (font, sideways)
            known = store.known_masks(font, em_px, sideways)
            pictured = pictured or font.color
        mask, x0, y0 = known.get(glyph) or store.mask(font, glyph, em_px, sideways)
        height, width = mask.shape
        if not width:
            continue
        x0 += round(x * em_px)
        y0 += round(y * em_px)
        x1, y1 = x0 + width, y0 + height
        masks.append(mask)
        spots.append((char, x0, y0, x1, y1))
        if x0 < left:
            left = x0
        if y0 < top:
            top = y0
        if x1 > right:
            right = x1
        if y1 > bottom:
            bottom = y1
    _check_inked(line, spots)
    left -= _PAD
    top -= _PAD
    canvas = np.zeros((bottom - top + _PAD, right - left + _PAD), np.uint8)
    for mask, (_, x0, y0, x1, y1) in zip(masks, spots, strict=True):
        window = canvas[y0 - top : y1 - top, x0 - left : x1 - left]
        cv2.max(window, mask, window)
    return canvas, spots, left, top, pictured


def _stamped(layer: TextLayer, store: GlyphStore) -> TextLayer:
    """Return the layer with the glyphs that have colours of their own."""
    stamps = np.zeros((*layer.mask.shape, 4), np.uint8)
    for font, glyph, _, x, y, _ in layer.line.glyphs:
        picture = store.face(font).picture(glyph, layer.em_px) if font.color else None
        if picture is None:
            continue
        left = round(x * layer.em_px) + picture.left + layer.origin[0]
        top = round(y * layer.em_px) + picture.top + layer.origin[1]
        height, width = picture.rgba.shape[:2]
        window = stamps[top : top + height, left : left + width]
        np.maximum(window, picture.rgba, out=window)
    return replace(layer, stamps=stamps)


def project_stamps(layer: TextLayer, warp: Transform, size_wh: tuple[int, int]) -> Image | None:
    """Return the layer's own colours in the picture, (H, W, 4) uint8; None if it has none.

    Args:
        warp: that `project` gave back.
    """
    return None if layer.stamps is None else warp.image(layer.stamps, size_wh)


def _check_inked(line: TextLine, spots: Sequence[tuple[int, float, float, float, float]]) -> None:
    inked = {spot[0] for spot in spots}
    inked.update(first + part for first, parts in line.ligatures if first in inked for part in range(abs(parts)))
    if len(inked) != len(line.chars):
        raise Rejected("a character has no ink")


def _turned(line: TextLine, bend: Bend, turns: Matrix, em_px: int, store: GlyphStore) -> TextLayer:
    """Return the line's mask with each char moved by a matrix of its own, from masks larger than what is needed."""
    source_px = em_tier(_FINER * em_px, line.glyphs[0][0].pixel_em)
    layer_px = round(_ENLARGE * em_px)
    ratio = layer_px / source_px
    spots: list[tuple[int, float, float, float, float]] = []
    masks: list[Image] = []
    for font, glyph, char, x, y, sideways in line.glyphs:
        mask, x0, y0 = store.mask(font, glyph, source_px, sideways)
        height, width = mask.shape
        if width:
            left, top = x * layer_px + x0 * ratio, y * layer_px + y0 * ratio
            masks.append(mask)
            spots.append((char, left, top, left + width * ratio, top + height * ratio))
    _check_inked(line, spots)
    straight = np.array(spots)
    own = turns[straight[:, 0].astype(np.intp), :2]
    # From the glyph's own pixels onto the straight line, then round with its char.
    moves = np.empty_like(own)
    moves[:, :, :2] = own[:, :, :2] * ratio
    moves[:, :, 2] = np.einsum("nab,nb->na", own[:, :, :2], straight[:, 1:3]) + own[:, :, 2] * layer_px
    spans = moves[:, :, :2] * ((straight[:, 3:] - straight[:, 1:3]) / ratio)[:, None, :]
    lows = np.floor(moves[:, :, 2] + np.minimum(spans, 0.0).sum(axis=2)).astype(int) - 1
    highs = np.ceil(moves[:, :, 2] + np.maximum(spans, 0.0).sum(axis=2)).astype(int) + 1
    left, top = (lows.min(axis=0) - _PAD).tolist()
    right, bottom = (highs.max(axis=0) + _PAD).tolist()
    canvas = np.zeros((bottom - top, right - left), np.uint8)
    # OpenCV samples at pixel centres, which lie half a pixel inside the edge convention.
    moves[:, :, 2] += 0.5 * moves[:, :, :2].sum(axis=2) - lows - 0.5
    for mask, move, (x0, y0), (x1, y1) in zip(masks, moves, lows.tolist(), highs.tolist(), strict=True):
        window = canvas[y0 - top : y1 - top, x0 - left : x1 - left]
        cv2.max(window, cv2.warpAffine(mask, move, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR), window)
    to_layer = Warp(np.array([[layer_px, 0.0, -left], [0.0, layer_px, -top], [0.0, 0.0, 1.0]], np.float64))
    chars = to_layer.matrix @ turns @ to_layer.inverse().matrix
    done = Turns(chars, to_layer.inverse().then(bend.shape).then(to_layer))
    return TextLayer(line, canvas, spots, (-left, -top), layer_px, turns=done)


def project(layer: TextLayer, from_em: Transform, size_wh: tuple[int, int]) -> tuple[Image, Transform]:
    """Return the layer's ink in the picture, (H, W) uint8, and the transform from its pixels to the picture's.

    Args:
        from_em: from em units of the line to pixels of the picture. Without tilt the ink is scaled to whole
            pixels, three times as fast as a warp, and the warp returned says what was really done.
    """
    shrink = 1.0 / layer.em_px
    m = from_em.matrix if isinstance(from_em, Warp) else None
    if m is not None and not (m[0, 1] or m[1, 0] or m[2, 0] or m[2, 1]):
        return _scaled(layer, m[0, 0] * shrink, m[1, 1] * shrink, (m[0, 2], m[1, 2]), size_wh)
    to_em = np.array(
        [[shrink, 0.0, -shrink * layer.origin[0]], [0.0, shrink, -shrink * layer.origin[1]], [0.0, 0.0, 1.0]]
    )
    warp = Warp(to_em).then(from_em)
    return warp.image(layer.mask, size_wh), warp


def _scaled(
    layer: TextLayer, x_scale: float, y_scale: float, shift: tuple[float, float], size_wh: tuple[int, int]
) -> tuple[Image, Warp]:
    height, width = layer.mask.shape
    scaled_wh = (max(1, round(width * x_scale)), max(1, round(height * y_scale)))
    left = round(shift[0] - layer.origin[0] * x_scale)
    top = round(shift[1] - layer.origin[1] * y_scale)
    canvas = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(size_wh[0], left + scaled_wh[0]), min(size_wh[1], top + scaled_wh[1])
    if (x1 - x0, y1 - y0) == scaled_wh:
        cv2.resize(layer.mask, scaled_wh, dst=canvas[y0:y1, x0:x1], interpolation=cv2.INTER_LINEAR)
    elif x1 > x0 and y1 > y0:
        ink = cv2.resize(layer.mask, scaled_wh, interpolation=cv2.INTER_LINEAR)
        canvas[y0:y1, x0:x1] = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    matrix = np.array([[scaled_wh[0] / width, 0.0, left], [0.0, scaled_wh[1] / height, top], [0.0, 0.0, 1.0]])
    return canvas, Warp(matrix)


class DrawnInstance(TextInstance):
    """An instance whose boxes are worked out of its layer when first asked for; recognition runs never ask."""

    def __init__(self, layer: TextLayer, warp: Transform, category: str = "printed") -> None:
        line = layer.line
        values: dict[str, Any] = {
            "text": line.text,
            "chars": line.chars,
            "words": line.words,
            "warp": warp,
            "direction": line.direction,
            "category": category,
            "ignore": None,
            "turns": layer.turns,
            "_layer": layer,
        }
        self.__dict__.update(values)

    @property
    def layer(self) -> TextLayer:
        """The ink before it was placed."""
        layer: TextLayer = self.__dict__["_layer"]
        return layer

    def grown(self, reach_px: int) -> DrawnInstance:
        """Return the same line with ink that reaches so many pixels of the picture further on every side."""
        made = DrawnInstance(self.layer, self.warp, self.category)
        made.__dict__["_reach_px"] = self.__dict__.get("_reach_px", 0) + reach_px
        return made

    @cached_property
    def ink_boxes(self) -> Floats:
        """(N, 4) float32 in layer pixels."""
        return _ink_boxes(self._grown_layer())

    @cached_property
    def cell_boxes(self) -> Floats:
        """(N, 4) float32 in layer pixels."""
        return _cell_boxes(self._grown_layer())

    def _ink_xyxy(self, members: slice | NDArray[np.bool_]) -> Sequence[float]:
        if isinstance(members, slice) and "ink_boxes" not in self.__dict__:
            return _whole_box(self._grown_layer())
        return super()._ink_xyxy(members)

    def _grown_layer(self) -> TextLayer:
        layer, warp = self.layer, self.warp
        reach_px: int = self.__dict__.get("_reach_px", 0)
        if not reach_px:
            return layer
        height, width = layer.mask.shape
        x, y = width / 2, height / 2
        here, right, below = warp.points(np.array([[x, y], [x + 1, y], [x, y + 1]], np.float32))
        scale = float(min(np.hypot(*(right - here)), np.hypot(*(below - here))))
        return replace(layer, grown_px=layer.grown_px + reach_px / scale)


def _whole_box(layer: TextLayer) -> Sequence[float]:
    """Return the box round the ink of all chars, as `_ink_boxes` would have it, without their own ones."""
    _, x0s, y0s, x1s, y1s = zip(*layer.spots, strict=True)
    left, top = layer.origin
    if not layer.grown_px:
        return min(x0s) + left, min(y0s) + top, max(x1s) + left, max(y1s) + top
    box = np.array([min(x0s), min(y0s), max(x1s), max(y1s)], np.float32) + _OUTWARDS * layer.grown_px
    return (box + np.array(layer.origin * 2, np.float32)).tolist()  # type: ignore[no-any-return]


def _ink_boxes(layer: TextLayer) -> Floats:
    """Return (N, 4) float32 boxes tight round each char's ink, in the layer's pixels."""
    found: list[tuple[float, float, float, float] | None] = [None] * len(layer.line.chars)
    for char, x0, y0, x1, y1 in layer.spots:
        known = found[char]
        found[char] = (
            (x0, y0, x1, y1)
            if known is None
            else (min(known[0], x0), min(known[1], y0), max(known[2], x1), max(known[3], y1))
        )
    boxes = np.array([box or _NOWHERE for box in found], np.float32)
    along = 1 if layer.line.direction == "ttb" else 0
    for first, parts in layer.line.ligatures:
        whole = boxes[first].copy()
        edges = np.linspace(whole[along], whole[along + 2], abs(parts) + 1)
        order = slice(None, None, 1 if parts > 0 else -1)
        members = slice(first, first + abs(parts))
        boxes[members] = whole
        boxes[members, along] = edges[:-1][order]
        boxes[members, along + 2] = edges[1:][order]
    boxes += _OUTWARDS * layer.grown_px
    return boxes + np.array(layer.origin * 2, np.float32)


def _cell_boxes(layer: TextLayer) -> Floats:
    """Return (N, 4) float32 boxes: along the line each char's advance (at least its ink), across it its word's ink."""
    boxes = _ink_boxes(layer)
    line, em = layer.line, layer.em_px
    axis = 1 if line.direction == "ttb" else 0
    across = 1 - axis
    starts = np.array(line.starts, np.float32) * em + layer.origin[axis]
    ends = np.array(line.ends, np.float32) * em + layer.origin[axis]
    cells = np.empty_like(boxes)
    cells[:, axis] = np.minimum(starts, boxes[:, axis])
    cells[:, axis + 2] = np.maximum(ends, boxes[:, axis + 2])
    words = np.array(line.words)
    for word in range(int(words[-1]) + 1):
        members = words == word
        cells[members, across] = boxes[members, across].min()
        cells[members, across + 2] = boxes[members, across + 2].max()
    return cells
