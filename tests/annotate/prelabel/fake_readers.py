"""Readers for tests, opened in worker processes as `python:fake_readers:Name`.

`Marks` reads pictures made by `marked`: each white bar on black is a line whose text is its length.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from annotate.prelabel.reader import Found, Read

BAR_PX = 12


def marked(path: Path, lengths: Sequence[int], size_wh: tuple[int, int] = (200, 160)) -> Path:
    """Write a picture with one bar a length, below each other."""
    pixels = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    for number, length in enumerate(lengths):
        top = 10 + number * 2 * BAR_PX
        pixels[top : top + BAR_PX, 20 : 20 + length] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


class Marks:
    """Finds bars and reads their lengths."""

    name = "marks 1"

    def detect(self, image: np.ndarray) -> list[Found]:
        rows = image[:, :, 0].max(axis=1) > 128
        tops = np.flatnonzero(np.diff(rows.astype(int)) == 1) + 1
        found = []
        for top in tops:
            right = 1 + int(np.flatnonzero(image[top + BAR_PX // 2, :, 0] > 128).max())
            points = ((20.0, float(top)), (float(right), float(top)), (float(right), float(top + BAR_PX)))
            found.append(Found((*points, (20.0, float(top + BAR_PX))), 0.9))
        return found

    def read(self, crops: Sequence[np.ndarray]) -> list[Read]:
        return [Read(f"{crop.shape[1]}", 0.8, (0.8,) * len(f"{crop.shape[1]}")) for crop in crops]


class OtherMarks(Marks):
    """Reads one less, and does not see the first bar."""

    name = "marks 2"

    def detect(self, image: np.ndarray) -> list[Found]:
        return super().detect(image)[1:]

    def read(self, crops: Sequence[np.ndarray]) -> list[Read]:
        return [Read(f"{crop.shape[1] - 1}", 0.6) for crop in crops]


class SlowMarks(Marks):
    """Takes its time."""

    name = "slow marks"

    def detect(self, image: np.ndarray) -> list[Found]:
        time.sleep(0.03)
        return super().detect(image)


class Moody(Marks):
    """Throws at bars of 60, hangs at 70, dies at 80, and answers nonsense at 90."""

    name = "moody"

    def read(self, crops: Sequence[np.ndarray]) -> list[Read]:
        widths = {crop.shape[1] for crop in crops}
        if 60 in widths:
            raise ValueError("no 60,\nplease")
        if 70 in widths:
            time.sleep(1000)
        if 80 in widths:
            os._exit(7)
        if 90 in widths:
            return []
        return super().read(crops)


class Broken:
    """Cannot be opened."""

    name = "broken"

    def __init__(self) -> None:
        raise RuntimeError("the licence has run out")
