"""Masks and what is done to them: laying colours through them, growing, thinning, moving and sweeping them.

A mask is (H, W) uint8, 255 where there is ink. All of it is work in bytes: a crop of 48 x 320 pixels takes some
microseconds. What is laid changes the surface in place; everything else returns a new mask.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.native import native
from synthtext.values import Color, Font

_MANY_STROKES = frozenset({"Hans", "Hant", "Jpan", "Kore"})


def lay(surface: Image, mask: Image, color: Color, opacity: float = 1.0) -> None:
    """Lay one colour onto the surface through a mask that is as much weaker as `opacity` says."""
    if native is None or not native.lay(surface, mask, color, opacity):
        plain_lay(surface, faded(mask, opacity), color)


def plain_lay(surface: Image, mask: Image, color: Color) -> None:
    """As `lay`, with OpenCV; rows without ink cost nothing."""
    _, top, _, height = cv2.boundingRect(mask)
    surface, mask = surface[top : top + height], mask[top : top + height]
    if not height:
        return
    keep = cv2.cvtColor(cv2.bitwise_not(mask), cv2.COLOR_GRAY2RGB)
    cv2.multiply(surface, keep, dst=surface, scale=1.0 / 255.0)
    if any(color):
        # Three scaled planes are three times as fast as one multiplication by a colour.
        planes = [cv2.convertScaleAbs(mask, alpha=value / 255.0) for value in color]
        cv2.add(surface, cv2.merge(planes), dst=surface)


def lay_image(surface: Image, mask: Image, coat: Image) -> None:
    """Lay the pixels of a (H, W, 3) coat onto the surface through a mask."""
    share = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    cv2.multiply(surface, cv2.bitwise_not(share), dst=surface, scale=1.0 / 255.0)
    cv2.add(surface, cv2.multiply(coat, share, scale=1.0 / 255.0), dst=surface)


def stamp(surface: Image, stamps: Image) -> None:
    """Lay a picture of colours multiplied by their alpha, (H, W, 4) uint8 RGBA, onto a surface."""
    keep = cv2.bitwise_not(cv2.cvtColor(np.ascontiguousarray(stamps[:, :, 3]), cv2.COLOR_GRAY2RGB))
    cv2.multiply(surface, keep, dst=surface, scale=1.0 / 255.0)
    cv2.add(surface, np.ascontiguousarray(stamps[:, :, :3]), dst=surface)


def shine(surface: Image, mask: Image, color: Color) -> None:
    """Add light of one colour to the surface, as much as the mask says; it saturates as a sensor does."""
    cv2.add(surface, tinted(mask, color), dst=surface)


def tinted(mask: Image, color: Color) -> Image:
    """Return (H, W, 3): the colour, as bright as the mask says."""
    return cv2.merge([cv2.convertScaleAbs(mask, alpha=value / 255.0) for value in color])  # type: ignore[return-value]


def faded(mask: Image, opacity: float) -> Image:
    """Return the mask with everything in it this much weaker, or stronger."""
    return mask if opacity == 1.0 else cv2.convertScaleAbs(mask, alpha=opacity)  # type: ignore[return-value]


def leveled(field: Image, gain: float, bias: float) -> Image:
    """Return `gain * field + bias`, saturated at 0 and 255."""
    return cv2.addWeighted(field, gain, field, 0.0, bias)  # type: ignore[return-value]


def summed(first: Image, gain: float, second: Image, other_gain: float, bias: float) -> Image:
    """Return `gain * first + other_gain * second + bias`, saturated at 0 and 255."""
    return cv2.addWeighted(first, gain, second, other_gain, bias)  # type: ignore[return-value]


def inverted(mask: Image) -> Image:
    """Return a mask of everything that the mask leaves out."""
    return cv2.bitwise_not(mask)  # type: ignore[return-value]


def either(first: Image, second: Image) -> Image:
    """Return a mask that has ink where one of two has some."""
    return cv2.max(first, second)  # type: ignore[return-value]


def through(values: Image, table: Image) -> Image:
    """Return (H, W, 3): the colour that a table (256, 1, 3) has for each value of an (H, W) picture."""
    return cv2.applyColorMap(values, table)  # type: ignore[return-value]


def both(first: Image, second: Image) -> Image:
    """Return the product of two masks: ink where both have some."""
    return cv2.multiply(first, second, scale=1.0 / 255.0)  # type: ignore[return-value]


def less(first: Image, second: Image) -> Image:
    """Return what the first mask has more than the second."""
    return cv2.subtract(first, second)  # type: ignore[return-value]


def may_be_bolder(font: Font) -> bool:
    """Whether bolder text can still be read: the gaps between the strokes of black CJK faces would fill."""
    return not font.style.endswith("-black") or _MANY_STROKES.isdisjoint(font.scripts)


def embolden(mask: Image, radius_px: int) -> Image:
    """Return a mask whose ink reaches `radius_px` pixels further on every side."""
    return cv2.dilate(mask, disc(radius_px))  # type: ignore[return-value]


def thinned(mask: Image, radius_px: int) -> Image:
    """Return a mask whose ink ends `radius_px` pixels earlier on every side."""
    return cv2.erode(mask, disc(radius_px))  # type: ignore[return-value]


@lru_cache(maxsize=32)
def disc(radius_px: int) -> Image:
    """Return a round structuring element of this radius."""
    size = 2 * radius_px + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))  # type: ignore[return-value]


def softened(mask: Image, sigma_px: float) -> Image:
    """Return the mask blurred; a box three times over where a Gaussian would be wide and slow."""
    if sigma_px < 0.4:
        return mask
    if sigma_px < 3.2:
        return cv2.GaussianBlur(mask, (0, 0), sigma_px)  # type: ignore[return-value]
    side = 2 * round(sigma_px) + 1
    for _ in range(3):
        mask = cv2.blur(mask, (side, side), borderType=cv2.BORDER_CONSTANT)  # type: ignore[assignment]
    return mask


def moved(mask: Image, dx_px: int, dy_px: int) -> Image:
    """Return the mask moved by whole pixels; what comes in from outside is empty."""
    height, width = mask.shape
    result = np.zeros_like(mask)
    if abs(dx_px) < width and abs(dy_px) < height:
        result[max(0, dy_px) : height + min(0, dy_px), max(0, dx_px) : width + min(0, dx_px)] = mask[
            max(0, -dy_px) : height + min(0, -dy_px), max(0, -dx_px) : width + min(0, -dx_px)
        ]
    return result


def swept(mask: Image, dx_px: float, dy_px: float) -> Image:
    """Return what the mask covers on its way from where it is to (dx, dy) further; doubling, so few passes."""
    steps = max(1, round(max(abs(dx_px), abs(dy_px))))
    covered, done = mask, 1  # covers the first `done` positions of steps + 1
    while done < steps + 1:
        step = min(done, steps + 1 - done)
        covered = either(covered, moved(covered, round(dx_px * step / steps), round(dy_px * step / steps)))
        done += step
    return covered


def resized(mask: Image, size_wh: tuple[int, int], how: int = cv2.INTER_AREA) -> Image:
    """Return the mask at another size."""
    return cv2.resize(mask, size_wh, interpolation=how)  # type: ignore[return-value]
