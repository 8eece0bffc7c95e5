"""Lines that run out of the picture: their labels say what can be seen of them."""

from __future__ import annotations

from copy import copy

import cv2
import numpy as np

from synthtext.curves import Turns
from synthtext.geometry import Floats
from synthtext.values import TextInstance

# A char of which less shows is no longer part of the text.
_LEAST_SEEN = 0.6
_WHOLE = 0.995
_ROUNDS = 14


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
    result = boxes.copy()
    for number, box in enumerate(boxes):
        if _outside(instance, box, size_wh).max() <= 0:
            continue
        # Each side is drawn in by bisection, the one that sticks out most first.
        for _ in range(2):
            out = _outside(instance, result[number], size_wh)
            if out.max() <= 0:
                break
            side = int(np.argmax([out[0] + out[3], out[0] + out[1], out[1] + out[2], out[2] + out[3]]))
            result[number, side] = _drawn_in(instance, result[number], side, size_wh)
    return result


def _outside(instance: TextInstance, box: Floats, size_wh: tuple[int, int]) -> Floats:
    """Return by how much each corner of a box, clockwise from top left, lies outside of the picture."""
    x0, y0, x1, y1 = box.tolist()
    corners = instance.warp.points(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))
    return np.maximum(np.maximum(-corners, corners - np.array(size_wh, np.float32)), 0).max(axis=1)  # type: ignore[no-any-return]


def _drawn_in(instance: TextInstance, box: Floats, side: int, size_wh: tuple[int, int]) -> float:
    far = float(box[(side + 2) % 4])
    near = float(box[side])
    # Corners at both ends of the side.
    ends = {0: (0, 3), 1: (0, 1), 2: (1, 2), 3: (2, 3)}[side]
    inside, outside = far, near
    trial = box.copy()
    for _ in range(_ROUNDS):
        trial[side] = (inside + outside) / 2
        if _outside(instance, trial, size_wh)[list(ends)].max() <= 0.01:
            inside = float(trial[side])
        else:
            outside = float(trial[side])
    return inside
