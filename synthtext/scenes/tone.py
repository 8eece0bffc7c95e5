"""The tone of a picture: how its camera, light and haze show black, white and colours, for what is laid into it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.values import Color

# What is laid into a picture may be a little darker or brighter than anything that is there.
_BEYOND = 0.55
_LEAST_WHITE = 150.0
_MOST_BLACK = 70.0
_LOCAL = 0.45
_COLORLESS = 4.0
_DIMMEST, _BRIGHTEST = 0.55, 1.18


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """A picture's tone.

    Attributes:
        table: (1, 256, 3) uint8: what each value of red, green and blue becomes.
        gray: the picture's mean brightness, 0..255.
        colorless: it is black and white.
    """

    table: Image
    gray: float
    colorless: bool = False

    @property
    def span(self) -> float:
        """How much of a difference in brightness is left."""
        # Summed in Python: it is asked for every block, and NumPy is slow with three numbers.
        return float(sum(self.table[0, 255].tolist()) / 3.0 - sum(self.table[0, 0].tolist()) / 3.0) / 255.0

    def color(self, color: Color) -> Color:
        """Return a colour as the picture's camera would have seen it."""
        red, green, blue = color
        if self.colorless:
            red = green = blue = round(0.3 * red + 0.59 * green + 0.11 * blue)
        table = self.table[0]
        return int(table[red, 0]), int(table[green, 1]), int(table[blue, 2])

    def take_colors(self, image: Image) -> None:
        """Take the colours out of a part of a black-and-white picture, (h, w, 3) uint8 RGB, in place."""
        if self.colorless:
            image[:] = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)

    def shown(self, image: Image, around: Image | None = None) -> Image:
        """Return an image as the picture's camera would have seen it.

        Args:
            around: the part of the picture that it is laid over: in its shadow it is darker.
        """
        table = self.table
        if self.colorless:
            image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)  # type: ignore[assignment]
        if around is not None and around.size:
            red, green, blue, _ = cv2.mean(around)
            local = 0.3 * red + 0.59 * green + 0.11 * blue
            gain = ((local + 24.0) / (self.gray + 24.0)) ** _LOCAL
            dimmed = cv2.convertScaleAbs(table, alpha=min(_BRIGHTEST, max(_DIMMEST, gain)))
            table = np.asarray(dimmed, np.uint8).reshape(1, 256, 3)
        return cv2.LUT(image, table)  # type: ignore[return-value]


def tone_of(photo: Image) -> Tone:
    """Return the tone of a photograph, (H, W, 3) uint8 RGB; a small copy is enough."""
    flat = photo.reshape(-1, 3)
    low, high = np.quantile(flat[:: max(1, len(flat) // 4000)], (0.01, 0.99), axis=0)
    black = np.minimum(low * (1.0 - _BEYOND), _MOST_BLACK)
    white = np.maximum(high + (255.0 - high) * _BEYOND, _LEAST_WHITE)
    ramp = np.arange(256.0)[:, None] / 255.0
    table = np.clip(black + ramp * (white - black), 0, 255).astype(np.uint8)[None]
    colorless = float(np.ptp(flat.astype(np.int16), axis=1).mean()) < _COLORLESS
    return Tone(np.ascontiguousarray(table), float(flat.mean()), colorless)
