"""What the index holds of a picture, and what it finds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotate.embed.towers import Vectors
from annotate.records import Picture

# Kinds of vectors that every picture has: the whole picture, and the one that does not read (see embed.views).
WHOLE, PLAIN = "whole", "plain"
# A part's key is its picture's number and its place among that picture's parts.
PARTS_A_PICTURE = 256
NO_TIME, NO_SCORE = -1, 2.0
TAGS_BYTES = 8_192


@dataclass(frozen=True, slots=True)
class Row:
    """A picture as the index holds it: its vectors by kind, and scalar fields to filter by."""

    number: int
    vectors: Mapping[str, Vectors]
    scalars: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture with a vector of its own: a tile, or a text with what is round it."""

    number: int
    position: int
    box_xyxy: tuple[int, int, int, int]
    vector: Vectors

    @property
    def id(self) -> int:
        """Its key in the index."""
        return self.number * PARTS_A_PICTURE + self.position


@dataclass(frozen=True, slots=True)
class Found:
    """A picture, or a part of one, that is near to a query.

    Attributes:
        score: cosine, higher is nearer.
    """

    number: int
    score: float
    vector: Vectors | None = field(default=None, compare=False)
    box_xyxy: tuple[int, int, int, int] | None = None


def scalars_of(picture: Picture) -> dict[str, Any]:
    """Return the scalar fields of a picture. What is not there has a value that filters leave out."""
    return {
        "source": picture.source_id,
        "clip": picture.clip_id or "",
        "time_ms": NO_TIME if picture.time_ms is None else picture.time_ms,
        "width": picture.width,
        "height": picture.height,
        "status": picture.status,
        "boxes": picture.box_count,
        # As the index holds it, so that what comes back compares.
        "min_score": NO_SCORE if picture.min_score is None else float(np.float32(picture.min_score)),
        "tags": ("".join(f"|{tag}" for tag in sorted(picture.tags)) + "|")
        .encode()[:TAGS_BYTES]
        .decode(errors="ignore"),
    }


def digest_of(scalars: Mapping[str, Any]) -> str:
    """Return a digest of scalar fields, to see whether the index has the present ones."""
    return hashlib.sha256(repr(sorted(scalars.items())).encode()).hexdigest()[:16]
