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
_END_GAP_FRAC = 0.12  # of the crop's height: less would look like a letter of the word itself
_END_DEPTH_FRAC = 0.16  # wider slices of narrow letters could be read
_FAINT = 24


class IntrudeSpec(Spec):
    """How often neighbouring lines and words show.

    Attributes:
        side_chance: of each of the two long sides by itself; it acts only where there is free room.
        reach: the share of the free room that the neighbour may fill.
        end_chance: of each of the two ends by itself: a sliver of a letter of the word before or after.
    """

    side_chance: Annotated[float, Field(ge=0, le=1)] = 0.1
    reach: Annotated[float, Field(ge=0, le=1)] = 0.75
    end_chance: Annotated[float, Field(ge=0, le=1)] = 0.0


def intrude(
    draws: Draws, spec: IntrudeSpec, mask: Image, room_ltrb: tuple[float, float, float, float], column: bool
) -> bool:
    """Copy slices of the line's own ink to the edges of its mask; return whether anything was added.

    The far side of the line serves as its neighbour: its feet above it, its head below it. At the ends it is a
    sliver of one of its letters, cut through by the edge and too narrow to be read, for it must not look like a
    character that the label lacks. A neighbour stays in the free room (`room_ltrb`, pixels) and never touches the line.

    Args:
        mask: (H, W) uint8, changed in place.
        column: the text runs from top to bottom, so its neighbours are left and right.
    """
    first, second, shift = draws.units(3)
    start, end, pick = draws.units(3)
    if min(first, second) >= spec.side_chance and min(start, end) >= spec.end_chance:
        return False
    left, top, right, bottom = room_ltrb
    # Looked at sideways, a column is a line: its left neighbour is what the line above is to a line.
    line, above, below = (mask.T, left, right) if column else (mask, top, bottom)
    before, after = (top, bottom) if column else (left, right)
    source = line.copy()
    sides = (first < spec.side_chance, second < spec.side_chance)
    added = _beside(line, source, spec.reach, sides, (above, below), shift)
    # Seen from behind, the start of a line is its end.
    for view, own, room, chance in ((line[:, ::-1], source[:, ::-1], before, start), (line, source, after, end)):
        if chance < spec.end_chance:
            added |= _behind(view, own, spec.reach, room, pick)
    return added


def _beside(
    line: Image, source: Image, reach: float, wanted: tuple[bool, bool], rooms: tuple[float, float], shift: float
) -> bool:
    """Let neighbours show above and below the line, where they are wanted."""
    height = line.shape[0]
    above, below = rooms
    added = False
    for is_below, is_wanted in enumerate(wanted):
        depth = int((rooms[is_below] - _GAP_PX) * reach)
        if not is_wanted or depth < _LEAST_PX or depth > height // 3:
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


def _behind(line: Image, source: Image, reach: float, room: float, pick: float) -> bool:
    """Let the first columns of a letter show where the line ends; `pick` says which of the letters there."""
    height, width = line.shape
    depth = int(min((room - max(_GAP_PX, _END_GAP_FRAC * height)) * reach, _END_DEPTH_FRAC * height))
    if depth < _LEAST_PX:
        return False
    inked = source.max(0) > _FAINT
    # A letter that begins behind a blank column, and is still there where the edge cuts it. Letters from the near
    # half of the line lie as high as the neighbour would, tilted as the line may be.
    begins = np.flatnonzero(~inked[:-1] & inked[1:])
    begins = begins[(begins >= width // 2) & (begins + depth < width)]
    begins = begins[inked[begins + depth - 1]]
    if not len(begins):
        return False
    begin = int(begins[int(pick * len(begins))])
    target = line[:, width - depth :]
    np.maximum(target, source[:, begin : begin + depth], out=target)
    return True
