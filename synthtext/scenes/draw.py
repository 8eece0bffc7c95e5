"""Drawing on a page: bring the lines of a block onto it, in the light of what they lie on."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
from cv2.typing import MatLike

from synthtext.assets.backgrounds import Surface
from synthtext.assets.library import Assets
from synthtext.assets.schemes import TONE, Scheme
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.geometry import Floats, Image, Transform, Warp
from synthtext.lettering.screens import dot_cells
from synthtext.native import native
from synthtext.outlines import rounded
from synthtext.rng import Draws, Streams
from synthtext.scenes.block import Block, SetLine
from synthtext.scenes.tone import Tone
from synthtext.stages.blend import blend
from synthtext.stages.paint import paint
from synthtext.stages.raster import DrawnInstance, em_tier, project, project_stamps, raster
from synthtext.styling import Canvas as Spot
from synthtext.styling import Style, draw_style, lay_styled, prepare
from synthtext.values import Ink, TextInstance

_PAD_PX = 6
_LEAST_LIGHT = 0.02
_GRAIN_PX = 7
# Ink has a soft edge of its own, and more than this part of an em nobody could read through.
_OWN_SOFT_PX, _LEAST_SOFT_PX, _MOST_SOFT_EM = 0.5, 0.35, 0.045
_LAMP, _LIT_FROM, _LEAST_LAMPS_PX = 0.9, 0.4, 36.0

_GRAYS = np.arange(256, dtype=np.uint8)[None]
KEEPS = cv2.convertScaleAbs(cv2.bitwise_not(_GRAYS), alpha=128.0 / 255.0)
"""(1, 256) uint8: how much of 128, a light that leaves a pixel as it is, each value of a mask leaves."""


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
    from_em: Transform
    window: tuple[int, int, int, int]
    em_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a block is painted.

    Attributes:
        scheme: where its colours come from.
        light: how much of the surface's light and grain shows in the ink, 0..1.
        whole: a small copy of the photograph it stands in.
        tone: how that photograph shows colours; None for what was laid over it later.
        soft_px: how blurred its sharpest edges are.
        lamps: rows of lamps to an em; 0 for ink.
        grain: how much of the surface's roughness shows in the ink, 0..1.
    """

    scheme: Scheme = TONE
    light: float = 0.0
    whole: Image | None = None
    tone: Tone | None = None
    soft_px: float = 0.0
    lamps: float = 0.0
    grain: float = 0.0


def draw_block(
    canvas: Canvas, block: Block, to_page: Transform, streams: Streams, look: Look, config: Config, assets: Assets
) -> int:
    """Draw a block and return how many of its lines can be read.

    Args:
        to_page: from em of the block to pixels of the page.
        streams: the block's own; colours are drawn from them.
    """
    style = None if look.lamps else _style(canvas, streams, block, assets)
    placed = [one for item in block.lines if (one := _placed(canvas, item, to_page, style)) is not None]
    if not placed:
        return 0
    around = _around([one.window for one in placed])
    paints = streams.column("paint")
    paints.units(2)  # a crop's boldness
    if style is not None and len(placed) == 1:
        with suppress(Rejected):
            return _draw_styled(canvas, placed[0], style, look, partial(_inked, paints, config, look), config, assets)
        style = None  # plain ink can be read where this style cannot
    ground = Surface(_view(canvas.image, around), "page", look.whole)
    try:
        ink = _inked(paints, config, look, ground, round(placed[0].em_px), look.scheme)
    except Rejected:
        return 0
    drawn = plain = 0
    for one in placed:
        # Numbers are drawn anew for every line, so that all of a block look alike.
        styled = _style(canvas, streams, block, assets) if style is not None else None
        with suppress(Rejected):
            if styled is not None:
                drawn += _draw_styled(canvas, one, styled, look, lambda *_: ink, config, assets)
                continue
        with suppress(Rejected):
            plain += _draw(canvas, one, ink, look, assets)
    if plain:
        canvas.notes["styles"].extend(ink.styles())
        canvas.notes["contrast"].append(ink.contrast)
    return drawn + plain


def _inked(paints: Draws, config: Config, look: Look, ground: Surface, em_px: int, scheme: Scheme) -> Ink:
    """Return the colours of a block as the picture's camera shows them, where they can be read then."""
    ink = paint(paints, config.ink, ground, em_px, scheme)
    if look.tone is None or ink.contrast * look.tone.span < config.ink.floor:
        return ink
    stroke = None if ink.stroke is None else look.tone.color(ink.stroke)
    fill, contrast = look.tone.color(ink.fill), ink.contrast * look.tone.span
    return Ink(fill, ink.opacity, stroke, ink.stroke_px, ink.shadow, contrast, ink.origin)


def _style(canvas: Canvas, streams: Streams, block: Block, assets: Assets) -> Style | None:
    if any(glyph[0].color for item in block.lines for glyph in item.line.glyphs):
        return None  # what has colours of its own keeps them
    if any(item.line.bend is not None for item in block.lines):
        return None
    style = draw_style(streams, assets.lettering, assets.decoration)
    return style.on_page(len(block.lines), "seal" in canvas.notes["styles"]) if style is not None else None


def _placed(canvas: Canvas, item: SetLine, to_page: Transform, style: Style | None) -> _Placed | None:
    own = Warp.placing(item.scale, item.x, item.y)
    from_em: Transform = own.then(to_page)
    x0, y0, x1, y1 = box = item.ink_xyxy if style is None else style.reach(item.line)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    if isinstance(from_em, Warp):
        corners = from_em.box(box)
        here, right_of, _, below = from_em.box((x, y, x + 0.5, y + 0.5))
    else:  # all points at once: what undoes folds costs as much for three as for thirty
        around = rounded(np.array([[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], np.float32))[0]
        middle = np.array([[x, y], [x + 0.5, y], [x, y + 0.5]])
        *corners, here, right_of, below = from_em.points(np.concatenate([around, middle]).astype(np.float32)).tolist()
    em_px = 2.0 * max(math.dist(here, right_of), math.dist(here, below))  # the larger of both directions
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    height, width = canvas.ink.shape
    left, top = max(0, math.floor(min(xs)) - _PAD_PX), max(0, math.floor(min(ys)) - _PAD_PX)
    right, bottom = min(width, math.ceil(max(xs)) + _PAD_PX), min(height, math.ceil(max(ys)) + _PAD_PX)
    if right - left < 4 or bottom - top < 4:
        return None
    return _Placed(item, from_em, (left, top, right, bottom), em_px)


def _draw(canvas: Canvas, one: _Placed, ink: Ink, look: Look, assets: Assets) -> int:
    left, top, right, bottom = one.window
    layer = raster(one.item.line, em_tier(one.em_px, one.item.stack.faces[0].pixel_em), assets.glyphs)
    if look.lamps and one.em_px >= _LEAST_LAMPS_PX:  # lamps of smaller letters run together, seen from afar
        mask = dot_cells(layer.mask, layer.em_px, one.em_px, look.lamps, _LAMP, _LIT_FROM)
        layer = replace(layer, mask=mask, grown_px=0.5 * layer.em_px / look.lamps)
    to_window = one.from_em.then(Warp.shift(-left, -top))
    mask, warp = project(layer, to_window, (right - left, bottom - top))
    mask = _softened(mask, look.soft_px, one.em_px)
    view = _view(canvas.image, one.window)
    before = view.copy() if look.light > _LEAST_LIGHT else None
    blend(view, mask, ink, project_stamps(layer, warp, mask.shape[::-1]))
    if before is not None:
        _light(view, before, mask, look)
    ink_view = canvas.ink[top:bottom, left:right]
    cv2.max(ink_view, mask, dst=ink_view)
    instance = DrawnInstance(layer, warp.then(Warp.shift(left, top)), one.item.category)
    canvas.instances.append(instance.grown(ink.reach_px) if ink.reach_px else instance)
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
    mask, warp = project(layer, one.from_em.then(Warp.shift(-left, -top)), (right - left, bottom - top))
    mask = _softened(mask, look.soft_px, one.em_px)
    view = _view(canvas.image, one.window)
    before, work = view.copy(), view.copy()
    instance = DrawnInstance(layer, warp, one.item.category)
    ground = Surface(work, "page", look.whole)
    _, under, scheme, around = prepare(style, instance, ground, one.em_px, look.scheme)
    ink = paint_on(under, round(one.em_px), scheme)
    spot = Spot(work, mask, instance, one.em_px, around)
    laid = lay_styled(style, spot, ink, config.ink.floor, assets.backgrounds, None)
    if look.tone is not None:  # glows and gradients bring colours of their own
        look.tone.take_colors(work)
    if look.light > _LEAST_LIGHT:
        _light(work, before, mask, look)
    view[:] = work
    ink_view = canvas.ink[top:bottom, left:right]
    cv2.max(ink_view, mask, dst=ink_view)
    on_page = DrawnInstance(layer, warp.then(Warp.shift(left, top)), one.item.category)
    canvas.instances.append(on_page.grown(laid.reach_px) if laid.reach_px else on_page)
    canvas.notes["fonts"].extend(one.item.fonts)
    canvas.notes["em"].append(one.em_px)
    canvas.notes["styles"].extend((*laid.ink.styles(), *laid.names))
    canvas.notes["contrast"].append(laid.ink.contrast)
    return 1


def _softened(mask: Image, soft_px: float, em_px: float) -> Image:
    """Return the ink as blurred as the picture it lies in; small text only so far that it can still be read."""
    sigma = min(math.sqrt(max(0.0, soft_px * soft_px - _OWN_SOFT_PX**2)), _MOST_SOFT_EM * em_px)
    if sigma < _LEAST_SOFT_PX:
        return mask
    side = 2 * math.ceil(2.2 * sigma) + 1
    return cv2.GaussianBlur(mask, (side, side), sigma)  # type: ignore[return-value]


def _light(view: Image, before: Image, mask: Image, look: Look) -> None:
    """Put the ink under the light that falls on its surface, with its grain: paint takes both.

    The gradients of the surface go on in the ink, as when gradients are mixed (Pérez et al., Poisson Image Editing,
    SIGGRAPH 2003, section 3). There is no equation to solve: light is a factor, so it adds to the logarithm.
    """
    _, top, _, height = cv2.boundingRect(mask)
    if not height:
        return
    rows = slice(top, top + height)
    gray, mask = cv2.cvtColor(before[rows], cv2.COLOR_RGB2GRAY), mask[rows]
    light, mean = look.light, max(24.0, cv2.mean(gray)[0])
    gains = cv2.convertScaleAbs(_GRAYS, alpha=light * 128.0 / mean, beta=128.0 * (1.0 - light))
    ink = view[rows]
    if native is None or not native.light(ink, gray, mask, gains, KEEPS):
        plain_light(ink, gray, mask, gains)
    if look.grain:  # a factor does nothing to black: there bumps show because they catch the light
        bumps = cv2.subtract(gray, cv2.blur(gray, (_GRAIN_PX, _GRAIN_PX)))
        bumps = cv2.multiply(bumps, mask, scale=look.grain / 255.0)
        cv2.add(ink, cv2.cvtColor(bumps, cv2.COLOR_GRAY2RGB), dst=ink)


def plain_light(ink: Image, gray: MatLike, mask: Image, gains: MatLike) -> None:
    """Put ink under the light of its surface, with OpenCV: what the native module does in one go.

    Args:
        ink: (h, w, 3) uint8 RGB, changed in place where there is ink.
        gray: (h, w) uint8 the surface.
        mask: (h, w) uint8, 255 where there is ink.
        gains: (1, 256) uint8 how much light each gray means, 128 for as it is.
    """
    # 128 leaves a pixel as it is: so it shall be wherever there is no ink.
    factor = cv2.add(cv2.multiply(cv2.LUT(gray, gains), mask, scale=1.0 / 255.0), cv2.LUT(mask, KEEPS))
    cv2.multiply(ink, cv2.cvtColor(factor, cv2.COLOR_GRAY2RGB), dst=ink, scale=1.0 / 128.0)


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
