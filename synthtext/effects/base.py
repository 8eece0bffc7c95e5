"""What every effect's spec has: a chance, and ranges named like the keyword arguments of its function."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from synthtext.rng import Draws
from synthtext.spec import Range, Spec


class EffectSpec(Spec):
    """Base of effect specs. Every `Range` field is drawn and handed to the function under its name.

    Attributes:
        chance: how often a picture gets the effect.
    """

    chance: Annotated[float, Field(ge=0, le=1)] = 0.0

    def ranges(self) -> tuple[tuple[str, Range], ...]:
        """Return the fields that are drawn, in order."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple((name, value) for name, value in values if isinstance(value, Range))


def draw(ranges: tuple[tuple[str, Range], ...], draws: Draws) -> dict[str, float]:
    """Return one number for each range."""
    return {name: span.draw(draws) for name, span in ranges}
