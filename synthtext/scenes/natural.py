"""The layout `scene`: text on walls, signs, boards, stickers and cloth, where a person would put it."""

from __future__ import annotations

import math

import numpy as np

from synthtext.assets.regions import Region
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.geometry import Floats
from synthtext.rng import Draws
from synthtext.scenes import carriers
from synthtext.scenes.block import Block, Wish, compose
from synthtext.scenes.draw import Look, block_warp, draw_block
from synthtext.scenes.ground import Ground, lean
from synthtext.scenes.page import Page
from synthtext.scenes.settings import PageSpec
from synthtext.spec import Weighted

_PLACES_TRIED = 12
_REGIONS_TRIED = 3
_SHRINK = 0.75
_LEAST_SIDE_PX = 6.0
_LEAST_SINE = 0.25


def lay_out(page: Page) -> None:
    """Put blocks onto the page until it has as many lines as were aimed at, or no room."""
    scatter(page, max(1, round(page.spec.lines.draw(page.draws))))


def scatter(page: Page, aim: int) -> None:
    """Put about so many lines where there is room for them."""
    canvas, ground, config, assets, spec, draws = (
        page.canvas, page.ground, page.config, page.assets, page.spec, page.draws,
    )  # fmt: skip
    forms, kinds = Weighted(spec.forms), Weighted(spec.carriers)
    regions = Weighted({region: _appeal(region) for region in ground.regions}) if ground.regions else None
    drawn = misses = 0
    while drawn < aim and misses < 12:
        kind = kinds.draw(draws)
        if regions is None:
            kind = "caption"
        wish = _wish(draws, spec, forms.draw(draws), aim - drawn, config)
        family = page.children.next(len(wish.lengths))
        try:
            block = compose(wish, family, config, assets)
        except Rejected:
            misses += 1
            continue
        placed = None
        for _ in range(_REGIONS_TRIED):
            region = regions.draw(draws) if regions is not None and kind != "caption" else None
            placed = _place(draws, spec, ground, region, block, kind)
            if placed is not None:
                break
        if placed is None:
            misses += 1
            continue
        sheet, quad = placed
        colors = family[0].column("pairs")
        named = carriers.SITUATIONS.get(kind)
        scheme = assets.schemes.of(colors, named) if named else assets.schemes.draw(colors, "photo")
        if kind not in ("none", "caption"):
            flat = carriers.make(kind, draws, _size_px(sheet), assets.backgrounds, scheme.surface)
            carriers.lay(canvas.image, flat, sheet)
        light = spec.light.draw(draws)
        look = Look(scheme, 0.0 if kind in ("caption", "led", "screen") else light, ground.whole)
        count = draw_block(canvas, block, block_warp(block, quad), family[0], look, config, assets)
        if count or kind not in ("none", "caption"):
            ground.take(sheet, 4.0)
        drawn += count
        misses += not count


def _appeal(region: Region) -> float:
    return math.sqrt(region.share) * (0.15 + region.calm)


def _wish(draws: Draws, spec: PageSpec, form: str, left: int, config: Config) -> Wish:
    mean = config.text.length.wanted_mean
    count = 1
    if form == "lines" and left > 1:
        count = min(left, max(2, round(spec.block_lines.draw(draws))))
    elif form == "column":
        count = min(left, 1 if draws.chance(0.7) else 2)
    lengths = [max(1, round(mean * (0.3 + 1.4 * unit))) for unit in draws.units(count)]
    align = (0.0, 0.5, 0.0, 1.0)[int(4 * draws.unit())] if form == "lines" else 0.5
    return Wish(
        lengths=lengths,
        direction="ttb" if form == "column" else "ltr",
        leading_em=spec.leading_em.draw(draws),
        align=align,
    )


def _place(
    draws: Draws, spec: PageSpec, ground: Ground, region: Region | None, block: Block, kind: str
) -> tuple[Floats, Floats] | None:
    """Return the quads of the sheet and of the block's ink on it, or None where there is no room."""
    low, high = spec.em_px.low, spec.em_px.high
    em_px = low * (high / low) ** (draws.unit() ** 1.3)
    slope = lean(spec.lean_deg.draw(draws)) if kind != "caption" and draws.chance(0.5) else 0.0
    edge = draws.chance(spec.edge_chance)
    margin = (0.15, 0.1) if kind in ("none", "caption") else carriers.margins(kind, draws)
    width, height = block.size
    line = min(1.0, width if block.direction == "ttb" else height)
    sheet_w, sheet_h = width + 2 * margin[0] * line, height + 2 * margin[1] * line
    for tried in range(_PLACES_TRIED):
        if region is None:
            at = (draws.unit() * ground.size_wh[0], draws.unit() * ground.size_wh[1])
            number, size_px = None, em_px
            x, y = 0.5 * em_px * sheet_w, 0.5 * em_px * sheet_h
            sheet = np.array([[-x, -y], [x, -y], [x, y], [-x, y]], np.float32) + np.array(at, np.float32)
        else:
            spot = ground.spot(region, draws)
            if spot is None:
                continue
            # Near the edge of a region there is only room for something small.
            number, size_px = region.number, min(em_px, 2.2 * spot[2] / min(sheet_w, sheet_h))
            if size_px < low:
                continue
            sheet = region.quad(spot[:2], sheet_w * size_px, sheet_h * size_px, slope)
        if _sound(sheet) and ground.fits(sheet, number, edge):
            return sheet, _inner(sheet, margin[0] * line / sheet_w, margin[1] * line / sheet_h)
        if tried % 3 == 2:
            em_px = max(low, em_px * _SHRINK)
    return None


def _inner(quad: Floats, across: float, down: float) -> Floats:
    """Return the quad that lies these shares of its sides within another."""
    u = np.array([across, 1 - across, 1 - across, across])[:, None]
    v = np.array([down, down, 1 - down, 1 - down])[:, None]
    upper, lower = quad[0] * (1 - u) + quad[1] * u, quad[3] * (1 - u) + quad[2] * u
    return (upper * (1 - v) + lower * v).astype(np.float32)  # type: ignore[no-any-return]


def _sound(quad: Floats) -> bool:
    """Whether a quad is convex, clockwise and not squeezed."""
    corners = quad.tolist()
    sides = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    lengths = [math.hypot(*side) for side in sides]
    return min(lengths) >= _LEAST_SIDE_PX and all(
        ax * by - ay * bx > _LEAST_SINE * la * lb
        for (ax, ay), (bx, by), la, lb in zip(
            sides, sides[1:] + sides[:1], lengths, lengths[1:] + lengths[:1], strict=True
        )
    )


def _size_px(quad: Floats) -> tuple[int, int]:
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).tolist()
    return max(8, round(max(top, bottom))), max(8, round(max(left, right)))
