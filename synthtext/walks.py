"""Work that stops between rooms, so that several pieces of it can go from room to room together."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

from synthtext.errors import Rejected

_T = TypeVar("_T")

Walk = Generator[int, None, _T]
"""Yields the number of the room where it goes on, and returns what it comes to."""


def through(walk: Walk[_T]) -> _T:
    """Return what a walk comes to, without a rest between its rooms.

    Raises:
        Rejected: as the walk does.
    """
    try:
        while True:
            next(walk)
    except StopIteration as done:
        result: _T = done.value
        return result


def together(walks: Iterable[tuple[int, Walk[_T]]]) -> tuple[dict[int, _T], dict[int, str]]:
    """Take numbered walks through their rooms, all that are in one before any goes to the next.

    Returns:
        What they come to, and why the others were rejected.
    """
    made: dict[int, _T] = {}
    refused: dict[int, str] = {}
    rooms: dict[int, list[tuple[int, Walk[_T]]]] = {0: list(walks)}
    while rooms:
        for number, walk in rooms.pop(min(rooms)):
            try:
                rooms.setdefault(next(walk), []).append((number, walk))
            except StopIteration as done:
                made[number] = done.value
            except Rejected as refusal:
                refused[number] = refusal.reason
    return made, refused
