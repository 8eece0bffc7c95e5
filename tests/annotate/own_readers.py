"""Readers for tests: what a real one does, and what it should not do."""

from __future__ import annotations

import time
from collections.abc import Sequence

from annotate.prelabel.reader import Found, Read
from synthtext.geometry import Image


class Plain:
    """Finds two lines and reads them by their size."""

    name = "plain 1"

    def detect(self, image: Image) -> list[Found]:
        """Two places."""
        return [
            Found(((20.0, 40.0), (140.0, 40.0), (140.0, 70.0), (20.0, 70.0)), 0.9),
            Found(((20.0, 100.0), (140.0, 100.0), (140.0, 130.0), (20.0, 130.0)), 0.9),
        ]

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """The size of each crop, not quite sure of its last character."""
        texts = [f"{crop.shape[1]}x{crop.shape[0]}" for crop in crops]
        return [Read(text, 0.95, (0.99,) * (len(text) - 1) + (0.5,)) for text in texts]


class Sized(Plain):
    """Finds something only in pictures that are 333 pixels wide."""

    name = "sized 1"

    def detect(self, image: Image) -> list[Found]:
        """Two places or none."""
        return super().detect(image) if image.shape[1] == 333 else []


class Moody(Sized):
    """Throws at pictures of 331 and crops of 61 pixels, hangs at pictures of 332 and crops of 62."""

    name = "moody 1"

    def detect(self, image: Image) -> list[Found]:
        """Two places, none, or never."""
        _be_moody(image.shape[1], 331)
        return super().detect(image)

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """The size of each crop, or never."""
        for crop in crops:
            _be_moody(crop.shape[1], 61)
        return super().read(crops)


def _be_moody(width: int, bad: int) -> None:
    if width == bad:
        raise RuntimeError("the engine is\non fire")
    if width == bad + 1:
        time.sleep(3600)


class Throwing(Plain):
    """Throws."""

    name = "throwing 1"

    def detect(self, image: Image) -> list[Found]:
        """Never works."""
        raise RuntimeError("the engine is on fire")


class Hanging(Plain):
    """Never comes back."""

    name = "hanging 1"

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Waits for ever."""
        time.sleep(3600)
        return []
