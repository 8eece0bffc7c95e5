"""What an effect is: one pure function, and one spec with a chance and ranges named like the function's arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.spec import Range, Spec

Kind = Literal["pixels", "cover", "warp"]


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


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: its place in the random block, its function and its spec.

    Attributes:
        kind: what the function returns for an image and its numbers: `pixels`, the changed image; `cover`, the
            changed image and an (H, W) uint8 picture of how much of every pixel it hides, 255 for all; `warp`, for a
            size (width, height) instead of the image, the transform that moves pixels and labels.
        color_only: it changes colours and leaves brightness alone, so there is nothing to see in gray.
        needs: the package, outside the base install, that it cannot work without, and the extra that holds it.
    """

    name: str
    slot: int
    function: Callable[..., Any]
    spec: type[EffectSpec]
    kind: Kind = "pixels"
    color_only: bool = False
    needs: tuple[str, str] | None = None

    def apply(self, image: Image, values: dict[str, float]) -> Image:
        """Return the image with the effect of these numbers."""
        if self.kind == "warp":
            size_wh = image.shape[1], image.shape[0]
            return self.function(size_wh, **values).image(image, size_wh, None)  # type: ignore[no-any-return]
        made = self.function(image, **values)
        return made if self.kind == "pixels" else made[0]  # type: ignore[no-any-return]


def draw(ranges: tuple[tuple[str, Range], ...], draws: Draws) -> dict[str, float]:
    """Return one number for each range."""
    return {name: span.draw(draws) for name, span in ranges}
