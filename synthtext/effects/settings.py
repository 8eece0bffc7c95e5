"""The `effects` section of a configuration: a mapping in the order of physics, or a list in an order of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, PlainSerializer, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from synthtext.effects.base import Effect
from synthtext.effects.codec import Jpeg
from synthtext.effects.focus import Blur, MotionBlur, Resample
from synthtext.effects.light import Exposure, Shade, Tint
from synthtext.effects.noise import Noise
from synthtext.effects.occlude import Lines
from synthtext.effects.steps import GROUP, OneOf, Path, Step, dump_groups, dump_steps, parse_groups, parse_steps
from synthtext.effects.table import BY_NAME, EFFECTS
from synthtext.spec import Spec


def _listed(value: object) -> tuple[Step | OneOf, ...]:
    return () if isinstance(value, (list, tuple)) and not value else parse_steps(value)


_Groups = Annotated[tuple[OneOf, ...], BeforeValidator(parse_groups), PlainSerializer(dump_groups)]
_Steps = Annotated[tuple[Step | OneOf, ...], BeforeValidator(_listed), PlainSerializer(dump_steps)]


class EffectsSpec(Spec):
    """Which effects a preset uses; one that is not named never happens.

    Attributes:
        one_of: groups of effects of which at most one happens; the one that is chosen takes its place in the order.
        chain: effects in an order of one's own, in place of everything else here; a list in place of the whole
            section means this.
    """

    lines: Lines = Lines()
    shade: Shade = Shade()
    blur: Blur = Blur()
    motion_blur: MotionBlur = MotionBlur()
    resample: Resample = Resample()
    exposure: Exposure = Exposure()
    tint: Tint = Tint()
    noise: Noise = Noise()
    jpeg: Jpeg = Jpeg()
    one_of: _Groups = ()
    chain: _Steps = ()

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        # Parsed here and not below `chain`, so that an error's path is the one in the user's file.
        return {"chain": _listed(value)} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_way_only(self) -> Self:
        named = [effect.name for effect in EFFECTS if getattr(self, effect.name).chance > 0]
        named += [GROUP] if self.one_of else []
        if self.chain and named:
            raise ValueError(f"has both a chain and {', '.join(named)}; put all into the chain")
        return self

    @model_serializer(mode="wrap")
    def _plain(self, handler: SerializerFunctionWrapHandler) -> Any:
        return dump_steps(self.chain) if self.chain else handler(self)

    def used(self) -> Iterator[tuple[Path, Effect]]:
        """Yield every effect that may happen, with its place in the section."""
        if self.chain:
            yield from _used(self.chain, ())
            return
        for effect in EFFECTS:
            if getattr(self, effect.name).chance > 0:
                yield (effect.name,), effect
        for place, group in enumerate(self.one_of):
            if group.chance > 0:
                yield from _used(group.of, (GROUP, place, "of"))

    def check_color(self, color: str) -> None:
        """Refuse effects that nobody could see in pictures of this kind, `rgb` or `gray`.

        Raises:
            ValidationError: with the place of the first one.
        """
        for place, effect in self.used() if color == "gray" else ():
            if effect.color_only:
                text = (
                    "changes colours alone, and crop.color is gray, so nothing would show; "
                    "leave it out or set crop.color to rgb"
                )
                details = InitErrorDetails(type=PydanticCustomError("step", text), loc=("effects", *place), input=None)
                raise ValidationError.from_exception_data("effects", [details])


def _used(steps: tuple[Step | OneOf, ...], at: Path) -> Iterator[tuple[Path, Effect]]:
    for place, step in enumerate(steps):
        if not (step.chance and step.weight):
            continue
        if isinstance(step, OneOf):
            yield from _used(step.of, (*at, place, GROUP, "of"))
        else:
            yield (*at, place, step.name), BY_NAME[step.name]
