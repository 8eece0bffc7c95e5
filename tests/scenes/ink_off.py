"""Pages drawn again with the ink of single characters left out: what changes is that character, and nothing else.

Shares no code with the labels: they come from the boxes of glyphs, this from the pixels of two finished pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from synthtext.assets.library import Assets
from synthtext.config import Config
from synthtext.pipeline import sample
from synthtext.scenes import draw
from synthtext.stages import raster as rastering
from synthtext.stages.raster import DrawnInstance
from synthtext.values import TextInstance, TextLayer

# A pixel counts as changed from this share of the character's largest change on, and from so many levels on.
SHARE, LEVELS = 0.12, 12
_NEAR_PX = 12.0


@dataclass(frozen=True, slots=True)
class CharInk:
    """What leaving out one character changed.

    Attributes:
        char: it.
        inside: share of the changed pixels whose middles lie in its ink quad, grown by half a pixel.
        gaps_px: how far the changed pixels stay from the quad's left, top, right and bottom sides.
        index: of the page.
    """

    char: str
    inside: float
    gaps_px: tuple[float, float, float, float]
    index: int


def check_page(index: int, turn: int, config: Config, assets: Assets, patch: pytest.MonkeyPatch) -> list[CharInk]:
    """Return what was found for one character of each line of a page, another one each `turn`."""
    patch.setattr(draw, "_softened", lambda mask, *_: mask)  # blur off
    patch.setattr(draw, "_LEAST_LAMPS_PX", 1e9)  # lamps are exact to a lamp only
    inked = draw._inked
    # A colour that photographs do not have, so that what changes can be seen wherever it is.
    patch.setattr(draw, "_inked", lambda *args: replace(inked(*args), fill=(255, 0, 255), opacity=1.0))
    whole = sample(5, index, config, assets)
    chosen: list[int] = []
    original = draw.raster

    def without(line, em_px, store):  # type: ignore[no-untyped-def]
        layer = original(line, em_px, store)
        char = (turn + len(chosen)) % len(line.chars)
        chosen.append(char)
        return _left_out(layer, char, em_px, store, original)

    with patch.context() as inner:
        inner.setattr(draw, "raster", without)
        inner.setattr(rastering, "_check_inked", lambda *_: None)
        lacking = sample(5, index, config, assets)
    assert len(lacking.instances) == len(whole.instances), "leaving ink out must not change what else is drawn"
    difference = np.abs(whole.image.astype(np.int16) - lacking.image).max(axis=2)
    return _attributed(index, whole.instances, lacking.instances, difference)  # type: ignore[arg-type]


def _left_out(layer: TextLayer, char: int, em_px: int, store, original) -> TextLayer:  # type: ignore[no-untyped-def]
    """Return the layer without a character's ink; its boxes stay, so the labels of both pages are the same."""
    line = layer.line
    if any(first <= char < first + abs(parts) for first, parts in line.ligatures):
        return layer
    rest = [glyph for glyph in line.glyphs if glyph[2] != char]
    mask = np.zeros_like(layer.mask)
    if rest:
        other = original(replace(line, glyphs=rest), em_px, store)
        x, y = layer.origin[0] - other.origin[0], layer.origin[1] - other.origin[1]
        height, width = other.mask.shape
        room = mask[max(0, y) : y + height, max(0, x) : x + width]
        room[:] = other.mask[max(0, -y) :, max(0, -x) :][: room.shape[0], : room.shape[1]]
    made = replace(layer, mask=mask)
    object.__setattr__(made, "line", replace(line, text=line.text))
    _OFF[id(made.line)] = (made.line, char)
    return made


_OFF: dict[int, tuple[object, int]] = {}


def _attributed(
    index: int, whole: list[TextInstance], lacking: list[TextInstance], difference: np.ndarray
) -> list[CharInk]:
    """Give every changed pixel to the nearest of the characters that were left out, and judge each of them."""
    quads, names = [], []
    nobodys = np.zeros(difference.shape, bool)
    for one, other in zip(whole, lacking, strict=True):
        known = _OFF.get(id(other.layer.line)) if isinstance(other, DrawnInstance) and "_layer" in vars(other) else None
        if known is None or len(other.chars) != len(other.layer.line.chars):  # type: ignore[attr-defined]
            # It runs out of the page, so its labels are not those of the whole line: its pixels are nobody's.
            around = cv2.fillPoly(np.zeros(difference.shape, np.uint8), [np.rint(one.polygon).astype(np.int32)], 1)
            nobodys |= cv2.dilate(around, np.ones((25, 25), np.uint8)) > 0
            continue
        np.testing.assert_array_equal(one.ink_quads, other.ink_quads)
        quads.append(one.ink_quads[known[1]])
        names.append(one.chars[known[1]])
    height, width = difference.shape
    nearest = np.full((height, width), np.inf)
    owner = np.full((height, width), -1)
    middles_y, middles_x = np.mgrid[:height, :width] + 0.5
    for number, quad in enumerate(quads):
        x0, y0 = np.maximum(np.floor(quad.min(axis=0) - _NEAR_PX), 0).astype(int)
        x1, y1 = np.ceil(quad.max(axis=0) + _NEAR_PX).astype(int)
        view = slice(y0, y1), slice(x0, x1)
        away = np.maximum(_outside(quad, middles_x[view], middles_y[view]), 0.5)
        closer = away < nearest[view]
        nearest[view] = np.where(closer, away, nearest[view])
        owner[view] = np.where(closer, number, owner[view])
    found = []
    for number, (quad, name) in enumerate(zip(quads, names, strict=True)):
        # Lines of a block may reach into each other: what lies in several quads is everybody's.
        inside = _covered(quad, middles_x, middles_y)
        own = np.where(inside | (owner == number) & ~nobodys, difference, 0)
        peak = int(own.max())
        if peak < 2 * LEVELS:
            continue  # painted over by the same colour: nothing can be told
        rows, columns = np.nonzero(own >= max(LEVELS, SHARE * peak))
        away = _outside(quad, columns + 0.5, rows + 0.5)
        sides = _from_sides(quad, columns + 0.5, rows + 0.5)
        gaps = tuple(float(side.min()) - 0.5 for side in sides)
        found.append(CharInk(name, float((away <= 0.5).mean()), gaps, index))  # type: ignore[arg-type]
    return found


def _from_sides(quad: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Return how far points lie inside of the left, top, right and bottom side of a quad; negative outside."""
    distances = []
    for first, last in ((3, 0), (0, 1), (1, 2), (2, 3)):
        (ax, ay), (bx, by) = quad[first].tolist(), quad[last].tolist()
        length = max(1e-6, float(np.hypot(bx - ax, by - ay)))
        distances.append(((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length)
    return distances


def _outside(quad: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how far points lie outside of a convex quad; not above 0 inside."""
    return -np.minimum.reduce(_from_sides(quad, x, y))  # type: ignore[no-any-return]


def _covered(quad: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    left, top = np.maximum(np.floor(quad.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 1
    inside = np.zeros(x.shape, bool)
    view = slice(top, bottom), slice(left, right)
    inside[view] = _outside(quad, x[view], y[view]) <= 0.5
    return inside


def summary(found: list[CharInk]) -> dict[str, float]:
    """Return the figures over many characters."""
    inside = np.array([one.inside for one in found])
    gaps = np.array([one.gaps_px for one in found])
    return {
        "chars": len(found),
        "inside_97": float((inside >= 0.97).mean()),
        "inside_mean": float(inside.mean()),
        "fills_2px": float((gaps.max(axis=1) <= 2.0).mean()),
        "gap_99": float(np.quantile(gaps.max(axis=1), 0.99)),
    }
