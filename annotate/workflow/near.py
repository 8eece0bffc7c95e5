"""Pictures that are nearly the same, by their vectors: the last of the gates for duplicates, after MD5 and phash.

How near two vectors are says little by itself: to a small model, or to one that was trained on few kinds of things,
all pictures of a kind are as near as copies. So the perceptual hash must confirm it: photographs that were compressed,
scaled, brightened or shifted by a twentieth differ in less than 16 of its 64 bits, two different ones, or two rendered
scenes of a kind, in 18 and more (999 of 1,000 pairs of scenes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from annotate.index.rows import Found
from annotate.records import Twin
from annotate.store import images, twins, vectors
from annotate.workflow.context import Context

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

_QUERIES = 64
# A picture is linked with this many others at most: enough to join a crowd, and not its square.
_NEAREST = 10
_LOOK_BITS = 16


def look_alike(one: str, other: str) -> bool:
    """Whether two perceptual hashes (hex) are so near that two pictures with near vectors are nearly the same."""
    if not one or not other:
        return True  # of old pictures none is known: the vectors decide
    return (int(one, 16) ^ int(other, 16)).bit_count() <= _LOOK_BITS


def find_twins(context: Context, index: MilvusIndex, collection: str, threshold: float) -> int:
    """Link the pictures that came since the last time with nearly the same ones before them; return how many links.

    Args:
        threshold: cosine; at or above it two pictures that look alike are nearly the same.
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
                    if later in known and earlier in known and look_alike(known[later].phash, known[earlier].phash)
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


def without_twins(
    found: Sequence[Found], threshold: float, looks: Mapping[int, str]
) -> tuple[list[Found], dict[int, list[int]]]:
    """Return the hits without those nearly the same as one before them, and which those are, by what they resemble.

    Args:
        threshold: cosine; at or above it two pictures that look alike are nearly the same.
        looks: the perceptual hash of each picture, by its number.
    """
    kept: list[Found] = []
    twins: dict[int, list[int]] = {}
    stack = np.zeros((len(found), 0), np.float32)
    for hit in found:
        if hit.vector is not None:
            if not stack.shape[1]:
                stack = np.zeros((len(found), len(hit.vector)), np.float32)
            cosines = stack[: len(kept)] @ hit.vector
            near = sorted((int(place) for place in np.flatnonzero(cosines >= threshold)), key=lambda at: -cosines[at])
            look = looks.get(hit.number, "")
            alike = next((kept[i].number for i in near if look_alike(looks.get(kept[i].number, ""), look)), None)
            if alike is not None:
                twins[alike].append(hit.number)
                continue
            stack[len(kept)] = hit.vector
        kept.append(hit)
        twins[hit.number] = []
    return kept, twins
