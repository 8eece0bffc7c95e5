"""Intrude: let the ink of neighbouring lines and words reach into the crop, as it does in real cuts."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.spec import Spec

_LEAST_PX = 2
_GAP_PX = 1.5


class IntrudeSpec(Spec):
    """How often neighbours show.

    Attributes:
        side_chance: of each of the four sides by itself; it acts only where there is free room.
        reach: the share of the free room that the neighbour may fill.
    """

    side_chance: Annotated[float, Field(ge=0, le=1)] = 0.1
    reach: Annotated[float, Field(ge=0, le=1)] = 0.75


def intrude(draws: Draws, spec: IntrudeSpec, mask: Image, room_ltrb: tuple[float, float, float, float]) -> bool:
    """Copy slices of the line's own ink to the edges of its mask; return whether anything was added.

    The far side of the line serves as its neighbour: its feet above it, its head below it. A neighbour stays
    in the free room (`room_ltrb`, pixels) and never touches the line.

    Args:
        mask: (H, W) uint8, changed in place.
    """
    chances = draws.units(4)
    shift = draws.unit()
    if min(chances) >= spec.side_chance:
        return False
    height, width = mask.shape
    left, top, right, bottom = room_ltrb
    source = mask.copy()
    added = False
    for side, chance in enumerate(chances):
        if chance >= spec.side_chance:
            continue
        depth = int((room_ltrb[side] - _GAP_PX) * spec.reach)
        if depth < _LEAST_PX or depth > (width if side in (0, 2) else height) // 3:
            continue
        if side == 1:
            foot = height - max(0, int(bottom))
            _merge(mask[:depth], _rolled(source[foot - depth : foot], shift, 1))
        elif side == 3:
            head = max(0, int(top))
            _merge(mask[height - depth :], _rolled(source[head : head + depth], shift, 1))
        elif side == 0:
            end = width - max(0, int(right))
            _merge(mask[:, :depth], source[:, end - depth : end])
        else:
            start = max(0, int(left))
            _merge(mask[:, width - depth :], source[:, start : start + depth])
        added = True
    return added


def _rolled(piece: Image, shift: float, axis: int) -> Image:
    return np.roll(piece, int((0.2 + 0.6 * shift) * piece.shape[axis]), axis)


def _merge(target: Image, piece: Image) -> None:
    if piece.shape == target.shape:
        np.maximum(target, piece, out=target)
