"""A query as one vector: examples weighed, prompt packs averaged, people's thumbs taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotate.embed.towers import Vectors, unit

# How much of a pack's counter-prompt is taken away from it.
_COUNTER = 0.3
# Rocchio (1971), with the weights that are usual since.
_LIKED, _DISLIKED = 0.75, 0.25
# From so many thumbs each way a logistic probe does better than moving the query.
_ENOUGH = 4
_PROBE_STEPS, _PROBE_SCALE, _PROBE_PULL, _PROBE_RATE = 200, 20.0, 0.05, 0.02


@dataclass(frozen=True, slots=True)
class Weighted:
    """One example as a vector."""

    label: str
    vector: Vectors
    weight: float


def pack_vector(prompts: Vectors, counter: Vectors) -> Vectors:
    """Return the vector of a prompt pack: the mean of its prompts, away from that of the thing's written name."""
    mean = unit(prompts.mean(axis=0))
    return unit(mean - _COUNTER * unit(counter.mean(axis=0))) if len(counter) else mean


def combined(examples: Sequence[Weighted]) -> Vectors:
    """Return the weighted sum of the examples at length 1.

    Raises:
        ValueError: they cancel out.
    """
    total = np.sum([one.weight * one.vector for one in examples], axis=0)
    vector = unit(total)
    if not vector.any():
        raise ValueError("the examples cancel out")
    return vector


def refitted(query: Vectors | None, liked: Vectors, disliked: Vectors) -> Vectors:
    """Return a query moved towards what people like and away from what they do not.

    With a few thumbs this is Rocchio's rule; with four or more each way a logistic probe that stays near the query.

    Args:
        query: None when there are only thumbs.
        liked, disliked: (N, dim), unit vectors.

    Raises:
        ValueError: nothing is left to go by.
    """
    start = np.zeros(liked.shape[1] if len(liked) else disliked.shape[1], np.float32) if query is None else query
    moved = start + (_LIKED * liked.mean(axis=0) if len(liked) else 0)
    moved = moved - (_DISLIKED * disliked.mean(axis=0) if len(disliked) else 0)
    vector = unit(moved)
    if not vector.any():
        raise ValueError("the examples cancel out")
    if len(liked) < _ENOUGH or len(disliked) < _ENOUGH:
        return vector
    return _probe(vector, liked, disliked)


def similarities(examples: Sequence[Weighted], vector: Vectors) -> Mapping[str, float]:
    """Return the cosine of a picture's vector to each example, by the example's label."""
    return {one.label: float(one.vector @ vector) for one in examples}


def _probe(start: Vectors, liked: Vectors, disliked: Vectors) -> Vectors:
    """Fit `sigmoid(scale * (w @ x - b))` to the thumbs, with w pulled towards the start; return w at length 1."""
    x = np.concatenate([liked, disliked]).astype(np.float64)
    y = np.concatenate([np.ones(len(liked)), np.zeros(len(disliked))])
    share = np.where(y == 1, 0.5 / len(liked), 0.5 / len(disliked))
    w = start.astype(np.float64)
    b = float((x @ w).mean())
    for _ in range(_PROBE_STEPS):
        error = (1 / (1 + np.exp(-_PROBE_SCALE * (x @ w - b))) - y) * share * _PROBE_SCALE
        w = w - _PROBE_RATE * (error @ x + _PROBE_PULL * _PROBE_SCALE * (w - start))
        b = b + _PROBE_RATE * error.sum()
    return unit(w)
