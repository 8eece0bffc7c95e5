"""Screens: text that glows, and what happens when a camera looks at it."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import ONE, across, color_of, gained, like, looked_up, luma, parting_levels, short_side
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_PHASES = np.linspace(0.0, 2.0 * np.pi, 256, endpoint=False)


class Led(EffectSpec):
    """An LED sign: round dots that glow on black.

    Attributes:
        pitch_px: from dot to dot.
        dot: diameter of a dot, as a share of the pitch.
        mono: 0 for dots in the picture's colours, 1 for dots of one colour; above 0.5 counts as 1.
        hue: of that colour: 0 is red, 0.08 amber, 0.33 green.
        lit: 1 makes the text glow on a dark ground whatever it was before; above 0.5 counts as 1.
        dead: share of the dots that stay dark.
        at: which dots; leave it at [0, 1].
    """

    pitch_px: Annotated[Range, Within(2, 24)] = Range(2, 3)
    dot: Annotated[Range, Within(0.3, 1.2)] = Range(0.65, 0.95)
    mono: Annotated[Range, Within(0, 1)] = Range(0, 1)
    hue: Annotated[Range, Within(0, 1)] = Range(0, 0.35)
    lit: Annotated[Range, Within(0, 1)] = Range(0.4, 1)
    dead: Annotated[Range, Within(0, 0.3)] = Range(0, 0.015)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def led(
    image: Image, *, pitch_px: float, dot: float, mono: float, hue: float, lit: float, dead: float, at: float
) -> Image:
    """Return the image as a field of round lamps shows it."""
    height, width = image.shape[:2]
    rows, columns = max(4, round(height / pitch_px)), max(4, round(width / pitch_px))
    lamps = cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)
    gray = luma(lamps)  # type: ignore[arg-type]
    split = parting_levels(gray)
    ink = cv2.compare(gray, split, cv2.CMP_GE)
    # The ground is what there is more of at the picture's border: bold text may fill most of the rest.
    rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    inverted = lit > 0.5 and cv2.countNonZero(rim) * 2 > rim.size
    if mono > 0.5 or inverted:
        steep = cv2.addWeighted(gray, 2.8, split, -2.8, 96.0)
        steep = cv2.bitwise_not(steep) if inverted else steep
        red, green, blue = color_of(hue, 0.95, 1.0)
        lamps = looked_up(steep, np.outer(np.linspace(0.03, 1.0, 256), (red, green, blue)), image)  # type: ignore[arg-type]
    if dead > 0:
        lamps[_units(rows * columns, at).reshape(rows, columns) < dead] = 8
    lamps = cv2.convertScaleAbs(lamps, alpha=1.25, beta=6.0)
    field = cv2.resize(lamps, (width, height), interpolation=cv2.INTER_NEAREST)
    halo = cv2.resize(lamps, (width, height), interpolation=cv2.INTER_LINEAR)
    x = (np.arange(width, dtype=np.float32) + 0.5) * np.float32(columns / width) % 1.0 - 0.5
    y = (np.arange(height, dtype=np.float32) + 0.5) * np.float32(rows / height) % 1.0 - 0.5
    away = np.sqrt(np.add.outer(y * y, x * x)) * np.float32(pitch_px)
    disc = cv2.addWeighted(away, -255.0, away, 0.0, 255.0 * (dot * pitch_px / 2.0 + 0.5), dtype=cv2.CV_8U)
    glow = cv2.multiply(field, like(disc, image), scale=1.0 / 255.0)  # type: ignore[arg-type]
    return cv2.addWeighted(glow, 1.0, halo, 0.14, 0.0)  # type: ignore[return-value]


def _units(count: int, at: float) -> NDArray[np.float64]:
    """Return numbers in [0, 1) that look random, another row of them for every `at`."""
    bits = np.arange(count, dtype=np.uint32) + np.uint32(int(at * (1 << 31)))
    for factor, shift in ((0x7FEB352D, 16), (0x846CA68B, 15), (1, 16)):
        bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)
    return bits.astype(np.float64) * 2.0**-32


class Lcd(EffectSpec):
    """A flat screen from near: stripes of red, green and blue with black between them.

    Attributes:
        pitch_px: of the screen's pixels.
        depth: 1 for pure stripes, 0 for none.
        gap: how dark the seams between rows are.
        phase: where the first pixel begins; leave it at [0, 1].
    """

    pitch_px: Annotated[Range, Within(2, 24)] = Range(2.4, 4.5)
    depth: Annotated[Range, Within(0, 1)] = Range(0.15, 0.6)
    gap: Annotated[Range, Within(0, 1)] = Range(0.1, 0.5)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def lcd(image: Image, *, pitch_px: float, depth: float, gap: float, phase: float) -> Image:
    """Return the image through the stripes of a screen, as bright as before on the whole."""
    height, width = image.shape[:2]
    turns = (np.arange(width) + 0.5) / pitch_px + phase
    stripes = np.stack([0.5 + 0.5 * np.cos(2.0 * np.pi * (turns - place)) for place in (1 / 6, 1 / 2, 5 / 6)], axis=1)
    # Half of the light is lost in the stripes; the backlight makes up for it.
    gain_x = (1.0 - depth + depth * stripes) / (1.0 - 0.5 * depth)
    seams = np.maximum(0.0, np.cos(2.0 * np.pi * ((np.arange(height) + 0.5) / pitch_px + phase))) ** 3
    gain_y = (1.0 - gap * seams) / (1.0 - 0.21 * gap)
    if image.ndim == 2:
        gain_x = gain_x @ np.array([[0.299], [0.587], [0.114]])
    levels = np.multiply.outer(gain_y.astype(np.float32), gain_x.astype(np.float32) * np.float32(ONE / 2))
    gain = cv2.addWeighted(levels.reshape(height, -1), 1.0, levels.reshape(height, -1), 0.0, 0.0, dtype=cv2.CV_8U)
    return gained(image, gain.reshape(image.shape), ONE // 2)


class Scanlines(EffectSpec):
    """A picture tube: dark lines between bright ones.

    Attributes:
        period_px: from line to line.
        depth: how dark the gaps are.
        phase: where the first line begins; leave it at [0, 1].
    """

    period_px: Annotated[Range, Within(2, 24)] = Range(2, 4)
    depth: Annotated[Range, Within(0, 1)] = Range(0.15, 0.55)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def scanlines(image: Image, *, period_px: float, depth: float, phase: float) -> Image:
    """Return the image drawn in lines; bright lines are wider than dark ones, as on a tube."""
    height, width = image.shape[:2]
    waves = 0.5 + 0.5 * np.cos(2.0 * np.pi * (np.arange(height) / period_px + phase))
    gain = np.rint((1.0 - depth * waves) * ONE * (1.0 + 0.4 * depth)).astype(np.uint8)
    plane = np.ascontiguousarray(np.broadcast_to(gain[:, None], (height, width)))
    return gained(image, plane)


class Moire(EffectSpec):
    """A camera's pixels beat with a screen's: bands of colour that drift over the picture.

    Attributes:
        period_frac: from band to band, as a share of the shorter side.
        angle_deg: across the bands.
        bend: how much they curve.
        strength: how far they move the gray levels.
        color: 0 for bands of brightness alone, 1 for rainbows.
        phase: where the first band begins; leave it at [0, 1].
    """

    period_frac: Annotated[Range, Within(0.03, 4)] = Range(0.12, 0.9)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(0, 180)
    bend: Annotated[Range, Within(-1, 1)] = Range(-0.6, 0.6)
    strength: Annotated[Range, Within(0, 0.9)] = Range(0.06, 0.28)
    color: Annotated[Range, Within(0, 1)] = Range(0.2, 1)
    phase: Annotated[Range, Within(0, 1)] = Range(0, 1)


def moire(
    image: Image, *, period_frac: float, angle_deg: float, bend: float, strength: float, color: float, phase: float
) -> Image:
    """Return the image under curved bands of colour."""
    short = short_side(image)
    distance = across(image.shape[:2], angle_deg, 0.5, 0.5)
    aside = across(image.shape[:2], angle_deg + 90.0, 0.5, 0.5)
    distance += aside * aside * np.float32(bend * 0.25 / short)
    turns = distance * np.float32(256.0 / (period_frac * short)) + np.float32(256.0 * phase + 65_536.0)
    gains: NDArray[np.float64] = 1.0 + strength * np.stack(
        [np.cos(_PHASES + color * shift) for shift in (-2.0, 0.0, 2.0)], axis=1
    )
    return gained(image, looked_up(turns.astype(np.int32).astype(np.uint8), gains * ONE, image))


class Interlace(EffectSpec):
    """Two fields of a video that were taken one after the other: moving edges turn into combs.

    Attributes:
        shift_px: how far the picture moved between the fields.
        share: of the older field that shows in its lines.
    """

    shift_px: Annotated[Range, Within(-16, 16)] = Range(-3.5, 3.5)
    share: Annotated[Range, Within(0, 1)] = Range(0.7, 1)


def interlace(image: Image, *, shift_px: float, share: float) -> Image:
    """Return the image with every other row shifted; both fields stray alike, so the text stays where it is."""
    made = image.copy()
    for first, sign in ((0, 0.5), (1, -0.5)):
        field = np.ascontiguousarray(image[first::2])
        matrix = np.array([[1.0, 0.0, sign * shift_px], [0.0, 1.0, 0.0]])
        size_wh = field.shape[1], field.shape[0]
        moved = cv2.warpAffine(field, matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        made[first::2] = cv2.addWeighted(moved, share, field, 1.0 - share, 0.0)
    return made
