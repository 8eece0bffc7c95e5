"""The table of effects, in the order in which ink, air, lens and electronics apply them.

`slot` is an effect's fixed place in the random block: never reuse or renumber one, because that would change the
bytes of every dataset. New effects take the next free slot, wherever they stand in the order.
"""

from __future__ import annotations

from synthtext.effects.base import Effect
from synthtext.effects.codec import Jpeg, jpeg
from synthtext.effects.focus import Blur, MotionBlur, Resample, blur, motion_blur, resample
from synthtext.effects.light import Exposure, Shade, Tint, expose, shade, tint
from synthtext.effects.noise import Noise, add_noise
from synthtext.effects.occlude import Lines, cross

EFFECTS: tuple[Effect, ...] = (
    Effect("lines", 0, cross, Lines, "cover"),
    Effect("shade", 1, shade, Shade),
    Effect("blur", 2, blur, Blur),
    Effect("motion_blur", 3, motion_blur, MotionBlur),
    Effect("resample", 4, resample, Resample),
    Effect("exposure", 5, expose, Exposure),
    Effect("tint", 6, tint, Tint),
    Effect("noise", 7, add_noise, Noise),
    Effect("jpeg", 8, jpeg, Jpeg),
)
BY_NAME: dict[str, Effect] = {effect.name: effect for effect in EFFECTS}
ORDER: dict[str, int] = {effect.name: place for place, effect in enumerate(EFFECTS)}
