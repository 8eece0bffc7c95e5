"""Stamps: seals pressed over a text, and ticks of a pen."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import cv2
import numpy as np
from numpy.random import Generator, Philox

from synthtext.decoration.base import DecorSpec, Frame, filled, lay_marks, stain
from synthtext.geometry import Floats, Image
from synthtext.layers import faded, less, resized, softened
from synthtext.lettering.banks import dropouts, noise
from synthtext.spec import Range, Within
from synthtext.values import Color

_SIDE = 256
_SEALS = 12
_FORMS = ("round", "round", "oval", "square")
_LARGEST_SQUARE_EM = 1.7
_RED: tuple[Color, ...] = ((214, 40, 44), (200, 30, 44), (226, 70, 62), (214, 40, 44), (52, 70, 180))
_TICKS: tuple[Color, ...] = ((214, 26, 32), (214, 26, 32), (30, 70, 190), (20, 130, 60))


class Seal(DecorSpec):
    """A round, oval or square seal over the text, in transparent ink.

    Attributes:
        size_em: of the seal.
        opacity: of its ink.
        worn: share of bare spots in its ink.
    """

    size_em: Annotated[Range, Within(1, 12)] = Range(1.3, 4.0)
    opacity: Annotated[Range, Within(0.1, 0.9)] = Range(0.4, 0.75)
    worn: Annotated[Range, Within(0, 0.6)] = Range(0.05, 0.3)


def seal(frame: Frame, *, size_em: float, opacity: float, worn: float) -> None:
    """Press a seal over some place of the text; its ink darkens what is light and leaves dark letters as they are."""
    luck, extent = frame.luck, frame.extent
    number = int(luck.unit() * _SEALS)
    if size_em > _LARGEST_SQUARE_EM and number % len(_FORMS) == _FORMS.index("square"):
        number -= 1  # a side of a large square, alone in a crop, would be a stroke beside the text
    stamp = _bank()[number]
    x, y = frame.spot(extent.start + extent.length * luck.unit(), extent.top + extent.height * (0.5 + luck.signed(0.7)))
    scale = size_em * frame.em_px / _SIDE
    turn = luck.signed(math.radians(25.0))
    c, s = scale * math.cos(turn), scale * math.sin(turn)
    half = 0.5 * _SIDE
    matrix = np.array([[c, -s, x - c * half + s * half], [s, c, y - s * half - c * half]])
    height, width = frame.surface.shape[:2]
    if scale < 0.6:  # linear interpolation would leave holes in thin rings
        stamp = softened(stamp, 0.35 / scale)
    mask: Image = cv2.warpAffine(stamp, matrix, (width, height), flags=cv2.INTER_LINEAR)  # type: ignore[assignment]
    bare = dropouts(noise("blots", (width, height), luck, frame.em_px), worn, 4.0)
    color = luck.choice(_RED)
    ink = faded(less(mask, faded(bare, 0.8)), opacity)
    if sum(cv2.mean(frame.surface)[:3]) > 3 * 95:
        stain(frame.surface, ink, color)
    else:  # transparent ink would not be seen on a dark surface
        lay_marks(frame.surface, ink, color, 0.8)


class Tick(DecorSpec):
    """A tick of a pen, larger than the letters, across one of them.

    Attributes:
        size_em: of the tick.
        thick_em: of the pen.
    """

    size_em: Annotated[Range, Within(0.5, 4)] = Range(1.5, 2.4)
    thick_em: Annotated[Range, Within(0.01, 0.2)] = Range(0.05, 0.09)


def tick(frame: Frame, *, size_em: float, thick_em: float) -> None:
    """Draw a tick over the text, in a pen's colour and thin enough to read through."""
    luck, extent = frame.luck, frame.extent
    x, y = frame.spot(extent.start + extent.length * (0.1 + 0.8 * luck.unit()), extent.top + 0.55 * extent.height)
    size = size_em * frame.em_px
    lean = luck.signed(0.15)
    path = np.array([[-0.38, -0.02], [-0.16, 0.3], [0.02 + lean * 0.2, -0.12], [0.5 + lean, -0.62]], np.float32) * size
    path = path + np.array([x, y], np.float32)
    outline = _tapered(path, max(thick_em * frame.em_px, 1.4))
    color = luck.choice(_TICKS)
    lay_marks(frame.surface, filled(frame.surface, outline[None]), color, 0.75)


def _tapered(path: Floats, thick_px: float) -> Floats:
    """Return the outline of a stroke that is thickest after its turn and thin at its ends."""
    steps = np.linspace(0, len(path) - 1, 24)
    whole = np.arange(len(path))
    points = np.stack([np.interp(steps, whole, path[:, 0]), np.interp(steps, whole, path[:, 1])], axis=1)
    along = np.gradient(points, axis=0)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-6)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    width = thick_px * (0.35 + 0.65 * np.sin(np.linspace(0.25, 0.95, len(steps)) * np.pi)) * 0.5
    left, right = points + across * width[:, None], points - across * width[:, None]
    return np.concatenate([left, right[::-1]]).astype(np.float32)


@lru_cache(maxsize=1)
def _bank() -> tuple[Image, ...]:
    """Return masks of seals, made once: the same ones in every process."""
    return tuple(_drawn(Generator(Philox(key=5_000 + number)), number) for number in range(_SEALS))


def _drawn(rng: Generator, number: int) -> Image:
    """Return (256, 256): a ring or two, marks along it that stand for writing, a star or a bar in the middle."""
    big = 2 * _SIDE
    mask = np.zeros((big, big), np.uint8)
    kind = _FORMS[number % len(_FORMS)]
    middle, reach = big // 2, big // 2 - 10
    thick = int(rng.integers(10, 20))
    if kind == "square":
        cv2.rectangle(mask, (20, 20), (big - 20, big - 20), 255, thick)
        _marks_in_rows(mask, rng, int(rng.integers(2, 4)))
        return resized(mask, (_SIDE, _SIDE), cv2.INTER_AREA)
    axes = (reach, int(reach * (0.68 if kind == "oval" else 1.0)))
    cv2.ellipse(mask, (middle, middle), (axes[0] - thick, axes[1] - thick), 0, 0, 360, 255, thick, cv2.LINE_AA)
    if rng.random() < 0.4:
        inner = (axes[0] - 3 * thick, axes[1] - 3 * thick)
        cv2.ellipse(mask, (middle, middle), inner, 0, 0, 360, 255, 4, cv2.LINE_AA)
    _marks_on_arc(mask, rng, axes, thick)
    if kind == "round":
        _star(mask, (middle, middle), int(reach * 0.3))
    else:
        _row(mask, rng, middle, 5, 40)
    if rng.random() < 0.6:
        _row(mask, rng, middle + int(axes[1] * 0.5), 6, 30)
    return resized(mask, (_SIDE, _SIDE), cv2.INTER_AREA)


def _marks_on_arc(mask: Image, rng: Generator, axes: tuple[int, int], thick: int) -> None:
    count = int(rng.integers(9, 15))
    size = int(min(axes) * 0.26)
    middle = mask.shape[0] // 2
    for turn in np.linspace(math.radians(155), math.radians(385), count):
        mark = _mark(rng, size)
        spin = cv2.getRotationMatrix2D((size, size), -math.degrees(turn) - 90.0, 1.0)
        mark = cv2.warpAffine(mark, spin, (2 * size, 2 * size))  # type: ignore[assignment]
        inset = 2.2 * thick + 0.6 * size
        x, y = middle + math.cos(turn) * (axes[0] - inset), middle + math.sin(turn) * (axes[1] - inset)
        left, top = int(x) - size, int(y) - size
        window = mask[top : top + 2 * size, left : left + 2 * size]
        if window.shape == mark.shape:
            np.maximum(window, mark, out=window)


def _marks_in_rows(mask: Image, rng: Generator, rows: int) -> None:
    side = (mask.shape[0] - 90) // rows
    for row in range(rows):
        for column in range(rows):
            mark = resized(_mark(rng, side // 2), (side, side), cv2.INTER_LINEAR)
            top, left = 45 + row * side, 45 + column * side
            mask[top : top + side, left : left + side] = mark


def _row(mask: Image, rng: Generator, y: int, count: int, size: int) -> None:
    left = mask.shape[1] // 2 - count * size // 2
    for number in range(count):
        mark = resized(_mark(rng, size), (size, size), cv2.INTER_AREA)
        top = y - size // 2
        mask[top : top + size, left + number * size : left + (number + 1) * size] = mark


def _mark(rng: Generator, half: int) -> Image:
    """Return (2 half, 2 half): strokes that look like writing from afar and are no character of any script."""
    mark = np.zeros((2 * half, 2 * half), np.uint8)
    low, high, thick = int(0.45 * half), int(1.55 * half), max(2, half // 8)
    for _ in range(int(rng.integers(3, 6))):
        y = int(rng.integers(low, high))
        x0, x1 = int(rng.integers(low, half)), int(rng.integers(half, high))
        cv2.line(mark, (x0, y), (x1, y + int(rng.integers(-4, 5))), 255, thick, cv2.LINE_AA)
    for _ in range(int(rng.integers(2, 4))):
        x = int(rng.integers(low, high))
        y0, y1 = int(rng.integers(low, half)), int(rng.integers(half, high))
        cv2.line(mark, (x, y0), (x + int(rng.integers(-8, 9)), y1), 255, thick, cv2.LINE_AA)
    return mark


def _star(mask: Image, centre: tuple[int, int], reach: int) -> None:
    turns = np.arange(10) * math.pi / 5 - math.pi / 2
    lengths = np.where(np.arange(10) % 2 == 0, reach, reach * 0.382)
    points = np.stack([np.cos(turns) * lengths, np.sin(turns) * lengths], axis=1) + centre
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 255, cv2.LINE_AA)
