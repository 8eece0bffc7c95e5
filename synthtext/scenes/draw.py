"""Drawing on a page: bring the lines of a block onto it, in the light of what they lie on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import cv2
import numpy as np

from synthtext.assets.backgrounds import Surface
from synthtext.assets.library import Assets
from synthtext.assets.schemes import TONE, Scheme
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.geometry import Floats, Image, Warp
from synthtext.rng import Streams
from synthtext.scenes.block import Block, SetLine
from synthtext.stages.blend import blend
from synthtext.stages.paint import paint
from synthtext.stages.raster import DrawnInstance, em_tier, project, project_stamps, raster
from synthtext.styling import Canvas as Spot
from synthtext.styling import Style, draw_style, lay_styled, prepare
from synthtext.values import Ink, TextInstance

_PAD_PX = 6


@dataclass(slots=True, eq=False)
class Canvas:
    """A page that is being drawn on.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        ink: (H, W) uint8, 255 where there is ink of any line.
        instances: drawn so far.
        notes: what was used, for the provenance: fonts, styles, sources.
    """

    image: Image
    ink: Image
    instances: list[TextInstance] = field(default_factory=list)
    notes: dict[str, list[Any]] = field(default_factory=lambda: {"fonts": [], "styles": [], "contrast": [], "em": []})


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    item: SetLine
    from_em: Warp
    window: tuple[int, int, int, int]
    em_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a block is painted.

    Attributes:
        scheme: where its colours come from.
        light: how much of the surface's light and grain shows in the ink, 0..1.
        whole: a small copy of the photograph it stands in.
    """

    scheme: Scheme = TONE
    light: float = 0.0
    whole: Image | None = None


def draw_block(
    canvas: Canvas, block: Block, to_page: Warp, streams: Streams, look: Look, config: Config, assets: Assets
) -> int:
    """Draw a block and return how many of its lines can be read.

    Args:
        to_page: from em of the block to pixels of the page.
        streams: the block's own; colours are drawn from them.
    """
    style = _style(streams, block, assets)
    placed = [one for item in block.lines if (one := _placed(canvas, item, to_page, style)) is not None]
    if not placed:
        return 0
    around = _around([one.window for one in placed])
    paints = streams.column("paint")
    paints.units(2)  # a crop's boldness
    try:
        if style is not None and len(placed) == 1:
            return _draw_styled(canvas, placed[0], style, look, partial(paint, paints, config.ink), config, assets)
        ground = Surface(_view(canvas.image, around), "page", look.whole)
        ink = paint(paints, config.ink, ground, round(placed[0].em_px), look.scheme)
    except Rejected:
        return 0
    drawn = 0
    for one in placed:
        # Numbers are drawn anew for every line, so that all of a block look alike.
        style = _style(streams, block, assets)
        try:
            if style is None:
                drawn += _draw(canvas, one, ink, look.light, assets)
            else:
                drawn += _draw_styled(canvas, one, style, look, lambda *_: ink, config, assets)
        except Rejected:
            continue
    if drawn and style is None:
        canvas.notes["styles"].extend(ink.styles())
        canvas.notes["contrast"].append(ink.contrast)
    return drawn


def _style(streams: Streams, block: Block, assets: Assets) -> Style | None:
    if any(glyph[0].color for item in block.lines for glyph in item.line.glyphs):
        return None  # what has colours of its own keeps them
    style = draw_style(streams, assets.lettering, assets.decoration)
    return style.on_page(len(block.lines)) if style is not None else None


def _placed(canvas: Canvas, item: SetLine, to_page: Warp, style: Style | None) -> _Placed | None:
    from_em = Warp(np.array([[1.0, 0.0, item.x], [0.0, 1.0, item.y], [0.0, 0.0, 1.0]])).then(to_page)
    x0, y0, x1, y1 = item.line.ink_xyxy if style is None else style.reach(item.line)
    corners = from_em.points(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))
    height, width = canvas.ink.shape
    left, top = np.floor(corners.min(axis=0) - _PAD_PX).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0) + _PAD_PX).astype(int).tolist()
    window = (max(0, left), max(0, top), min(width, right), min(height, bottom))
    if window[2] - window[0] < 4 or window[3] - window[1] < 4:
        return None
    return _Placed(item, from_em, window, _em_px(from_em, ((x0 + x1) / 2, (y0 + y1) / 2)))


def _em_px(from_em: Warp, at: tuple[float, float]) -> float:
    """Return how many pixels an em is across the line at a point, where it is largest of both directions."""
    points = from_em.points(np.array([at, (at[0] + 0.5, at[1]), (at[0], at[1] + 0.5)], np.float32))
    return 2.0 * max(math.dist(points[0], points[1]), math.dist(points[0], points[2]))


def _draw(canvas: Canvas, one: _Placed, ink: Ink, light: float, assets: Assets) -> int:
    left, top, right, bottom = one.window
    layer = raster(one.item.line, em_tier(one.em_px, one.item.stack.faces[0].pixel_em), assets.glyphs)
    to_window = one.from_em.then(_shift(-left, -top))
    mask, warp = project(layer, to_window, (right - left, bottom - top))
    view = _view(canvas.image, one.window)
    before = view.copy()
    blended = blend(before.copy(), mask, ink, project_stamps(layer, warp, mask.shape[::-1]))
    view[:] = _lit(before, blended, mask, light) if light > 0.02 else blended
    ink_view = canvas.ink[top:bottom, left:right]
    cv2.max(ink_view, mask, dst=ink_view)
    canvas.instances.append(DrawnInstance(layer, warp.then(_shift(left, top)), one.item.category))
    canvas.notes["fonts"].extend(one.item.fonts)
    canvas.notes["em"].append(one.em_px)
    return 1


def _draw_styled(
    canvas: Canvas,
    one: _Placed,
    style: Style,
    look: Look,
    paint_on: Callable[[Surface, int, Scheme], Ink],
    config: Config,
    assets: Assets,
) -> int:
    """Draw a line in a style; `paint_on` chooses its colours on what the ink lies on."""
    left, top, right, bottom = one.window
    layer = style.cut(
        raster(one.item.line, em_tier(one.em_px, one.item.stack.faces[0].pixel_em), assets.glyphs), one.em_px
    )
    mask, warp = project(layer, one.from_em.then(_shift(-left, -top)), (right - left, bottom - top))
    view = _view(canvas.image, one.window)
    before, work = view.copy(), view.copy()
    instance = DrawnInstance(layer, warp, one.item.category)
    ground = Surface(work, "page", look.whole)
    _, under, scheme, around = prepare(style, instance, ground, one.em_px, look.scheme)
    ink = paint_on(under, round(one.em_px), scheme)
    spot = Spot(work, mask, instance, one.em_px, around)
    laid = lay_styled(style, spot, ink, config.ink.floor, assets.backgrounds, None)
    view[:] = _lit(before, work, mask, look.light) if look.light > 0.02 else work
    ink_view = canvas.ink[top:bottom, left:right]
    cv2.max(ink_view, mask, dst=ink_view)
    on_page = DrawnInstance(layer, warp.then(_shift(left, top)), one.item.category)
    canvas.instances.append(on_page.grown(laid.reach_px) if laid.reach_px else on_page)
    canvas.notes["fonts"].extend(one.item.fonts)
    canvas.notes["em"].append(one.em_px)
    canvas.notes["styles"].extend((*laid.ink.styles(), *laid.names))
    canvas.notes["contrast"].append(laid.ink.contrast)
    return 1


def _lit(before: Image, blended: Image, mask: Image, light: float) -> Image:
    """Return the ink under the light that falls on its surface, with its grain: paint takes both."""
    gray = cv2.cvtColor(before, cv2.COLOR_RGB2GRAY)
    mean = max(24.0, float(cv2.mean(gray)[0]))
    gain = cv2.convertScaleAbs(gray, alpha=light * 128.0 / mean, beta=128.0 * (1.0 - light))
    # 128 leaves a pixel as it is: so it shall be wherever there is no ink.
    keep = cv2.bitwise_not(mask)
    factor = cv2.add(cv2.multiply(gain, mask, scale=1.0 / 255.0), cv2.convertScaleAbs(keep, alpha=128.0 / 255.0))
    return cv2.multiply(blended, cv2.cvtColor(factor, cv2.COLOR_GRAY2RGB), scale=1.0 / 128.0)  # type: ignore[return-value]


def _shift(x: float, y: float) -> Warp:
    return Warp(np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]]))


def _view(image: Image, window: tuple[int, int, int, int]) -> Image:
    left, top, right, bottom = window
    return image[top:bottom, left:right]


def _around(windows: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    columns = list(zip(*windows, strict=True))
    return min(columns[0]), min(columns[1]), max(columns[2]), max(columns[3])


def block_warp(block: Block, quad: Floats) -> Warp:
    """Return the warp from em of a block to the page, where the box round its ink becomes a quad."""
    width, height = block.size
    box = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return Warp.between(box, quad)
