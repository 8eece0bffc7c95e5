"""Walks: one alone, and several from room to room."""

from __future__ import annotations

import pytest

from synthtext.errors import Rejected
from synthtext.walks import Walk, through, together


def _walk(name: str, rooms: list[int], seen: list[tuple[int, str]], refused: bool = False) -> Walk[str]:
    for room in rooms:
        yield room
        seen.append((room, name))
    if refused:
        raise Rejected(f"{name} has no room")
    return name.upper()


def test_through__goes_through_all_rooms() -> None:
    seen: list[tuple[int, str]] = []
    assert through(_walk("a", [1, 2, 9], seen)) == "A"
    assert seen == [(1, "a"), (2, "a"), (9, "a")]
    with pytest.raises(Rejected, match="b has no room"):
        through(_walk("b", [], seen, refused=True))


def test_together__nobody_enters_a_room_before_all_have_left_those_before_it() -> None:
    seen: list[tuple[int, str]] = []
    walks = [
        (7, _walk("a", [1, 3, 4], seen)),
        (8, _walk("b", [1, 2, 4], seen, refused=True)),
        (9, _walk("c", [], seen)),
        (5, _walk("d", [3, 2], seen)),
    ]
    made, refused = together(walks)
    assert made == {7: "A", 9: "C", 5: "D"}
    assert refused == {8: "b has no room"}
    assert seen == [(1, "a"), (1, "b"), (2, "b"), (3, "d"), (3, "a"), (2, "d"), (4, "b"), (4, "a")]
