"""How long texts are to be: the range, the mean, and the distribution that has it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import exp

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from synthtext.spec import Spec

_LONGEST = 200
_USUAL_MEAN = 10.0
_STEPS = 50


class LengthSpec(Spec):
    """Characters a text has, spaces included; without a mean it is 10, or the middle of a shorter range."""

    min: int = Field(default=1, ge=1, le=_LONGEST)
    max: int = Field(default=23, ge=1, le=_LONGEST)
    mean: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> LengthSpec:
        if self.min > self.max:
            raise PydanticCustomError("length", f"min {self.min} is above max {self.max}; swap them")
        if self.mean is not None and not self.min <= self.mean <= self.max:
            raise PydanticCustomError("length", f"mean {self.mean:g} is outside {self.min}..{self.max}")
        return self

    @property
    def wanted_mean(self) -> float:
        """The mean that texts should have."""
        if self.mean is not None:
            return self.mean
        return max(self.min, min(_USUAL_MEAN, (self.min + self.max) / 2))


def length_shares(low: int, high: int, mean: float) -> list[float]:
    """Return the cumulative shares of all lengths but the last, of the flattest one with this mean."""
    left, right = -20.0, 20.0
    for _ in range(_STEPS):
        tilt = (left + right) / 2
        shares = _tilted(high - low + 1, tilt)
        if low + sum(step * share for step, share in enumerate(shares)) < mean:
            left = tilt
        else:
            right = tilt
    return list(accumulate(_tilted(high - low + 1, (left + right) / 2)))[:-1]


def _tilted(count: int, tilt: float) -> Sequence[float]:
    # Powers count from the heavier end, so that none overflows.
    weights = [exp(tilt * (step - (count - 1 if tilt > 0 else 0))) for step in range(count)]
    total = sum(weights)
    return [weight / total for weight in weights]
