"""The layout `scene`: text on walls, signs, boards, stickers and cloth, where a person would put it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthtext.assets.regions import Region
from synthtext.assets.schemes import TONE
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.geometry import Corners, Floats, Transform
from synthtext.rng import Draws
from synthtext.scenes import carriers, poster
from synthtext.scenes.block import Block, Wish, compose, deep
from synthtext.scenes.designs import OVERLAID, Design, Designs
from synthtext.scenes.draw import block_warp, draw_block
from synthtext.scenes.fit import Place, Sheet, fit, is_sound
from synthtext.scenes.ground import Ground
from synthtext.scenes.overlay import Overlay
from synthtext.scenes.page import Page
from synthtext.spec import Range, Weighted

_MOST_MISSES = 45
_SPOTS_TRIED = 3
_AS_WIDE, _LEAST_ROOM = 3.0, 1.2
_SIZES_TRIED = 7
_CHAR_EM = 1.02
_LEAST_OF_PLANNED = 0.55
_BENT_ON = frozenset({"none", "caption", "sign", "board", "sticker", "plate"})
# Things of one design hang in rows, so far apart as shares of their height; their sizes differ by this much.
_IN_A_ROW, _ROW_GAP, _SIZES = 0.6, (0.2, 1.2), 0.12
# Notices have a heading over smaller lines.
_HEADING, _BODY, _RIM = (1.35, 2.3), 0.7, 0.15
_PAINT = 44.0
_OVER_SQUARES = 0.5


def lay_out(page: Page) -> None:
    """Put blocks onto the page until it has as many lines as were aimed at, or no room."""
    aim = max(1, round(page.spec.lines.draw(page.draws)))
    ground = page.ground
    # Over a square few things hang; pictures of it are written over, as views are.
    if ground.distant or (ground.wide and not ground.composed and page.draws.chance(_OVER_SQUARES)):
        poster.lay_out(page, aim)
    else:
        scatter(page, aim)


def scatter(page: Page, aim: int) -> None:
    """Put about so many lines where there is room for them."""
    ground, draws = page.ground, page.draws
    designs, overlay = Designs(page), Overlay(page)
    walls = _walls(ground)
    drawn = misses = 0
    while drawn < aim and misses < _MOST_MISSES:
        design = designs.draw(draws)
        count = 0
        if design.kind == "caption" or walls is None:
            if not overlay.full:
                count = overlay.lay(designs.caption(), designs.form(design, draws), aim - drawn)
        else:
            region = walls.draw(draws)
            site = _beside(draws, ground, design) or _site(draws, ground, region, design)
            form = designs.form(design, draws)
            planned = _plan(draws, page, site, form, aim - drawn) if site is not None else None
            count = _set(page, site, planned) if site is not None and planned is not None else 0
        drawn += count
        misses += not count


def _walls(ground: Ground) -> Weighted[Region] | None:
    """Return the regions with how much people like to use them: nothing hangs in the air, or on the ground."""
    appeals = {
        region: math.sqrt(region.share) * (0.15 + region.calm)
        for region in ground.regions
        if not region.sky and not ground.is_floor(region)
    }
    return Weighted(appeals) if appeals else None


@dataclass(frozen=True, slots=True, eq=False)
class _Site:
    """A free place for a thing of a design."""

    design: Design
    place: Place

    @property
    def kind(self) -> str:
        """Of carrier."""
        return self.design.kind


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is to stand there, how large, and where its sheet's centre lies."""

    wish: Wish
    size_px: tuple[float, float]
    em_px: float
    margin: tuple[float, float]
    slope: float
    centre: tuple[float, float]


def _beside(draws: Draws, ground: Ground, design: Design) -> _Site | None:
    """Return the place beside or below the thing of this design that was hung last, for most of them."""
    if design.last is None or not draws.chance(_IN_A_ROW):
        return None
    number, (x, y), (wide, high) = design.last
    gap = draws.between(*_ROW_GAP) * min(wide, high)
    x, y = draws.choice(((x + wide + gap, y), (x - wide - gap, y), (x, y + high + gap), (x, y - high - gap)))
    width, height = ground.size_wh
    if not (0 <= x < width and 0 <= y < height and ground.free((x, y))):
        return None
    region = next((region for region in ground.regions if region.number == number), None)
    if region is None or ground.number((x, y)) != number:
        return None
    return _Site(design, Place(region, (x, y), ground.room(region, (x, y))))


def _site(draws: Draws, ground: Ground, region: Region, design: Design) -> _Site | None:
    """Return the roomiest of a few places."""
    best: tuple[float, tuple[float, float], tuple[float, float, float, float]] | None = None
    for _ in range(_SPOTS_TRIED):
        at = ground.spot(region, draws)
        if at is not None:
            x0, y0, x1, y1 = room = ground.room(region, at)
            size = min(x1 - x0, _AS_WIDE * (y1 - y0))
            if best is None or size > best[0]:
                best = size, at, room
    return None if best is None else _Site(design, Place(region, best[1], best[2]))


def _plan(draws: Draws, page: Page, site: _Site, form: str, left: int) -> _Plan | None:
    """Return what fits into a site, or None if nothing does."""
    spec, low = page.spec, page.spec.em_px.low
    if min(site.place.size) < _LEAST_ROOM * low:
        return None
    notice, column = form == "notice", form == "column"
    em_px = max(low, site.design.em_px * (1.0 + draws.signed(_SIZES)) * (_BODY if notice else 1.0))
    slope = site.design.slope
    edge = site.kind in OVERLAID and draws.chance(spec.edge_chance)
    leading = spec.leading_em.draw(draws)
    lengths, scales = _lines(draws, page, site, form, left, leading)
    align = (0.0, 0.5, 0.0, 1.0)[int(4 * draws.unit())] if form == "lines" else 0.5
    if notice and draws.chance(0.5):
        align = 0.0
    bends = len(lengths) == 1 and not edge and site.kind in _BENT_ON
    along, wide, high, margin = _extent(site, lengths, scales, leading, column)
    tries = _SIZES_TRIED
    while tries > 0:
        sheet = Sheet((wide, high), slope, em_px, low, edge)
        em_px, tries, centre = fit(page.ground, site.place, sheet, tries)
        if centre is not None:
            whole = [max(1, round(length)) for length in lengths]
            wish = Wish(whole, None, "ttb" if column else "ltr", leading, align, along, bends=bends, scales=scales)
            return _Plan(wish, (wide * em_px, high * em_px), em_px, margin, slope, centre)
        # As small as it may be: fewer lines, then shorter ones.
        if len(lengths) > 1:
            lengths = lengths[: (len(lengths) + 1) // 2]
            scales = scales[: len(lengths)]
        elif lengths[0] >= 4.0:
            lengths, scales = [lengths[0] / 2.0], [1.0]
        else:
            break
        along, wide, high, margin = _extent(site, lengths, scales, leading, column)
    return None


def _extent(
    site: _Site, lengths: list[float], scales: list[float], leading: float, column: bool
) -> tuple[float, float, float, tuple[float, float]]:
    """Return how long the longest line is, how wide and high the sheet, and how wide its margins, all in em."""
    along = max(length * scale for length, scale in zip(lengths, scales, strict=True)) * _CHAR_EM
    across = deep(scales, leading)
    wide, high = (across, along) if column else (along, across)
    margin = site.design.margin
    if site.kind not in OVERLAID:  # the rim of a large board is wide
        margin = max(margin[0], _RIM * min(wide, high)), max(margin[1], _RIM * min(wide, high))
    return along, wide + 2 * margin[0], high + 2 * margin[1], margin


def _lines(
    draws: Draws, page: Page, site: _Site, form: str, left: int, leading: float
) -> tuple[list[float], list[float]]:
    """Return how long the lines are, in characters, and how large, as many as there may be room for."""
    low, (across, down) = page.spec.em_px.low, site.design.margin
    wide, high = max(1.0, site.place.size[0] / low - 2 * across), max(1.0, site.place.size[1] / low - 2 * down)
    if form == "column":
        wide, high = high, wide
    count = 1
    if form in ("lines", "notice") and left > 1:
        count = min(left, max(2, round(page.spec.block_lines.draw(draws))))
    elif form == "column":
        count = min(left, 1 if draws.chance(0.7) else 2)
    count = max(1, min(count, int((high - 1.0) / leading) + 1))
    mean, most = page.config.text.length.wanted_mean, max(1.0, wide / _CHAR_EM)
    lengths = [min(most, max(1.0, mean * (0.3 + 1.4 * unit))) for unit in draws.units(count)]
    scales = [1.0] * count
    if form == "notice" and count > 1:
        scales[0] = draws.between(*_HEADING)
        lengths[0] = max(1.0, min(lengths[0], 0.9 * max(lengths) / scales[0]))
    return lengths, scales


def _set(page: Page, site: _Site, plan: _Plan) -> int:
    """Compose what was planned and draw it, carrier and all; return how many lines can be read."""
    ground, design, kind = page.ground, site.design, site.kind
    family = page.children.next(len(plan.wish.lengths))
    try:
        block = compose(plan.wish, family, page.config, page.assets, design.hand)
    except Rejected:
        return 0
    placed = _place(site, plan, block)
    if placed is None or not is_sound(placed[0]):
        return 0
    sheet, inset = np.array(placed[0], np.float32), placed[1]
    corners: Corners = sheet.tolist()
    box = _inner(corners, *inset)
    to_page: Transform = block_warp(block, box)
    if kind not in OVERLAID:
        made = design.hand.column("spare")
        flat = carriers.make(kind, made, _size_px(corners), page.assets.backgrounds, design.scheme.surface)
        move = carriers.lay(page.canvas.image, flat, sheet, page.setting(on_wall=True))
        if flat.folds is not None:
            rows, columns = flat.alpha.shape
            whole: Corners = [(0, 0), (columns, 0), (columns, rows), (0, rows)]
            to_page = block_warp(block, _inner(whole, *inset)).then(move)
    look = page.look(design.scheme, design.light, kind)
    config = _bold(page.config) if kind == "none" else page.config
    count = draw_block(page.canvas, block, to_page, design.hand, look, config, page.assets)
    if not count and kind not in OVERLAID:  # it shall not stay blank: any colour that can be read there will do
        plain = page.look(TONE, 0.0, kind)
        count = draw_block(page.canvas, block, to_page, family[0], plain, page.config, page.assets)
    if count or kind not in OVERLAID:
        ground.take(sheet, 4.0)
        (x0, y0), (x1, y1) = sheet.min(axis=0).tolist(), sheet.max(axis=0).tolist()
        design.last = site.place.region.number, ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0, y1 - y0)
    return count


def _bold(config: Config) -> Config:
    """Return a configuration for what is painted on walls: meant to be read from afar."""
    ink = config.ink
    contrast = Range(max(ink.contrast.low, min(_PAINT, ink.contrast.high)), ink.contrast.high)
    return config.model_copy(update={"ink": ink.model_copy(update={"contrast": contrast})})


def _place(site: _Site, plan: _Plan, block: Block) -> tuple[Corners, tuple[float, float]] | None:
    """Return the corners of the sheet, and how far inside of it the block's ink lies as shares of its sides.

    None where the text would be far smaller than planned.
    """
    width, height = block.size
    line = min(1.0, width if block.direction == "ttb" else height)
    across, down = plan.margin[0] * line, plan.margin[1] * line
    wide, high = width + 2 * across, height + 2 * down
    # Bent and tall text is higher than was planned for: smaller, it still keeps clear of what stands beside it.
    em_px = min(plan.em_px, plan.size_px[0] / wide, plan.size_px[1] / high)
    if em_px < _LEAST_OF_PLANNED * plan.em_px:
        return None
    sheet = site.place.region.corners(plan.centre, wide * em_px, high * em_px, plan.slope)
    return sheet, (across / wide, down / high)


def _inner(corners: Corners, across: float, down: float) -> Floats:
    """Return the quad that lies these shares of its sides within another."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    inside = []
    for u, v in ((across, down), (1 - across, down), (1 - across, 1 - down), (across, 1 - down)):
        wa, wb, wc, wd = (1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v
        inside.append((wa * ax + wb * bx + wc * cx + wd * dx, wa * ay + wb * by + wc * cy + wd * dy))
    return np.array(inside, np.float32)


def _size_px(corners: Corners) -> tuple[int, int]:
    a, b, c, d = corners
    wide, high = max(math.dist(a, b), math.dist(c, d)), max(math.dist(b, c), math.dist(d, a))
    return max(8, round(wide)), max(8, round(high))
