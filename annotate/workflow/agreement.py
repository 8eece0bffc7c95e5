"""How far two people's labels of one picture agree: boxes paired by overlap, texts compared in pairs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from annotate.records import Region
from annotate.review_records import Agreement

# Two outlines are of the same text from this share of their union on; ICDAR's protocol uses the same.
LEAST_IOU = 0.5


def agreement(first: Sequence[Region], second: Sequence[Region]) -> Agreement:
    """Return how far the second person's labels agree with the first one's.

    What either of them marks as `ignore` is compared as a box, not as text.
    """
    pairs = paired(first, second)
    compared = [(first[a], second[b]) for a, b in pairs if not (first[a].ignore or second[b].ignore)]
    return Agreement(
        both=len(pairs),
        only_first=len(first) - len(pairs),
        only_second=len(second) - len(pairs),
        chars=sum(len(one.text) for one, _ in compared),
        char_errors=sum(Levenshtein.distance(one.text, other.text) for one, other in compared),
    )


def paired(first: Sequence[Region], second: Sequence[Region]) -> list[tuple[int, int]]:
    """Return the numbers of regions that outline the same text, the best overlap first; each region at most once."""
    overlaps = sorted(
        ((iou(one, other), a, b) for a, one in enumerate(first) for b, other in enumerate(second)), reverse=True
    )
    left, right, pairs = set(range(len(first))), set(range(len(second))), []
    for overlap, a, b in overlaps:
        if overlap < LEAST_IOU:
            break
        if a in left and b in right:
            left.discard(a)
            right.discard(b)
            pairs.append((a, b))
    return pairs


def iou(one: Region, other: Region) -> float:
    """Return the share of two outlines' union that both cover; exact for quads, by hulls for bent polygons."""
    a, b = _hull(one), _hull(other)
    if (a.max(0) <= b.min(0)).any() or (b.max(0) <= a.min(0)).any():
        return 0.0
    shared = float(cv2.intersectConvexConvex(a, b)[0])
    union = float(cv2.contourArea(a) + cv2.contourArea(b)) - shared
    return shared / union if union > 0 else 0.0


def _hull(region: Region) -> NDArray[np.float32]:
    return np.asarray(cv2.convexHull(np.array(region.points, np.float32)).reshape(-1, 2), np.float32)
