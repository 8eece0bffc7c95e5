"""Overlay: what was drawn, stuck or spilt on the text. Each function returns the image and what it covers."""

from __future__ import annotations

from typing import Annotated

import cv2
import numpy as np

from synthtext.effects.banks import clouds, cut, scatter
from synthtext.effects.base import EffectSpec
from synthtext.effects.pixels import across, color_of, laid, like, looked_up, short_side, to_bytes
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_BITS = 4
_UNIT = 1 << _BITS


class Stroke(EffectSpec):
    """A stroke of a pen, marker or brush that wanders over the picture.

    Attributes:
        start, end: where it begins and ends, as shares of the height (of the width in tall pictures).
        wander: how far it strays from the straight line.
        thickness_frac: as a share of the shorter side.
        opacity: below 1 the text shows through, as under a highlighter.
        hue, value: of its colour.
        at: how it wanders; leave it at [0, 1].
    """

    start: Annotated[Range, Within(-0.5, 1.5)] = Range(-0.1, 1.1)
    end: Annotated[Range, Within(-0.5, 1.5)] = Range(-0.1, 1.1)
    wander: Annotated[Range, Within(0, 2)] = Range(0.05, 0.5)
    thickness_frac: Annotated[Range, Within(0.005, 1)] = Range(0.03, 0.14)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.4, 1)
    hue: Annotated[Range, Within(0, 1)] = Range(0, 1)
    value: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def stroke(
    image: Image,
    *,
    start: float,
    end: float,
    wander: float,
    thickness_frac: float,
    opacity: float,
    hue: float,
    value: float,
    at: float,
) -> tuple[Image, Image]:
    """Return the image with a curved stroke from one place to another."""
    height, width = image.shape[:2]
    short, long = min(height, width), max(height, width)
    enter, leave, one, two, first, second, swell, _ = scatter(at, 8)
    steps = np.linspace(0.0, 1.0, 40)
    along = (0.35 * enter - 0.1 + (1.2 - 0.35 * enter - 0.35 * leave) * steps) * long
    waves = np.sin(2.0 * np.pi * (steps * (0.6 + 2.0 * one) + first)) + 0.5 * np.sin(
        2.0 * np.pi * (steps * (2.0 + 4.0 * two) + second)
    )
    aside = (start + (end - start) * steps + 0.3 * wander * waves) * short
    points = np.stack([along, aside] if width >= height else [aside, along], axis=1)
    cover = np.zeros((height, width), np.uint8)
    thickness = max(1.0, thickness_frac * short)
    widths = np.maximum(1, np.rint(thickness * (0.8 + 0.3 * np.sin(2.0 * np.pi * (1.3 * steps + swell)))))
    places = np.rint(points * _UNIT).astype(int).tolist()
    for number, wide in enumerate(widths[:-1].tolist()):
        cv2.line(cover, places[number], places[number + 1], 255, int(wide), cv2.LINE_AA, _BITS)
    cover = cv2.convertScaleAbs(cover, alpha=opacity)  # type: ignore[assignment]
    return laid(image, cover, color_of(hue, 0.75, value)), cover


class Tape(EffectSpec):
    """A strip of adhesive tape.

    Attributes:
        x: where it crosses, as a share of the length.
        width_frac: as a share of the shorter side.
        angle_deg: of the strip; 90 stands across the text.
        opacity: of the tape.
        hue: of its colour, in turns: 0.12 is yellowed, 0.08 brown.
        saturation: of its colour.
        at: where its wrinkles lie; leave it at [0, 1].
    """

    x: Annotated[Range, Within(-0.5, 1.5)] = Range(-0.1, 1.1)
    width_frac: Annotated[Range, Within(0.05, 4)] = Range(0.3, 1.1)
    angle_deg: Annotated[Range, Within(0, 180)] = Range(25, 155)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.15, 0.5)
    hue: Annotated[Range, Within(0, 1)] = Range(0.07, 0.16)
    saturation: Annotated[Range, Within(0, 1)] = Range(0, 0.5)
    at: Annotated[Range, Within(0, 1)] = Range(0, 1)


def tape(
    image: Image,
    *,
    x: float,
    width_frac: float,
    angle_deg: float,
    opacity: float,
    hue: float,
    saturation: float,
    at: float,
) -> tuple[Image, Image]:
    """Return the image with a strip stuck over it: wrinkled, milky, with a bright line along each edge."""
    size_hw = image.shape[:2]
    half = 0.5 * width_frac * short_side(image)
    tall = size_hw[0] > size_hw[1]
    place = (0.5, x) if tall else (x, 0.5)
    away = np.abs(across(size_hw, angle_deg + (0.0 if tall else 90.0), *place))
    inside = to_bytes(away, -255.0, 255.0 * (half + 0.5))
    wrinkles = cut(clouds(4), size_hw, at, 1.0 - at, 0.4 * short_side(image) / 32.0)
    milk = cv2.multiply(inside, looked_up(wrinkles, np.linspace(170.0, 255.0, 256), wrinkles), scale=opacity / 255.0)
    made = laid(image, milk, color_of(hue, saturation, 0.86))  # type: ignore[arg-type]
    edge = to_bytes(np.abs(away - np.float32(half)), -90.0 * opacity, 110.0 * opacity)
    return cv2.add(made, like(edge, image)), milk  # type: ignore[return-value]


class Sticker(EffectSpec):
    """A label, a seal or a drop of paint: one round or square patch that hides what is below.

    Attributes:
        x, y: of its middle, as shares of the sides.
        radius_frac: as a share of the shorter side.
        square: 0 for a round patch, 1 for a square one; above 0.5 counts as 1.
        angle_deg: how a square one lies.
        opacity: of the patch.
        hue, value: of its colour.
    """

    x: Annotated[Range, Within(-0.5, 1.5)] = Range(-0.05, 1.05)
    y: Annotated[Range, Within(-0.5, 1.5)] = Range(-0.3, 1.3)
    radius_frac: Annotated[Range, Within(0.02, 2)] = Range(0.12, 0.4)
    square: Annotated[Range, Within(0, 1)] = Range(0, 1)
    angle_deg: Annotated[Range, Within(0, 90)] = Range(0, 90)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.85, 1)
    hue: Annotated[Range, Within(0, 1)] = Range(0, 1)
    value: Annotated[Range, Within(0, 1)] = Range(0.3, 1)


def sticker(
    image: Image,
    *,
    x: float,
    y: float,
    radius_frac: float,
    square: float,
    angle_deg: float,
    opacity: float,
    hue: float,
    value: float,
) -> tuple[Image, Image]:
    """Return the image with a patch on it that has a paler border and casts a little shadow."""
    height, width = image.shape[:2]
    radius = max(1.0, radius_frac * min(height, width))
    centre = (x * width, y * height)

    def patch(size: float, shift: float = 0.0) -> Image:
        size -= 0.5  # smooth edges reach half a pixel further
        made = np.zeros((height, width), np.uint8)
        middle = (centre[0] + shift, centre[1] + shift)
        if square > 0.5:
            corners = cv2.boxPoints((middle, (2.0 * size, 1.6 * size), angle_deg))
            cv2.fillConvexPoly(made, np.rint((corners - 0.5) * _UNIT).astype(np.int32), 255, cv2.LINE_AA, _BITS)
        else:
            place = (round((middle[0] - 0.5) * _UNIT), round((middle[1] - 0.5) * _UNIT))
            cv2.circle(made, place, round(size * _UNIT), 255, -1, cv2.LINE_AA, _BITS)
        return made

    shade = cv2.convertScaleAbs(cv2.blur(patch(radius, 0.06 * radius + 1.0), (3, 3)), alpha=0.3)
    cover = cv2.convertScaleAbs(patch(radius), alpha=opacity)
    made = laid(image, shade, (0, 0, 0))  # type: ignore[arg-type]
    made = laid(made, cover, color_of(hue, 0.25, min(1.0, 0.3 + value)))  # type: ignore[arg-type]
    inner = cv2.convertScaleAbs(patch(0.86 * radius), alpha=opacity)
    return laid(made, inner, color_of(hue, 0.7, value)), cover  # type: ignore[arg-type, return-value]


class Blots(EffectSpec):
    """Ink, paint or mud that was splashed over the text.

    Attributes:
        share: of the picture that is hidden.
        size_frac: of the splashes, as a share of the shorter side.
        opacity: of the splashes.
        hue, saturation, value: of their colour.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    share: Annotated[Range, Within(0, 0.9)] = Range(0.02, 0.14)
    size_frac: Annotated[Range, Within(0.05, 8)] = Range(0.15, 0.6)
    opacity: Annotated[Range, Within(0, 1)] = Range(0.7, 1)
    hue: Annotated[Range, Within(0, 1)] = Range(0, 1)
    saturation: Annotated[Range, Within(0, 1)] = Range(0, 0.7)
    value: Annotated[Range, Within(0, 1)] = Range(0.05, 0.9)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def blots(
    image: Image,
    *,
    share: float,
    size_frac: float,
    opacity: float,
    hue: float,
    saturation: float,
    value: float,
    at_x: float,
    at_y: float,
) -> tuple[Image, Image]:
    """Return the image with opaque splashes of one colour, a little thinner at their edges."""
    pattern = cut(clouds(4), image.shape[:2], at_x, at_y, size_frac * short_side(image) / 32.0)
    inside = np.clip((share - np.linspace(0.0, 1.0, 256)) / 0.012 + 0.5, 0.0, 1.0)
    cover = looked_up(pattern, 255.0 * opacity * inside, pattern)
    return laid(image, cover, color_of(hue, saturation, value)), cover
