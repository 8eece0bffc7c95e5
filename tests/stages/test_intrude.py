"""Neighbours at the edges of a crop: they keep to the free room, away from the text, and stay unreadable."""

from __future__ import annotations

import numpy as np
import pytest

from synthtext.rng import Streams
from synthtext.stages.intrude import IntrudeSpec, intrude

HEIGHT, WIDTH = 48, 200
ROOM = (16.0, 4.0, 16.0, 4.0)


def word() -> np.ndarray:
    """Six letters, each a stem with a bar that runs to the right, and blank columns between them."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for left in range(16, 184, 28):
        mask[6:42, left : left + 4] = 255
        mask[20:24, left : left + 22] = 255
    return mask


def added(spec: IntrudeSpec, index: int, column: bool = False) -> np.ndarray:
    """The ink that `intrude` puts into a mask which had none of it before."""
    before = word().T.copy() if column else word()
    room = (ROOM[1], ROOM[0], ROOM[3], ROOM[2]) if column else ROOM
    after = before.copy()
    changed = intrude(Streams(1, index).column("intrude"), spec, after, room, column)
    assert changed == bool((after != before).any())
    assert (after >= before).all()
    found = (after > before).T if column else after > before
    return np.asarray(found)


ENDS = IntrudeSpec(side_chance=0, end_chance=1)


def test_intrude__no_chance_leaves_the_mask() -> None:
    assert not any(added(IntrudeSpec(side_chance=0, end_chance=0), index).any() for index in range(20))


@pytest.mark.parametrize("column", [False, True])
def test_intrude__ends_hold_slivers_at_both_edges(column: bool) -> None:
    ink = added(ENDS, 0, column).any(0)
    assert ink[0]  # cut through by the edge, as a letter that goes on is
    assert ink[-1]
    where = np.flatnonzero(ink)
    sliver = round(0.16 * HEIGHT)
    assert ((where < sliver) | (where >= WIDTH - sliver)).all()


def test_intrude__a_gap_stays_between_the_ends_and_the_word() -> None:
    for index in range(20):
        where = np.flatnonzero(added(ENDS, index).any(0))
        gap = 0.12 * HEIGHT
        assert ((where <= ROOM[0] - gap) | (where >= WIDTH - ROOM[2] + gap - 1)).all()


def test_intrude__no_room_no_sliver() -> None:
    mask = word()
    assert not intrude(Streams(1, 0).column("intrude"), ENDS, mask, (6.0, 4.0, 6.0, 4.0), False)
    assert (mask == word()).all()


def test_intrude__a_letter_narrower_than_the_sliver_is_not_shown() -> None:
    """A whole stem, such as an l, could be read; only letters that go on at the edge are cut."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[6:42, 20:182:20] = 255
    assert not intrude(Streams(1, 0).column("intrude"), ENDS, mask, (20.0, 4.0, 19.0, 4.0), False)


def test_intrude__ends_come_as_often_as_asked() -> None:
    spec = IntrudeSpec(side_chance=0, end_chance=0.3)
    inks = [added(spec, index) for index in range(400)]
    for edge in (0, -1):
        assert np.mean([ink[:, edge].any() for ink in inks]) == pytest.approx(0.3, abs=0.07)


def test_intrude__sides_do_not_depend_on_the_ends() -> None:
    for index in range(30):
        alone = added(IntrudeSpec(side_chance=0.5), index)
        both = added(IntrudeSpec(side_chance=0.5, end_chance=0.5), index)
        assert (both >= alone).all()
