"""What can be said about the boxes of one page: by themselves, and from one format to another."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

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
    """Whether formats that hold the same boxes do so: as many on each page, in their places, of the same categories."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, NDArray[np.float32], int | None]] = {}

    def check(self, index: int, boxes: Sequence[TextBox], tells_category: bool) -> Iterator[Finding]:
        """Yield where a format says something else of a page than the first one did."""
        counted = [box for box in boxes if not box.ignore]
        if any(len(box.outline) != 4 for box in counted):
            return  # polygons, where others have the quads round them
        outlines = np.array([box.outline for box in counted], np.float32).reshape(-1, 4, 2)
        categories = zlib.crc32("\n".join(box.category for box in counted).encode()) if tells_category else None
        known = self._known.get(index)
        if known is None:
            self._known[index] = (len(counted), _summary(outlines), categories)
            return
        found = _summary(outlines)
        if known[0] != len(counted) or np.abs(known[1] - found).max() > _tolerance(len(counted)):
            yield (
                f"{len(counted)} boxes about ({found[0]:.0f}, {found[1]:.0f}), another format of the same page has "
                f"{known[0]} about ({known[1][0]:.0f}, {known[1][1]:.0f}), or in another order of boxes or corners",
                _AGAIN,
            )
        elif None not in (known[2], categories) and known[2] != categories:
            yield "categories are not those that another format of the same page has", _AGAIN


def _summary(outlines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (6,) what moves when boxes do: the mean middle, the mean first corner, the middles weighted by place."""
    if not len(outlines):
        return np.zeros(6, np.float32)
    middles = outlines.mean(axis=1)
    weights = np.linspace(0.0, 2.0, len(outlines), dtype=np.float32)[:, None] if len(outlines) > 1 else 1.0
    return np.concatenate([middles.mean(axis=0), outlines[:, 0].mean(axis=0), (middles * weights).mean(axis=0)])


def _tolerance(count: int) -> float:
    """Return by how much a summary may change where corners are rounded to whole pixels, which evens out."""
    return 2.0 * _ROUND_PX * min(1.0, 3.0 / math.sqrt(max(1, count)))
