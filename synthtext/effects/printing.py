"""Printing: how ink, toner and heat put a picture on paper, and what machines make of it that copy paper."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.effects.banks import clouds, cut, scatter, wave
from synthtext.effects.base import EffectSpec
from synthtext.effects.noise import add_noise
from synthtext.effects.pixels import like, looked_up, luma, parting_levels, short_side
from synthtext.geometry import Image
from synthtext.spec import Range, Within

# Screen angles of offset printing: far apart, so that the four inks make no moire with each other.
_INK_ANGLES = (15.0, 75.0, 0.0)
_BLACK_ANGLE = 45.0


class Halftone(EffectSpec):
    """Print dots: each ink is there or not, and shades are made by the size of the dots.

    Attributes:
        pitch_px: from dot to dot.
        strength: 1 for the dots themselves, less for a scan that blurs them.
        color: 0 for black alone, 1 for four inks at four angles; above 0.5 counts as 1.
        angle_deg: of the black screen, added to 45 degrees.
    """

    pitch_px: Annotated[Range, Within(2, 24)] = Range(2, 3.2)
    strength: Annotated[Range, Within(0, 1)] = Range(0.2, 0.65)
    color: Annotated[Range, Within(0, 1)] = Range(0, 1)
    angle_deg: Annotated[Range, Within(-45, 45)] = Range(-10, 10)


def halftone(image: Image, *, pitch_px: float, strength: float, color: float, angle_deg: float) -> Image:
    """Return the image printed in dots."""
    hard = min(6.0, 1.2 * pitch_px)  # dots have soft edges about a pixel wide
    if image.ndim == 2 or color <= 0.5:
        gray = luma(image)
        dots = _dots(gray, pitch_px, _BLACK_ANGLE + angle_deg, hard)
        return cv2.addWeighted(image, 1.0 - strength, like(dots, image), strength, 0.0)  # type: ignore[return-value]
    inks = cv2.split(image)
    key = cv2.max(cv2.max(inks[0], inks[1]), inks[2])
    dots = _dots(key, pitch_px, _BLACK_ANGLE + angle_deg, hard)  # type: ignore[arg-type]
    planes = []
    for ink, angle in zip(inks, _INK_ANGLES, strict=True):
        # What black ink already does is left out of the colours (gray component replacement).
        bright = cv2.divide(ink, key, scale=255.0)
        planes.append(cv2.min(_dots(bright, pitch_px, angle + angle_deg, hard), dots))  # type: ignore[arg-type]
    return cv2.addWeighted(image, 1.0 - strength, cv2.merge(planes), strength, 0.0)  # type: ignore[return-value]


def _dots(gray: Image, pitch_px: float, angle_deg: float, hard: float) -> Image:
    height, width = gray.shape
    turn = math.radians(angle_deg)
    per_px = 2.0 * math.pi / pitch_px
    # The screen is cos u + cos v of two crossed waves; each is an outer product in disguise.
    screen = np.zeros((height, width), np.float32)
    for along_x, along_y in ((math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))):
        x = np.arange(width, dtype=np.float32) * np.float32(per_px * along_x)
        y = np.arange(height, dtype=np.float32) * np.float32(per_px * along_y)
        screen += np.cos(y)[:, None] * np.cos(x)[None, :] - np.sin(y)[:, None] * np.sin(x)[None, :]
    threshold = cv2.LUT(cv2.addWeighted(screen, 63.75, screen, 0.0, 127.5, dtype=cv2.CV_8U), _spread())
    return cv2.addWeighted(gray, hard, threshold, -hard, 127.5)  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _spread() -> Image:
    """Return the table that makes all levels of a screen equally frequent, so that dots cover what they should."""
    wave_at = np.cos(np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False))
    values = np.sort(np.rint((wave_at[:, None] + wave_at[None, :]) * 63.75 + 127.5).ravel())
    # Not quite to the ends: full black and full white have no dots.
    return np.rint(4 + 247 * np.searchsorted(values, np.arange(256)) / values.size).astype(np.uint8)


class Thermal(EffectSpec):
    """A receipt from a thermal printer: pale in places, with white lines where elements of the head are dead.

    Attributes:
        fade: share of the blackness that time has taken.
        patches: how uneven it has faded.
        gaps: dead elements a hundred pixels.
        gap_px: width of each.
        bands: how uneven the paper was fed.
        at: which gaps, bands and patches; leave it at [0, 1].
    """

    fade: Annotated[Range, Within(0, 0.95)] = Range(0.02, 0.4)
    patches: Annotated[Range, Within(0, 1)] = Range(0, 0.5)
    gaps: Annotated[Range, Within(0, 10)] = Range(0, 1.6)
    gap_px: Annotated[Range, Within(0.5, 8)] = Range(0.8, 1.8)
    bands: Annotated[Range, Within(0, 1)] = Range(0, 0.35)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def thermal(image: Image, *, fade: float, patches: float, gaps: float, gap_px: float, bands: float, at: float) -> Image:
    """Return the image as heat would print it: black on white paper, with the flaws of such prints."""
    height, width = image.shape[:2]
    numbers = scatter(at, 3 + 2 * 64)
    left = np.full(width, 1.0 - fade, np.float32)
    count = min(64, int(gaps * width / 100.0 + numbers[0]))
    columns = np.arange(width, dtype=np.float32) + np.float32(0.5)
    for place, wide in zip(numbers[3 : 3 + count], numbers[67 : 67 + count], strict=True):
        reach = gap_px * (0.7 + 0.6 * wide) / 2.0
        left *= np.clip(np.abs(columns - place * width) - reach + 0.5, 0.0, 1.0)
    rows = np.clip(1.0 - bands * (0.5 + 0.5 * wave(height, numbers[1], 0.8)), 0.0, 1.0)
    blackness = np.multiply.outer(rows, left)
    gain = cv2.addWeighted(blackness, 255.0, blackness, 0.0, 0.0, dtype=cv2.CV_8U)
    if patches > 0.02:
        pattern = cut(clouds(3), (height, width), numbers[2], numbers[0], short_side(image) / 64.0)
        thin = cv2.LUT(pattern, np.rint(255.0 - 255.0 * patches * np.linspace(0, 1, 256)).astype(np.uint8))
        gain = cv2.multiply(gain, thin, scale=1.0 / 255.0)
    # Paper takes heat or does not: contrast is steep.
    dark = cv2.addWeighted(luma(image), -1.35, gain, 0.0, 300.0)
    printed = cv2.multiply(dark, gain, scale=1.0 / 255.0)
    table = np.linspace((246, 244, 238), (44, 42, 52), 256)
    return looked_up(printed, table, image)  # type: ignore[arg-type]


class Photocopy(EffectSpec):
    """A photocopy: nearly black and white, with toner where none should be and none where some should.

    Attributes:
        contrast: how steep it is.
        level: of the threshold between black and white, from -1 for paler to 1 for darker copies.
        dirt: how rough the toner lies.
        at: where the dirt is cut; leave it at [0, 1].
    """

    contrast: Annotated[Range, Within(1, 40)] = Range(2.5, 8)
    level: Annotated[Range, Within(-1, 1)] = Range(-0.3, 0.3)
    dirt: Annotated[Range, Within(0, 1)] = Range(0.1, 0.6)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def photocopy(image: Image, *, contrast: float, level: float, dirt: float, at: float) -> Image:
    """Return the image as a copying machine gives it back."""
    gray = luma(image)
    rough = add_noise(gray, sigma=16.0 * dirt, color=0.0, at_x=at, at_y=scatter(at, 1)[0])
    black = parting_levels(gray, level)
    return like(cv2.addWeighted(rough, contrast, black, -contrast, 127.5), image)  # type: ignore[arg-type]


class Fax(EffectSpec):
    """A fax: black or white, coarse, with lines that the telephone line has lost.

    Attributes:
        row_px: height of a scan line; a fax has half as many lines as dots.
        dot_px: width of a dot.
        level: of the threshold between black and white, from -1 for paler to 1 for darker faxes.
        drop: share of the lines that are lost; half come out white, half repeat the line above.
        at: which lines; leave it at [0, 1].
    """

    row_px: Annotated[Range, Within(1, 6)] = Range(1, 2.2)
    dot_px: Annotated[Range, Within(1, 4)] = Range(1, 1.4)
    level: Annotated[Range, Within(-1, 1)] = Range(-0.25, 0.25)
    drop: Annotated[Range, Within(0, 0.5)] = Range(0, 0.06)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def fax(image: Image, *, row_px: float, dot_px: float, level: float, drop: float, at: float) -> Image:
    """Return the image as a fax machine prints it: nothing but 0 and 255."""
    height, width = image.shape[:2]
    rows, columns = max(4, round(height / row_px)), max(4, round(width / dot_px))
    gray = cv2.resize(luma(image), (columns, rows), interpolation=cv2.INTER_AREA)
    bits = cv2.compare(gray, parting_levels(gray, level), cv2.CMP_GE)  # type: ignore[arg-type]
    for row, unit in enumerate(scatter(at, rows) if drop else ()):
        if unit < drop:
            bits[row] = 255 if unit < drop / 2 or not row else bits[row - 1]
    return like(cv2.resize(bits, (width, height), interpolation=cv2.INTER_NEAREST), image)  # type: ignore[arg-type]


class ScanStreaks(EffectSpec):
    """Streaks along the way of the paper: dirt on a scanner's glass, a scratched drum.

    Attributes:
        amount: streaks a hundred pixels.
        strength: how dark or bright they are.
        width_px: of a streak.
        angle: 0 for upright streaks, 1 for level ones; above 0.5 counts as 1.
        at: which streaks; leave it at [0, 1].
    """

    amount: Annotated[Range, Within(0, 30)] = Range(1, 6)
    strength: Annotated[Range, Within(0, 1)] = Range(0.1, 0.45)
    width_px: Annotated[Range, Within(0.5, 20)] = Range(0.7, 2.2)
    angle: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def scan_streaks(image: Image, *, amount: float, strength: float, width_px: float, angle: float, at: float) -> Image:
    """Return the image with straight streaks from edge to edge."""
    height, width = image.shape[:2]
    length = height if angle > 0.5 else width
    numbers = scatter(at, 3 * 96 + 1)
    count = min(96, int(amount * length / 100.0 + numbers[-1]) or 1)
    places = np.arange(length, dtype=np.float32)
    profile = np.zeros(length, np.float32)
    for place, wide, level in zip(numbers[:count], numbers[96 : 96 + count], numbers[192 : 192 + count], strict=True):
        away = (places - np.float32(place * length)) / np.float32(width_px * (0.5 + wide))
        profile += np.exp(-away * away) * np.float32((0.4 + 0.6 * level) * (1.0 if level * 7 % 1 < 0.35 else -1.0))
    shift: NDArray[np.float32] = profile * np.float32(strength * 160.0)
    lighter, darker = (cv2.addWeighted(shift, sign, shift, 0.0, 0.0, dtype=cv2.CV_8U).ravel() for sign in (1.0, -1.0))
    shape = (height, width)
    made = image
    for levels, join in ((lighter, cv2.add), (darker, cv2.subtract)):
        plane = np.broadcast_to(levels[:, None] if angle > 0.5 else levels[None, :], shape)
        made = join(made, like(np.ascontiguousarray(plane), image))  # type: ignore[assignment]
    return made
