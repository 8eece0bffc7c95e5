"""Ranges and weights: what a configuration says, and drawing numbers from it.

A *spec* holds ranges; a stage *draws* from it with numbers of its own column and then *applies* the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from synthtext.rng import Draws

_T = TypeVar("_T")


class Spec(BaseModel):
    """Base of all configuration models: unknown keys are errors, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


@dataclass(frozen=True, slots=True)
class Range:
    """A closed range of floats; in YAML `[low, high]`, or one number for a fixed value."""

    low: float
    high: float

    def draw(self, draws: Draws) -> float:
        """Return a number of the range, all equally likely."""
        return self.low + (self.high - self.low) * draws.unit()

    def at(self, unit: float) -> float:
        """Return the number that lies at a share in [0, 1) of the range."""
        return self.low + (self.high - self.low) * unit

    @classmethod
    def parse(cls, value: Any) -> Range:
        """Return the range that a YAML value says.

        Raises:
            PydanticCustomError: not a number or a pair of numbers in ascending order.
        """
        if isinstance(value, Range):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return cls(float(value), float(value))
        if (
            isinstance(value, (list, tuple))
            and len(value) == 2
            and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value)
        ):
            low, high = float(value[0]), float(value[1])
            if not low <= high:
                raise PydanticCustomError(
                    "range_order",
                    "the range [{low}, {high}] is upside down; write [{high}, {low}]",
                    {"low": f"{low:g}", "high": f"{high:g}"},
                )
            return cls(low, high)
        raise PydanticCustomError("range_type", "expected a number or a range [low, high]")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda r: [float(r.low), float(r.high)]),
        )


@dataclass(frozen=True, slots=True)
class Within:
    """An annotation for a `Range` field: both ends must lie in [low, high]."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: Range) -> Range:
        if value.low < self.low or value.high > self.high:
            raise PydanticCustomError(
                "range_bounds",
                "the range [{a}, {b}] leaves [{low}, {high}], the values that make sense here",
                {
                    "a": f"{value.low:g}",
                    "b": f"{value.high:g}",
                    "low": f"{self.low:g}",
                    "high": f"{self.high:g}",
                },
            )
        return value


class Weighted(Generic[_T]):
    """Items with weights, ready to be drawn from.

    Args:
        weights: item -> weight >= 0; at least one must be above 0. Items of weight 0 are never drawn.
    """

    __slots__ = ("cumulative", "items")

    def __init__(self, weights: Mapping[_T, float]) -> None:
        kept = [(item, float(weight)) for item, weight in weights.items() if weight > 0]
        if not kept:
            raise ValueError("no item has a weight above 0")
        self.items: list[_T] = [item for item, _ in kept]
        self.cumulative: list[float] = list(accumulate(weight for _, weight in kept))

    def draw(self, draws: Draws) -> _T:
        """Return one item."""
        return self.items[draws.weighted(self.cumulative)]


def group_chances(chances: Sequence[float]) -> list[float]:
    """Return the chances of things of which at most one happens: what always happens leaves nothing to the others.

    So one of them can be looked at by setting its chance to 1, whatever a preset gives to the others.
    """
    return [chance if chance >= 1 else 0.0 for chance in chances] if max(chances, default=0) >= 1 else list(chances)
