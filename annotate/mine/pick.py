"""Picking a batch: hard pictures, different from each other, not too many of one clip, and some at random.

Random ones are drawn from all that may be picked, before the hard ones: only a sample that does not know the scores
makes an honest test set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that may be picked.

    Attributes:
        phash: 16 hex digits, or empty.
        number: that an index of vectors knows it by.
    """

    id: str
    score: float
    clip_id: str | None = None
    phash: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Picked:
    """A picture that was picked.

    Attributes:
        apart: how different it is from those picked before, 0 to 1; None for the first and for random ones.
    """

    candidate: Candidate
    at_random: bool
    apart: float | None = None


def pick(
    candidates: Sequence[Candidate],
    count: int,
    *,
    random_share: float,
    per_clip: int,
    rng: np.random.Generator,
    vectors_of: Callable[[Sequence[Candidate]], Mapping[str, Vectors]] = lambda _: {},
) -> list[Picked]:
    """Pick so many pictures; fewer when there are not enough.

    Args:
        candidates: in any order.
        random_share: 0 to 1, of the batch.
        per_clip: so many frames of a clip at most, random ones included.
        vectors_of: gives unit vectors by id; where one is missing, perceptual hashes tell how different pictures are.
    """
    wanted = min(count, len(candidates))
    clips: Counter[str] = Counter()
    picked: list[Picked] = []
    for number in rng.permutation(len(candidates)):
        if len(picked) >= round(wanted * random_share):
            break
        if _fits(candidates[number], clips, per_clip):
            picked.append(Picked(candidates[number], True))
    taken = {one.candidate.id for one in picked}
    rest = sorted((c for c in candidates if c.id not in taken), key=lambda c: (-c.score, c.id))
    # Beyond a few times what is wanted, pictures are no longer hard: what is gained in variety is lost in hardness.
    hard = rest[: max(200, 8 * wanted)]
    before = [one.candidate for one in picked]
    return picked + _spread(hard, before, wanted - len(picked), clips, per_clip, vectors_of([*before, *hard]))


def _spread(
    hard: Sequence[Candidate],
    before: Sequence[Candidate],
    wanted: int,
    clips: Counter[str],
    per_clip: int,
    vectors: Mapping[str, Vectors],
) -> list[Picked]:
    """K-center, greedily, weighted: next comes the picture whose score times its distance to all before is largest."""
    if not hard:
        return []
    scores = np.array([max(candidate.score, 1e-3) for candidate in hard])
    nearest = np.ones(len(hard))
    shapes = _Shapes(hard, vectors)
    for other in before:
        nearest = np.minimum(nearest, shapes.apart_from(other, vectors.get(other.id)))
    picked: list[Picked] = []
    gone = np.zeros(len(hard), bool)
    while len(picked) < wanted and not gone.all():
        number = int(np.argmax(np.where(gone, -1.0, scores * np.maximum(nearest, 1e-6))))
        gone[number] = True
        candidate = hard[number]
        if not _fits(candidate, clips, per_clip):
            continue
        apart = float(nearest[number]) if picked or before else None
        picked.append(Picked(candidate, False, None if apart is None else round(apart, 4)))
        nearest = np.minimum(nearest, shapes.apart_from(candidate, vectors.get(candidate.id)))
    return picked


class _Shapes:
    """What pictures look like, all at once: unit vectors where there are any, perceptual hashes for the others."""

    def __init__(self, candidates: Sequence[Candidate], vectors: Mapping[str, Vectors]) -> None:
        self._hashes = np.array([int(candidate.phash or "0", 16) for candidate in candidates], np.uint64)
        self._hashed = np.array([bool(candidate.phash) for candidate in candidates])
        rows = [number for number, candidate in enumerate(candidates) if candidate.id in vectors]
        self._rows = np.array(rows, np.intp)
        self._matrix = np.stack([vectors[candidates[number].id] for number in rows]) if rows else None

    def apart_from(self, candidate: Candidate, vector: Vectors | None) -> NDArray[np.float64]:
        """Return how different all are from one, 0 to 1; 1 where nothing is known."""
        apart = np.ones(len(self._hashes))
        if candidate.phash:
            bits = np.bitwise_count(self._hashes ^ np.uint64(int(candidate.phash, 16)))
            apart = np.where(self._hashed, np.minimum(bits / 32.0, 1.0), 1.0)
        if vector is not None and self._matrix is not None:
            apart[self._rows] = np.clip(1.0 - self._matrix @ vector, 0.0, 1.0)
        return apart


def _fits(candidate: Candidate, clips: Counter[str], per_clip: int) -> bool:
    if candidate.clip_id is None:
        return True
    if clips[candidate.clip_id] >= per_clip:
        return False
    clips[candidate.clip_id] += 1
    return True
