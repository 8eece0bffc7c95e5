"""The nouns of the Pool page: what it lists, and what came of a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from annotate.records import Status


@dataclass(frozen=True, slots=True)
class PoolPicture:
    """A picture of the pool as people see it: no path of the server's machine."""

    id: str
    name: str
    width: int
    height: int
    bytes: int
    source_id: int
    added_at: datetime
    clip_id: str | None
    time_ms: int | None
    page: int | None
    status: Status
    rev: int
    box_count: int
    min_score: float | None
    tags: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class PoolPage:
    """A page of the pool.

    Attributes:
        next: what to go on after; None at the end.
        count: how many pictures pass the filter; `counted` says whether these are all, or only the first of them.
    """

    pictures: tuple[PoolPicture, ...]
    next: int | None
    count: int
    counted: bool


@dataclass(frozen=True, slots=True)
class PoolSource:
    """Where pictures came from, by name and not by path, with how many there are."""

    id: int
    kind: str
    name: str
    pictures: int


@dataclass(frozen=True, slots=True)
class PoolClip:
    """A video of the pool."""

    id: str
    name: str
    duration_ms: int
    pictures: int


@dataclass(frozen=True, slots=True)
class PoolChoices:
    """What the pool can be filtered by, and how many pictures have each status."""

    sources: tuple[PoolSource, ...]
    clips: tuple[PoolClip, ...]
    tags: tuple[str, ...]
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class PoolChange:
    """What came of a change of pictures.

    Attributes:
        changed: how many pictures are another way now; those that were so before do not count.
        refused: names of pictures that could not be changed, with why.
    """

    changed: int
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TwinGroups:
    """Groups of pictures that are nearly the same; the first of each group came first.

    Attributes:
        next: what to go on after; None at the end.
    """

    groups: tuple[tuple[PoolPicture, ...], ...]
    next: str | None
