"""Pictures that are nearly the same, by their vectors: the last of the gates for duplicates, after MD5 and phash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from annotate.records import Twin
from annotate.store import images, twins, vectors
from annotate.workflow.context import Context

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

_QUERIES = 64
# A picture is linked with this many others at most: enough to join a crowd, and not its square.
_NEAREST = 10


def find_twins(context: Context, index: MilvusIndex, collection: str, threshold: float) -> int:
    """Link the pictures that came since the last time with nearly the same ones before them; return how many links.

    Args:
        threshold: cosine; at or above it two pictures are nearly the same.
    """
    linked = 0
    while True:
        with context.db.reading() as session:
            numbers = vectors.to_compare(session, collection, _QUERIES)
        if not numbers:
            return linked
        found = index.vectors(collection, numbers)
        pairs = _pairs(index, collection, found, threshold) if found else []
        with context.db.writing() as session:
            known = images.by_number(session, {number for later, earlier, _ in pairs for number in (later, earlier)})
            linked += twins.link(
                session,
                [
                    Twin(known[later].id, known[earlier].id, "clip", similarity)
                    for later, earlier, similarity in pairs
                    if later in known and earlier in known
                ],
            )
            vectors.mark_compared(session, collection, numbers)


def _pairs(
    index: MilvusIndex, collection: str, found: dict[int, np.ndarray], threshold: float
) -> list[tuple[int, int, float]]:
    numbers = list(found)
    nearest = index.search(collection, np.stack([found[number] for number in numbers]), _NEAREST + 1)
    pairs = {
        (max(number, hit.number), min(number, hit.number)): min(hit.score, 1.0)
        for number, hits in zip(numbers, nearest, strict=True)
        for hit in hits
        if hit.number != number and hit.score >= threshold
    }
    return [(later, earlier, similarity) for (later, earlier), similarity in pairs.items()]
