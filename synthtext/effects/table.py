"""The table of effects, in the order in which ink, air, lens and electronics apply them.

`slot` is an effect's fixed place in the random block: never reuse or renumber one, because that would change the
bytes of every dataset. New effects take the next free slot, wherever they stand in the order.
"""

from __future__ import annotations

from synthtext.effects.air import Rain, Veil, rain, veil
from synthtext.effects.base import Effect
from synthtext.effects.codec import Jpeg, Webp, jpeg, webp
from synthtext.effects.distort import Lens, Ripple, RollingShutter, bend_lines, ripple, rolling_shutter
from synthtext.effects.flare import Bloom, Glare, bloom, glare
from synthtext.effects.focus import Blur, MotionBlur, Resample, blur, motion_blur, resample
from synthtext.effects.lens import Chromatic, Vignette, chromatic, vignette
from synthtext.effects.light import Exposure, Shade, Tint, expose, shade, tint
from synthtext.effects.noise import Noise, add_noise
from synthtext.effects.obstacles import Fence, Fingers, Leaves, fence, fingers, leaves
from synthtext.effects.occlude import Lines, cross
from synthtext.effects.overlay import Blots, Sticker, Stroke, Tape, blots, sticker, stroke, tape
from synthtext.effects.printing import (
    Fax,
    Halftone,
    Photocopy,
    ScanStreaks,
    Thermal,
    fax,
    halftone,
    photocopy,
    scan_streaks,
    thermal,
)
from synthtext.effects.process import Posterise, Sharpen, posterise, sharpen
from synthtext.effects.screens import Interlace, Lcd, Led, Moire, Scanlines, interlace, lcd, led, moire, scanlines
from synthtext.effects.sensor import (
    ChromaBleed,
    DeadPixels,
    Gamma,
    LowLight,
    Saturation,
    bleed,
    dead_pixels,
    gamma_curve,
    low_light,
    saturate,
)
from synthtext.effects.shadow import Blinds, Dapple, Shadow, blinds, dapple, shadow
from synthtext.effects.video import Video, video
from synthtext.effects.wear import Crease, Dust, Stain, crease, dust, stain

EFFECTS: tuple[Effect, ...] = (
    Effect("halftone", 9, halftone, Halftone),
    Effect("thermal", 10, thermal, Thermal),
    Effect("led", 11, led, Led),
    Effect("lcd", 12, lcd, Lcd),
    Effect("scanlines", 13, scanlines, Scanlines),
    Effect("crease", 14, crease, Crease),
    Effect("stain", 15, stain, Stain),
    Effect("dust", 16, dust, Dust),
    Effect("lines", 0, cross, Lines, "cover"),
    Effect("stroke", 17, stroke, Stroke, "cover"),
    Effect("tape", 18, tape, Tape, "cover"),
    Effect("sticker", 19, sticker, Sticker, "cover"),
    Effect("blots", 20, blots, Blots, "cover"),
    Effect("leaves", 21, leaves, Leaves, "cover"),
    Effect("fence", 22, fence, Fence, "cover"),
    Effect("fingers", 23, fingers, Fingers, "cover"),
    Effect("shade", 1, shade, Shade),
    Effect("shadow", 24, shadow, Shadow),
    Effect("blinds", 25, blinds, Blinds),
    Effect("dapple", 26, dapple, Dapple),
    Effect("glare", 27, glare, Glare, "cover"),
    Effect("veil", 28, veil, Veil),
    Effect("rain", 29, rain, Rain),
    Effect("ripple", 49, ripple, Ripple, "warp"),
    Effect("lens", 47, bend_lines, Lens, "warp"),
    Effect("vignette", 30, vignette, Vignette),
    Effect("chromatic", 31, chromatic, Chromatic),
    Effect("blur", 2, blur, Blur),
    Effect("motion_blur", 3, motion_blur, MotionBlur),
    Effect("rolling_shutter", 48, rolling_shutter, RollingShutter, "warp"),
    Effect("bloom", 32, bloom, Bloom),
    Effect("moire", 33, moire, Moire),
    Effect("resample", 4, resample, Resample),
    Effect("interlace", 34, interlace, Interlace),
    Effect("exposure", 5, expose, Exposure),
    Effect("low_light", 35, low_light, LowLight),
    Effect("tint", 6, tint, Tint),
    Effect("noise", 7, add_noise, Noise),
    Effect("dead_pixels", 36, dead_pixels, DeadPixels),
    Effect("gamma", 37, gamma_curve, Gamma),
    Effect("saturation", 38, saturate, Saturation, color_only=True),
    Effect("sharpen", 39, sharpen, Sharpen),
    Effect("posterise", 40, posterise, Posterise),
    Effect("photocopy", 41, photocopy, Photocopy),
    Effect("fax", 42, fax, Fax),
    Effect("scan_streaks", 43, scan_streaks, ScanStreaks),
    Effect("chroma_bleed", 44, bleed, ChromaBleed, color_only=True),
    Effect("webp", 45, webp, Webp),
    Effect("video", 46, video, Video, needs=("av", "video")),
    Effect("jpeg", 8, jpeg, Jpeg),
)
BY_NAME: dict[str, Effect] = {effect.name: effect for effect in EFFECTS}
ORDER: dict[str, int] = {effect.name: place for place, effect in enumerate(EFFECTS)}
