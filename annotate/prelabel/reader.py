"""What an OCR engine is to us: it finds places of text in a picture, and reads crops of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synthtext.geometry import Floats, Image
from synthtext.labels.rectify import rectified


@dataclass(frozen=True, slots=True)
class Read:
    """What a crop says.

    Attributes:
        score: 0 to 1.
        char_scores: one a code point of the text, where the engine tells.
    """

    text: str
    score: float
    char_scores: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A place of text.

    Attributes:
        points: three or more (x, y) in pixels, clockwise from the reader's top-left corner.
        score: how sure the detector is that there is text.
        read: what it says, of engines that do both at once.
    """

    points: tuple[tuple[float, float], ...]
    score: float
    read: Read | None = None


class Reader(Protocol):
    """An OCR engine, opened once in each worker and used by one task at a time.

    Attributes:
        name: with the version; another name is another reader, whose readings are kept beside those of the first.
    """

    name: str

    def detect(self, image: Image) -> list[Found]:
        """Find text in a picture, (H, W, 3) uint8 RGB."""

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Read crops that lie down, each (h, w, 3) uint8 RGB; one reading a crop."""


def crop_of(image: Image, points: Sequence[Sequence[float]]) -> Image:
    """Return the crop that a reader is given for an outline: as PaddleOCR cuts it, columns turned to lie down."""
    outline: Floats = np.asarray(points, np.float32)
    if len(outline) != 4 and len(outline) % 2:
        low, high = outline.min(axis=0), outline.max(axis=0)
        outline = np.array([low, (high[0], low[1]), high, (low[0], high[1])], np.float32)
    return rectified(image, outline)
