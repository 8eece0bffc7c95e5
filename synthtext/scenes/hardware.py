"""What things hang on or stand on: rods with a cord, ropes, posts down to the ground, brackets and chains."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from synthtext.geometry import Floats
from synthtext.scenes.page import Page

Paint = tuple[int, int, int]
_WOOD: tuple[Paint, ...] = ((112, 74, 42), (70, 44, 26), (196, 156, 84), (40, 38, 38))
_METAL: tuple[Paint, ...] = ((120, 122, 126), (78, 80, 84), (150, 152, 150), (52, 54, 58))
_ROPE: tuple[Paint, ...] = ((226, 222, 210), (170, 150, 118), (60, 58, 56))
# Fractions of a pixel that lines are drawn with.
_SHIFT = 4


@contextmanager
def behind(page: Page) -> Iterator[None]:
    """Let what is drawn in this block pass behind all that was hung before."""
    kept = []
    width, height = page.size_wh
    for quad in page.hung:
        (left, top), (right, bottom) = np.floor(quad.min(axis=0)).astype(int), np.ceil(quad.max(axis=0)).astype(int)
        window = page.canvas.image[max(0, top) : min(height, bottom + 1), max(0, left) : min(width, right + 1)]
        mask = np.zeros(window.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, _fixed(quad - np.array([max(0, left), max(0, top)])), 1, cv2.LINE_8, _SHIFT)
        inside = mask.view(np.bool_)
        kept.append((window, inside, window[inside]))
    yield
    for window, inside, pixels in kept:
        window[inside] = pixels


def rod(page: Page, quad: Floats) -> None:
    """A rod along the upper edge of a quad, on a cord over a nail."""
    draws = page.draws
    left, right = quad[0], quad[1]
    along = right - left
    width = float(np.hypot(*along))
    thick = max(2, round(0.022 * width))
    ends = left - 0.05 * along, right + 0.05 * along
    nail = (left + right) / 2 - np.array([0.0, draws.between(0.18, 0.4) * width], np.float32)
    cord = _shown(page, draws.choice(_ROPE))
    for end in (left + 0.04 * along, right - 0.04 * along):
        _line(page, end, nail, cord, max(1, thick // 3))
    color = _shown(page, draws.choice(_WOOD))
    _line(page, *ends, color, thick)
    _line(page, ends[0] - (0.0, 0.25 * thick), ends[1] - (0.0, 0.25 * thick), _brighter(color), max(1, thick // 3))
    for end in ends:
        cv2.circle(page.canvas.image, np.rint(end).astype(int).tolist(), thick, color, cv2.FILLED, cv2.LINE_AA)


def ropes(page: Page, quad: Floats, only_above: bool = False) -> None:
    """Ropes from all corners outward, or only from the upper ones, beyond the edge of the picture."""
    draws = page.draws
    color, thick = _shown(page, draws.choice(_ROPE)), max(1, round(0.012 * _height(quad)))
    rise = draws.between(0.05, 0.3)
    corners = ((1, 0, 1.0), (0, 1, 1.0), (2, 3, 0.3), (3, 2, 0.3))
    for inner, outer, share in corners[:2] if only_above else corners:
        out = quad[outer] - quad[inner]
        out = out / max(1e-6, float(np.hypot(*out)))
        far = float(max(page.size_wh))
        sag = np.linspace(0.0, 1.0, 9)[:, None]
        points = quad[outer] + sag * far * out + np.concatenate([0 * sag, -rise * share * far * sag**1.3], axis=1)
        cv2.polylines(page.canvas.image, [_fixed(points)], False, color, thick, cv2.LINE_AA, _SHIFT)


def posts(page: Page, quad: Floats) -> None:
    """Two posts from behind a quad down to where the picture ends."""
    draws = page.draws
    width = float(np.hypot(*(quad[1] - quad[0])))
    thick = max(2, round(draws.between(0.015, 0.035) * min(width, 3 * _height(quad))))
    color = _shown(page, draws.choice(_METAL if draws.chance(0.7) else _WOOD))
    inset = draws.between(0.06, 0.25)
    for share in (inset, 1.0 - inset):
        top = quad[0] + share * (quad[1] - quad[0])
        x = float(top[0])
        _line(page, top, np.array([x, page.size_wh[1] + thick]), color, thick)
        light = np.array([0.3 * thick, 0.0])
        _line(
            page, top - light, np.array([x - light[0], page.size_wh[1] + thick]), _brighter(color), max(1, thick // 3)
        )


def bracket(page: Page, quad: Floats) -> None:
    """An arm over the upper edge of a quad, out of a wall at one of its sides, with two hooks."""
    draws = page.draws
    right = draws.chance(0.5)
    along = quad[1] - quad[0] if right else quad[0] - quad[1]
    up = quad[0] - quad[3]
    up = up / max(1e-6, float(np.hypot(*up)))
    width = float(np.hypot(*along))
    thick = max(2, round(0.035 * width))
    color = _shown(page, draws.choice(_METAL))
    free, wall = (quad[0], quad[1]) if right else (quad[1], quad[0])
    above = up * (0.1 + 0.08 * draws.unit()) * width
    tip, root = free - 0.04 * along + above, wall + draws.between(0.12, 0.3) * along + above
    for share in (0.15, 0.85):
        hook = free + share * along
        _line(page, hook, hook + above, color, max(1, thick // 2))
    _line(page, tip, root, color, thick)
    foot = root - up * draws.between(0.35, 0.6) * width
    _line(page, foot, root - 0.45 * (root - tip), color, max(1, thick // 2))
    _line(page, foot - 0.06 * up * width, root + 0.1 * up * width, color, 2 * thick)


def chains(page: Page, quad: Floats) -> None:
    """Two chains from the upper edge of a quad up beyond the picture."""
    draws = page.draws
    width = float(np.hypot(*(quad[1] - quad[0])))
    color, thick = _shown(page, draws.choice(_METAL)), max(1, min(3, round(0.02 * width)))
    for share in (0.12, 0.88):
        end = quad[0] + share * (quad[1] - quad[0])
        _line(page, end, np.array([end[0], -thick], np.float32), color, thick)


def fringe(page: Page, edge: Floats, down: Floats) -> None:
    """Gold tassels from points of a lower edge, (N, 2), to the points below them."""
    gold = _shown(page, (222, 178, 62))
    for number, (start, end) in enumerate(zip(edge, down, strict=True)):
        shade = 0.75 + 0.25 * math.sin(number * 2.3)
        red, green, blue = (int(value * shade) for value in gold)
        _line(page, start, start + (end - start) * (0.85 + 0.15 * math.sin(number * 4.1)), (red, green, blue), 2)


def _line(page: Page, start: Floats, end: Floats, color: Paint, thick: int) -> None:
    first, last = _fixed(np.stack([start, end]))[:, 0].tolist()
    cv2.line(page.canvas.image, first, last, color, thick, cv2.LINE_AA, _SHIFT)


def _fixed(points: Floats) -> np.ndarray:
    """Return points as OpenCV draws them with fractions of pixels, whose middles are its whole numbers."""
    return np.rint((points - 0.5) * (1 << _SHIFT)).astype(np.int32)[:, None]  # type: ignore[no-any-return]


def _shown(page: Page, color: Paint) -> Paint:
    tone = page.ground.tone
    return color if tone is None else tone.color(color)


def _brighter(color: Paint) -> Paint:
    red, green, blue = (min(255, value + 46) for value in color)
    return red, green, blue


def _height(quad: Floats) -> float:
    return float(np.hypot(*(quad[3] - quad[0])))
