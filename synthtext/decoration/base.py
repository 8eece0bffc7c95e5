"""What a decoration is drawn with: a frame of the line, in em along and across it, and the picture.

Everything is placed in the line's own frame and brought into the picture by the warp that moved the ink, point by
point, so that a rule tilts and bends with its text. Along the line runs `s`, across it `c`, which grows towards the
side where rules lie: down in lines, to the left in columns. Neither decorations nor their ends look like a character:
bars at the ends of a text are only drawn as part of a frame that closes round it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Floats, Image, Transform
from synthtext.layers import faded, inverted, lay
from synthtext.rng import Draws
from synthtext.values import Color, Direction, TextLine

_BITS = 4


class DecorSpec(EffectSpec):
    """Base of the specs of decorations. Lengths are in em of the text.

    Attributes:
        chance: how often a text gets it.
    """


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the ink of a line lies, in em: from `start` to `end` along it, from `top` to `bottom` across it."""

    start: float
    end: float
    top: float
    bottom: float

    @staticmethod
    def of(line: TextLine) -> Extent:
        """Return the extent of a line's or column's ink."""
        x0, y0, x1, y1 = line.ink_xyxy
        return Extent(y0, y1, -x1, -x0) if line.direction == "ttb" else Extent(x0, x1, y0, y1)

    @property
    def length(self) -> float:
        """Along the line."""
        return self.end - self.start

    @property
    def height(self) -> float:
        """Across the line."""
        return self.bottom - self.top

    def grown(self, room: Room) -> Extent:
        """Return the extent with room added."""
        return Extent(self.start - room.before, self.end + room.after, self.top - room.above, self.bottom + room.below)


@dataclass(frozen=True, slots=True)
class Room:
    """Room that a decoration needs round the ink, em."""

    before: float = 0.0
    above: float = 0.0
    after: float = 0.0
    below: float = 0.0


@dataclass(slots=True, eq=False)
class Frame:
    """A line of text with the picture that it stands in.

    Attributes:
        surface: (H, W, 3) uint8 RGB, painted on in place.
        extent: of the ink.
        cjk: the text stands in squares and has no baseline to speak of.
        fill: the colour of the ink; the surface's counterpart before it is known.
        em_px: size of the letters in the picture.
        luck: numbers for what has no range of its own.
    """

    surface: Image
    extent: Extent
    direction: Direction
    cjk: bool
    layer_em_px: float
    origin: tuple[float, float]
    warp: Transform
    em_px: float
    luck: Draws
    fill: Color = (0, 0, 0)

    def points(self, spots: Floats) -> Floats:
        """Return (N, 2) pixels of the picture for (N, 2) places (s, c) in em."""
        s, c = spots[:, 0], spots[:, 1]
        x, y = (-c, s) if self.direction == "ttb" else (s, c)
        layer = np.stack([x, y], axis=1) * self.layer_em_px + np.array(self.origin, np.float32)
        return self.warp.points(layer.astype(np.float32))

    def area(self, outline: Floats) -> Image:
        """Return the mask of an outline (N, 2) of places in em."""
        return filled(self.surface, self.points(outline)[None])

    def rule(self, s0: float, s1: float, c: float | Callable[[Floats], Floats], thick_em: float) -> Image:
        """Return the mask of a rule along the line at height `c`."""
        steps = np.linspace(s0, s1, max(2, round(3.0 * (s1 - s0)) if not callable(c) else round(12 * (s1 - s0))))
        s: Floats = steps.astype(np.float32)
        middle: Floats = c(s) if callable(c) else np.full_like(s, c)
        return self.area(band(s, middle, self.filling(thick_em)))

    def filling(self, thick_em: float) -> float:
        """Return the thickness to fill so that it comes out as asked: smooth edges add a pixel, thin ones stay seen."""
        return max(thick_em - 0.9 / self.em_px, 0.25 / self.em_px)

    def spot(self, s: float, c: float) -> tuple[float, float]:
        """Return the pixel of one place in em."""
        x, y = self.points(np.array([[s, c]], np.float32))[0].tolist()
        return x, y


def band(s: Floats, middle: Floats, thick_em: float) -> Floats:
    """Return the outline (2N, 2) of a band of this thickness round a path."""
    half = np.float32(0.5 * thick_em)
    upper, lower = np.stack([s, middle - half], axis=1), np.stack([s, middle + half], axis=1)
    return np.concatenate([upper, lower[::-1]])


def rounded(extent: Extent, radius_em: float) -> Floats:
    """Return the outline (N, 2) of a rectangle with round corners, in em."""
    radius = min(radius_em, 0.5 * extent.height, 0.5 * extent.length)
    if radius <= 0.0:
        steps = np.linspace(extent.start, extent.end, max(2, round(2 * extent.length)), dtype=np.float32)
        top = np.stack([steps, np.full_like(steps, extent.top)], axis=1)
        bottom = np.stack([steps[::-1], np.full_like(steps, extent.bottom)], axis=1)
        return np.concatenate([top, bottom])
    turns = np.linspace(0.0, 0.5 * np.pi, 7)
    parts = []
    inner = Extent(extent.start + radius, extent.end - radius, extent.top + radius, extent.bottom - radius)
    along = np.linspace(inner.start, inner.end, max(2, round(2 * inner.length)))[1:-1]
    corners = (
        (inner.end, inner.top, -0.5),
        (inner.end, inner.bottom, 0.0),
        (inner.start, inner.bottom, 0.5),
        (inner.start, inner.top, 1.0),
    )
    for number, (s, c, first) in enumerate(corners):
        angle = turns + first * np.pi
        parts.append(np.stack([s + radius * np.cos(angle), c + radius * np.sin(angle)], axis=1))
        if number == 1:
            parts.append(np.stack([along[::-1], np.full_like(along, extent.bottom)], axis=1))
    parts.append(np.stack([along, np.full_like(along, extent.top)], axis=1))
    return np.concatenate(parts).astype(np.float32)


def filled(surface: Image, outlines: Floats) -> Image:
    """Return the mask, as large as the surface, of (N, P, 2) outlines in pixels."""
    mask = np.zeros(surface.shape[:2], np.uint8)
    # Drawn at pixel centres, which lie half a pixel inside the edge convention.
    fixed = np.round((outlines - np.float32(0.5)) * np.float32(1 << _BITS)).astype(np.int32)
    cv2.fillPoly(mask, list(fixed), 255, cv2.LINE_AA, _BITS)
    return mask


def lay_marks(surface: Image, mask: Image, color: Color, opacity: float = 1.0) -> None:
    """Lay a colour through a mask."""
    lay(surface, faded(mask, opacity), color)


def stain(surface: Image, mask: Image, color: Color) -> None:
    """Multiply the surface by a colour, as much as the mask says: transparent ink."""
    gain = cv2.merge([inverted(faded(mask, 1.0 - value / 255.0)) for value in color])
    cv2.multiply(surface, gain, dst=surface, scale=1.0 / 255.0)
