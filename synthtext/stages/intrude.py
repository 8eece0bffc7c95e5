"""Intrude: let the ink of neighbouring lines reach into the crop, as it does in real cuts."""

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
    """How often neighbouring lines show.

    Attributes:
        side_chance: of each of the two long sides by itself; it acts only where there is free room.
        reach: the share of the free room that the neighbour may fill.
    """

    side_chance: Annotated[float, Field(ge=0, le=1)] = 0.1
    reach: Annotated[float, Field(ge=0, le=1)] = 0.75


def intrude(
    draws: Draws, spec: IntrudeSpec, mask: Image, room_ltrb: tuple[float, float, float, float], column: bool
) -> bool:
    """Copy slices of the line's own ink to the long edges of its mask; return whether anything was added.

    The far side of the line serves as its neighbour: its feet above it, its head below it. A neighbour stays in the
    free room (`room_ltrb`, pixels) and never touches the line. Nothing is added before or after the text: what shows
    there could be read as a character that the label lacks.

    Args:
        mask: (H, W) uint8, changed in place.
        column: the text runs from top to bottom, so its neighbours are left and right.
    """
    first, second, shift = draws.units(3)
    if min(first, second) >= spec.side_chance:
        return False
    left, top, right, bottom = room_ltrb
    # Looked at sideways, a column is a line: its left neighbour is what the line above is to a line.
    line, above, below = (mask.T, left, right) if column else (mask, top, bottom)
    height = line.shape[0]
    source = line.copy()
    added = False
    for is_below, chance in ((False, first), (True, second)):
        depth = int(((below if is_below else above) - _GAP_PX) * spec.reach)
        if chance >= spec.side_chance or depth < _LEAST_PX or depth > height // 3:
            continue
        if is_below:
            head = max(0, int(above))
            target, piece = line[height - depth :], source[head : head + depth]
        else:
            foot = height - max(0, int(below))
            target, piece = line[:depth], source[foot - depth : foot]
        if piece.shape == target.shape:
            along = np.roll(piece, int((0.2 + 0.6 * shift) * piece.shape[1]), 1)
            np.maximum(target, along, out=target)
            added = True
    return added
