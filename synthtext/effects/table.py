"""The table of effects, in the order in which light and electronics apply them.

`slot` is an effect's fixed place in the random block: never reuse or renumber one, because that would change the
bytes of every dataset. New effects take the next free slot, wherever they stand in the order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synthtext.effects.base import EffectSpec, draw
from synthtext.effects.codec import Jpeg, jpeg
from synthtext.effects.focus import Blur, MotionBlur, Resample, blur, motion_blur, resample
from synthtext.effects.light import Exposure, Shade, Tint, expose, shade, tint
from synthtext.effects.noise import Noise, add_noise
from synthtext.effects.occlude import Lines, cross
from synthtext.geometry import Image
from synthtext.rng import Streams
from synthtext.spec import Range, Spec


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: its place in the random block, its function and its spec."""

    name: str
    slot: int
    function: Callable[..., Image]
    spec: type[EffectSpec]


EFFECTS: tuple[Effect, ...] = (
    Effect("lines", 0, cross, Lines),
    Effect("shade", 1, shade, Shade),
    Effect("blur", 2, blur, Blur),
    Effect("motion_blur", 3, motion_blur, MotionBlur),
    Effect("resample", 4, resample, Resample),
    Effect("exposure", 5, expose, Exposure),
    Effect("tint", 6, tint, Tint),
    Effect("noise", 7, add_noise, Noise),
    Effect("jpeg", 8, jpeg, Jpeg),
)


class EffectsSpec(Spec):
    """Which effects a preset uses; one that is not named never happens."""

    lines: Lines = Lines()
    shade: Shade = Shade()
    blur: Blur = Blur()
    motion_blur: MotionBlur = MotionBlur()
    resample: Resample = Resample()
    exposure: Exposure = Exposure()
    tint: Tint = Tint()
    noise: Noise = Noise()
    jpeg: Jpeg = Jpeg()


class Chain:
    """The effects of a configuration, ready to be drawn and applied."""

    __slots__ = ("links",)

    def __init__(self, spec: EffectsSpec) -> None:
        self.links: list[tuple[Effect, float, tuple[tuple[str, Range], ...]]] = []
        for effect in EFFECTS:
            own: EffectSpec = getattr(spec, effect.name)
            if own.chance > 0:
                self.links.append((effect, own.chance, own.ranges()))

    def apply(self, streams: Streams, image: Image) -> tuple[Image, dict[str, dict[str, float]]]:
        """Return the image after the effects that were drawn, and their numbers by name, in order."""
        applied: dict[str, dict[str, float]] = {}
        gates = streams.effect_gates()
        for effect, chance, ranges in self.links:
            if gates[effect.slot] < chance:
                values = draw(ranges, streams.effect(effect.slot)) if ranges else {}
                image = effect.function(image, **values)
                applied[effect.name] = values
        return image, applied
