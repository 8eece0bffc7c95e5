"""Compositions: several small photographs on one page, as in albums, posts and posters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthtext.assets.photos import MAX_MAGNIFICATION, Photo

_STEP_PX = 4
_GRIDS = ((2, 1), (1, 2), (2, 2), (3, 1), (1, 3))
_GAPS = ((255, 255, 255), (250, 250, 248), (16, 16, 18), (236, 238, 240))

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """Photographs with the boxes (x0, y0, x1, y1) of the page that they fill, and the colour between them."""

    cells: list[tuple[Photo, Box]]
    gap: tuple[int, int, int]


def composition(photos: Sequence[Photo], size_wh: tuple[int, int], unit: float) -> Composition | None:
    """Return a grid that fills a page with photographs none of which is enlarged too much; None if none does.

    Args:
        unit: of [0, 1), chooses between what is possible.
    """
    gap_px = _STEP_PX * (1 + int(unit * 8) % 3)
    possible = []
    for columns, rows in _GRIDS:
        boxes = _boxes(size_wh, columns, rows, gap_px)
        needs = [
            max((x1 - x0) / photo.levels[0].shape[1], (y1 - y0) / photo.levels[0].shape[0])
            for photo, (x0, y0, x1, y1) in zip(photos, boxes, strict=False)
        ]
        if len(boxes) <= len(photos) and max(needs) <= MAX_MAGNIFICATION:
            possible.append(list(zip(photos, boxes, strict=False)))
    if not possible:
        return None
    return Composition(possible[int(unit * len(possible))], _GAPS[int(unit * 97) % len(_GAPS)])


def _boxes(size_wh: tuple[int, int], columns: int, rows: int, gap_px: int) -> list[Box]:
    """Return boxes whose corners lie on the grid of the page's map of regions, row by row."""
    xs, ys = _edges(size_wh[0], columns, gap_px), _edges(size_wh[1], rows, gap_px)
    return [(x0, y0, x1, y1) for y0, y1 in ys for x0, x1 in xs]


def _edges(length: int, parts: int, gap_px: int) -> list[tuple[int, int]]:
    step = length / parts
    starts = [int(part * step) // _STEP_PX * _STEP_PX for part in range(parts)]
    return [(start, end - gap_px) for start, end in zip(starts, [*starts[1:], length + gap_px], strict=True)]
