"""How long texts are to be: the range, the mean, and the distribution that has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from synthtext.spec import Spec

_LONGEST = 200
_USUAL_MEAN = 10.0
_STEPS = 50


class LengthSpec(Spec):
    """Characters a text has, spaces included.

    Attributes:
        mean: none for that of the weights; without weights it is 10, or the middle of a shorter range.
        weights: by length, as real texts are; none for all lengths alike. A mean tilts them until they have it.
    """

    min: int = Field(default=1, ge=1, le=_LONGEST)
    max: int = Field(default=23, ge=1, le=_LONGEST)
    mean: float | None = None
    weights: dict[int, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ordered(self) -> LengthSpec:
        if self.min > self.max:
            raise PydanticCustomError("length", f"min {self.min} is above max {self.max}; swap them")
        if self.mean is not None and not self.min <= self.mean <= self.max:
            raise PydanticCustomError("length", f"mean {self.mean:g} is outside {self.min}..{self.max}")
        used = self.used_weights
        if self.weights and not used:
            raise PydanticCustomError(
                "length", f"weights: no length of {self.min}..{self.max} has one above 0; add some"
            )
        if self.mean is not None and used and not min(used) <= self.mean <= max(used):
            raise PydanticCustomError(
                "length", f"mean {self.mean:g} is outside the weights' {min(used)}..{max(used)}; change one of them"
            )
        return self

    @property
    def used_weights(self) -> dict[int, float]:
        """The weights above 0 of lengths in the range."""
        return {length: weight for length, weight in self.weights.items() if self.min <= length <= self.max and weight}

    @property
    def wanted_mean(self) -> float:
        """The mean that texts should have."""
        if self.mean is not None:
            return self.mean
        if weights := self.used_weights:
            return sum(length * weight for length, weight in weights.items()) / sum(weights.values())
        return max(self.min, min(_USUAL_MEAN, (self.min + self.max) / 2))


def length_shares(low: int, high: int, mean: float, weights: Mapping[int, float] | None = None) -> list[float]:
    """Return the cumulative shares of all lengths but the last: the weights, tilted until they have this mean.

    Without weights it is the flattest distribution with the mean.
    """
    base = [weights.get(length, 0.0) for length in range(low, high + 1)] if weights else [1.0] * (high - low + 1)
    left, right = -20.0, 20.0
    for _ in range(_STEPS):
        tilt = (left + right) / 2
        shares = _tilted(base, tilt)
        if low + sum(step * share for step, share in enumerate(shares)) < mean:
            left = tilt
        else:
            right = tilt
    return list(accumulate(_tilted(base, (left + right) / 2)))[:-1]


def _tilted(base: Sequence[float], tilt: float) -> Sequence[float]:
    # Powers count from the heavier end, so that none overflows, and not all of them vanish.
    used = [step for step, share in enumerate(base) if share]
    end = used[-1] if tilt > 0 else used[0]
    weights = [share * exp(tilt * (step - end)) if share else 0.0 for step, share in enumerate(base)]
    total = sum(weights)
    return [weight / total for weight in weights]
