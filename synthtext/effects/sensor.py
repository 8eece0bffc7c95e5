"""Sensor: darkness, dead pixels, and what a camera's electronics make of brightness and colour."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.random import Generator, Philox

from synthtext.effects.base import EffectSpec
from synthtext.effects.noise import add_noise
from synthtext.effects.pixels import like
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_SIDE = 512
_LUMA = np.array([0.299, 0.587, 0.114])


class LowLight(EffectSpec):
    """A picture taken in the dark: dim, with grain and blotches of colour.

    Attributes:
        gain: how much of the light is left.
        sigma: of the grain, gray levels.
        blotches: of the colour, gray levels.
        at_x, at_y: where the noise is cut; leave them at [0, 1].
    """

    gain: Annotated[Range, Within(0.05, 1)] = Range(0.45, 0.85)
    sigma: Annotated[Range, Within(0, 60)] = Range(5, 18)
    blotches: Annotated[Range, Within(0, 60)] = Range(3, 14)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def low_light(image: Image, *, gain: float, sigma: float, blotches: float, at_x: float, at_y: float) -> Image:
    """Return the image as a small sensor sees it at night."""
    height, width = image.shape[:2]
    # Noise reduction leaves chroma noise in blobs: it is made on a coarse grid.
    coarse = np.full((max(2, height // 5), max(2, width // 5), *image.shape[2:]), 128, np.uint8)
    blobs = add_noise(coarse, sigma=1.6 * blotches, color=1.0, at_x=at_y, at_y=at_x)
    spread = cv2.resize(blobs, (width, height), interpolation=cv2.INTER_LINEAR)
    dim = cv2.addWeighted(image, gain, spread, 1.0, 6.0 - 128.0)
    return add_noise(dim, sigma=sigma, color=0.6, at_x=at_x, at_y=at_y)  # type: ignore[arg-type]


class DeadPixels(EffectSpec):
    """Salt and pepper: pixels that are always on or off, or were lost on the way.

    Attributes:
        salt, pepper: shares of white and of black pixels.
        at_x, at_y: where the pattern is cut; leave them at [0, 1].
    """

    salt: Annotated[Range, Within(0, 0.3)] = Range(0, 0.012)
    pepper: Annotated[Range, Within(0, 0.3)] = Range(0.001, 0.012)
    at_x: Annotated[Range, Within(0, 1)] = Range(0, 1)
    at_y: Annotated[Range, Within(0, 1)] = Range(0, 1)


def dead_pixels(image: Image, *, salt: float, pepper: float, at_x: float, at_y: float) -> Image:
    """Return the image with single pixels white or black."""
    height, width = image.shape[:2]
    bank = _ranks()
    if max(height, width) > _SIDE:
        bank = np.tile(bank, (-(-height // _SIDE), -(-width // _SIDE)))
    top, left = int(at_y * (bank.shape[0] - height)), int(at_x * (bank.shape[1] - width))
    ranks = bank[top : top + height, left : left + width]
    white = (ranks < salt * 65_536.0).astype(np.uint8) * np.uint8(255)
    black = (ranks >= (1.0 - pepper) * 65_536.0).astype(np.uint8) * np.uint8(255)
    return cv2.subtract(cv2.max(image, like(white, image)), like(black, image))  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _ranks() -> np.ndarray:
    return Generator(Philox(key=65_537)).integers(0, 65_536, (_SIDE, _SIDE), np.uint16)


class Gamma(EffectSpec):
    """A camera's or a screen's curve from light to levels.

    Attributes:
        gamma: above 1 the middle gets darker, below 1 brighter.
    """

    gamma: Annotated[Range, Within(0.1, 10)] = Range(0.55, 1.8)


def gamma_curve(image: Image, *, gamma: float) -> Image:
    """Return the image with the middle of its scale moved; black and white stay."""
    return cv2.LUT(image, np.rint(255.0 * np.linspace(0.0, 1.0, 256) ** gamma).astype(np.uint8))  # type: ignore[return-value]


class Saturation(EffectSpec):
    """Colours that are paler or louder than they were; brightness stays.

    Attributes:
        amount: 0 for gray, 1 for no change.
    """

    amount: Annotated[Range, Within(0, 4)] = Range(0.1, 1.9)


def saturate(image: Image, *, amount: float) -> Image:
    """Return the image with its colours stretched away from gray or drawn towards it."""
    _refuse_gray(image, "saturation")
    matrix = amount * np.eye(3) + (1.0 - amount) * _LUMA[None, :]
    return cv2.transform(image, matrix.astype(np.float32))  # type: ignore[return-value]


class ChromaBleed(EffectSpec):
    """Colour that is coarser than brightness and lags behind it, as on video and cheap screens.

    Attributes:
        length_px: how far colour bleeds along the lines.
        lag_px: how far it is off.
    """

    length_px: Annotated[Range, Within(1, 64)] = Range(3, 14)
    lag_px: Annotated[Range, Within(-16, 16)] = Range(-2.5, 3.5)


def bleed(image: Image, *, length_px: float, lag_px: float) -> Image:
    """Return the image with its colours smeared sideways under a sharp brightness."""
    _refuse_gray(image, "chroma_bleed")
    height, width = image.shape[:2]
    planes = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    smear = max(1, round(length_px))
    chroma = cv2.blur(planes, (min(smear, width), 1), borderType=cv2.BORDER_REPLICATE)
    matrix = np.array([[1.0, 0.0, lag_px], [0.0, 1.0, 0.0]])
    chroma = cv2.warpAffine(chroma, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    cv2.mixChannels([planes], [chroma], [0, 0])
    return cv2.cvtColor(chroma, cv2.COLOR_YCrCb2RGB)  # type: ignore[return-value]


def _refuse_gray(image: Image, name: str) -> None:
    if image.ndim == 2:
        raise ValueError(f"{name} changes colours alone and has nothing to do on a gray image")
