"""What can be said about the boxes of one page: by themselves, and from one format to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from synthtext.inspect.checks import Finding
from synthtext.labels.levels import LEAST_SIDE_PX, TextBox
from synthtext.quads import is_convex, side_lengths, signed_area

_AGAIN = "make its shard again"
# Formats with whole numbers round, up to half a pixel beyond the border or into another's place.
_ROUND_PX = 0.51
_SHOWN = 3


def check_boxes(boxes: Sequence[TextBox], size_wh: tuple[int, int] | None) -> Iterator[Finding]:
    """Yield what is wrong with the outlines of a page of this size; None when the size is not known."""
    for number, box in enumerate(boxes):
        what = _outline_fault(box, size_wh)
        if what is not None:
            points = ", ".join(f"({x:g}, {y:g})" for x, y in box.outline[: 4 + _SHOWN].tolist())
            yield f"box {number} ({box.label!r}): {what}: {points}", _AGAIN
        if box.char_quads is not None and size_wh is not None:
            beyond = (box.char_quads.max(axis=1) <= 0) | (box.char_quads.min(axis=1) >= size_wh)
            if beyond.any():
                yield f"box {number} ({box.label!r}): a character is outside of the picture; CRAFT skips it", _AGAIN


def _outline_fault(box: TextBox, size_wh: tuple[int, int] | None) -> str | None:
    outline = box.outline
    if not np.isfinite(outline).all():
        return "not finite"
    if size_wh is not None and ((outline < -_ROUND_PX) | (outline > np.array(size_wh) + _ROUND_PX)).any():
        return f"reaches out of the picture of {size_wh[0]}x{size_wh[1]}"
    if float(signed_area(outline[None])[0]) <= 0:
        return "not clockwise"
    if side_lengths(outline[None]).min() < LEAST_SIDE_PX - _ROUND_PX:
        return "a side is shorter than a pixel"
    # Rounding to whole pixels may dent a box of few pixels.
    small = side_lengths(outline[None]).min() < 4 * LEAST_SIDE_PX
    if len(outline) == 4 and not small and not is_convex(outline[None])[0]:
        return "not convex"
    return None


class Agreement:
    """Whether formats that hold the same boxes do so: as many on each page, with the same middle."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, float, float]] = {}

    def remember(self, index: int, boxes: Sequence[TextBox]) -> None:
        """Keep what the first format says about a page."""
        self._known[index] = _summary(boxes)

    def check(self, index: int, boxes: Sequence[TextBox]) -> Iterator[Finding]:
        """Yield where another format says something else."""
        wanted, found = self._known.get(index), _summary(boxes)
        if wanted is None or (wanted[0] == found[0] and np.allclose(wanted[1:], found[1:], atol=2 * _ROUND_PX)):
            return
        what = f"{found[0]} boxes about ({found[1]:.0f}, {found[2]:.0f}), another format of the same page has "
        yield f"{what}{wanted[0]} about ({wanted[1]:.0f}, {wanted[2]:.0f})", _AGAIN


def _summary(boxes: Sequence[TextBox]) -> tuple[int, float, float]:
    outlines = [box.outline.mean(axis=0) for box in boxes if not box.ignore and len(box.outline) == 4]
    x, y = np.mean(outlines, axis=0).tolist() if outlines else (0.0, 0.0)
    return len(outlines), x, y
