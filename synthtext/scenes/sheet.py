"""Sheets of paper and cards that lie on a desk or fill the page as a scan does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from synthtext.assets.palettes import colored, draw_color
from synthtext.geometry import Floats, Image, Transform
from synthtext.scenes.carriers import Carried
from synthtext.scenes.folds import curling, shaded
from synthtext.scenes.page import Page

_LEAST_LIGHT = 150.0


def paper(page: Page, size_wh: tuple[int, int], white: float = 0.6) -> Image:
    """Return (h, w, 3) paper; `white` is how often it is plain white."""
    draws = page.draws
    texture = draws.choice(page.assets.backgrounds.textures["paper"])
    gray = texture.window(size_wh, 1.0, (draws.unit(), draws.unit()))
    tone = draws.between(236, 252)
    color = (tone, tone, tone - draws.between(0, 6))
    if not draws.chance(white):
        tinted = draw_color(draws, "paper")
        color = tinted if min(tinted) > _LEAST_LIGHT else color  # nobody prints forms on what is dark or glaring
    low, high = texture.contrast
    return colored(gray, color, low + (high - low) * 0.35 * draws.unit())


def on_desk(page: Page, carried: Carried, scan_chance: float = 0.25, curl_chance: float = 0.0) -> Transform:
    """Lay a sheet onto the page, turned a little and seen at an angle, or all over it as a scan.

    Returns:
        The way from its pixels to the page's.
    """
    draws = page.draws
    if draws.chance(curl_chance):
        curl = curling(draws, (carried.alpha.shape[1], carried.alpha.shape[0]))
        carried = replace(carried, image=shaded(carried.image, curl), folds=curl.shape, stray=curl.reach)
    width, height = page.size_wh
    rows, columns = carried.alpha.shape
    scan = draws.chance(scan_chance)
    share = draws.between(0.97, 1.02) if scan else draws.between(0.66, 0.93)
    scale = share * min(width / columns, height / rows)
    turn = math.radians(draws.signed(1.2 if scan else 9.0))
    half = np.array([[-columns, -rows], [columns, -rows], [columns, rows], [-columns, rows]], np.float64) * 0.5 * scale
    spin = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    stray = 0.0 if scan else 0.05 * scale * min(rows, columns)
    moves = np.array([[draws.signed(stray), draws.signed(stray)] for _ in range(4)])
    quad = half @ spin + moves
    free = np.maximum(np.array([width, height]) - np.ptp(quad, axis=0), 0.0)
    corner = free * np.array([draws.between(0.2, 0.8), draws.between(0.2, 0.8)])
    placed: Floats = (quad - quad.min(axis=0) + corner).astype(np.float32)
    if scan:
        placed = (quad + np.array([width, height]) / 2).astype(np.float32)
    return page.lay(carried, placed)
