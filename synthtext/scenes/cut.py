"""Lines that run out of the picture: their labels say what can be seen of them."""

from __future__ import annotations

from copy import copy

import cv2
import numpy as np

from synthtext.curves import Turns
from synthtext.geometry import Floats, Warp
from synthtext.values import TextInstance

# A char of which less shows is no longer part of the text.
_LEAST_SEEN = 0.6
_WHOLE = 0.995
_ROUNDS, _NO_MORE_PX = 14, 0.01
# The corners at both ends of the left, upper, right and lower side.
_ENDS = ((0, 3), (0, 1), (1, 2), (2, 3))


def cut_to_page(instance: TextInstance, size_wh: tuple[int, int]) -> TextInstance | None:
    """Return the instance without the chars that lie outside of a picture; None when nothing is left.

    Boxes of chars that are cut end where the picture ends. What is left is the longest stretch of neighbours, and the
    text says only that.
    """
    width, height = size_wh
    if all(0 <= x <= width and 0 <= y <= height for x, y in instance.quad.tolist()):
        return instance
    quads = instance.ink_quads
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = [_share(quad, page) for quad in quads]
    # Chars that were turned one by one have no side along the picture's edge to be drawn in: only whole ones stay.
    least = _LEAST_SEEN if instance.turns is None else _WHOLE
    first, last = _longest([share >= least for share in seen])
    if last <= first:
        return None
    kept = slice(first, last)
    made = copy(instance)
    for name in ("ink_quads", "cell_quads", "quad", "word_quads", "polygon", "word_polygons", "_layer"):
        made.__dict__.pop(name, None)
    chars, words = instance.chars[kept], instance.words[kept]
    ink, cells, turns = instance.ink_boxes[kept], instance.cell_boxes[kept], instance.turns
    if turns is None:
        ink, cells = _clipped(instance, ink, size_wh), _clipped(instance, cells, size_wh)
    made.__dict__.update(
        chars=chars,
        words=tuple(word - words[0] for word in words),
        text=_text(chars, words),
        ink_boxes=ink,
        cell_boxes=cells,
        turns=None if turns is None else Turns(turns.chars[kept], turns.shape),
        hidden=None if instance.hidden is None else instance.hidden[kept],
    )
    return made


def _share(quad: Floats, page: Floats) -> float:
    area = abs(cv2.contourArea(quad))
    shared, _ = cv2.intersectConvexConvex(quad, page)
    return shared / area if area > 0 else 0.0


def _longest(flags: list[bool]) -> tuple[int, int]:
    best = (0, 0)
    start = 0
    for at, flag in enumerate([*flags, False]):
        if not flag:
            if at - start > best[1] - best[0]:
                best = (start, at)
            start = at + 1
    return best


def _text(chars: tuple[str, ...], words: tuple[int, ...]) -> str:
    pieces = [char if at == 0 or words[at] == words[at - 1] else f" {char}" for at, char in enumerate(chars)]
    return "".join(pieces)


def _clipped(instance: TextInstance, boxes: Floats, size_wh: tuple[int, int]) -> Floats:
    """Return (N, 4) boxes in layer pixels whose sides are moved in until their corners lie in the picture."""
    return np.array([_drawn_in(instance, box, size_wh) for box in boxes.tolist()], np.float32).reshape(boxes.shape)


def _drawn_in(instance: TextInstance, box: list[float], size_wh: tuple[int, int]) -> list[float]:
    """Return a box with its sides drawn in by bisection, the one that sticks out most first."""
    for _ in range(2):
        out = _outside(instance, box, size_wh)
        if max(out) <= 0:
            break
        side = max(range(4), key=lambda side: sum(out[end] for end in _ENDS[side]))
        inside, outside = box[(side + 2) % 4], box[side]
        for _ in range(_ROUNDS):
            middle = (inside + outside) / 2
            trial = [*box[:side], middle, *box[side + 1 :]]
            there = _outside(instance, trial, size_wh)
            if max(there[end] for end in _ENDS[side]) <= _NO_MORE_PX:
                inside = middle
            else:
                outside = middle
        box = [*box[:side], inside, *box[side + 1 :]]
    return box


def _outside(instance: TextInstance, box: list[float], size_wh: tuple[int, int]) -> list[float]:
    """Return by how much each corner of a box, clockwise from top left, lies outside of the picture."""
    if isinstance(instance.warp, Warp):
        corners = instance.warp.box(box)
    else:
        x0, y0, x1, y1 = box
        corners = instance.warp.points(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)).tolist()
    width, height = size_wh
    return [max(-x, -y, x - width, y - height, 0.0) for x, y in corners]
