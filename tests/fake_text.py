"""A finder that needs no model: text is where a photograph is pure red, and photographs to try it on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from synthtext.assets.text_finder import TextFinder, TextFound
from synthtext.geometry import Image

RED = (255, 0, 0)


class RedFinder:
    """Finds the enclosing box of what is red; its green level, 0 to 9, takes tenths off the score of 1.

    Attributes:
        seen: sizes of the photographs that were looked at.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def __call__(self, image: Image) -> TextFound:
        height, width = image.shape[:2]
        self.seen.append((width, height))
        rows, columns = np.nonzero((image[..., 0] == 255) & (image[..., 1] < 10) & (image[..., 2] == 0))
        if not len(rows):
            return TextFound.none((width, height))
        left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
        quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
        score = 1.0 - image[rows[0], columns[0], 1] / 10
        return TextFound(quad[None], np.array([score], np.float32), (width, height))


def red_finder(find: RedFinder | None = None, name: str = "red") -> TextFinder:
    """Return the finder under a name."""
    return TextFinder(name, lambda: find or RedFinder())


def save_photo(
    path: Path,
    red_xywh: tuple[int, int, int, int] | None = None,
    size_wh: tuple[int, int] = (120, 80),
    weakness: int = 0,
) -> None:
    """Write a gray photograph, with a red box where there is to be text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((size_wh[1], size_wh[0], 3), 90, np.uint8)
    pixels[::7] = 120
    if red_xywh is not None:
        x, y, width, height = red_xywh
        pixels[y : y + height, x : x + width] = (255, weakness, 0)
    Pillow.fromarray(pixels).save(path)


def save_photos(folder: Path, count: int, with_text: Sequence[int]) -> None:
    """Write p000.png and so on, some of them with text on a sixteenth of them."""
    for number in range(count):
        save_photo(folder / f"p{number:03}.png", (30, 20, 30, 20) if number in with_text else None)
