"""A reader that finds nothing, for pages that are labelled from scratch."""

from __future__ import annotations

from collections.abc import Sequence

from annotate.prelabel.reader import Found, Read
from synthtext.geometry import Image


class Blind:
    """Finds nothing."""

    name = "blind"

    def detect(self, image: Image) -> list[Found]:
        """Nothing."""
        return []

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Nothing."""
        return [Read("", 0.0) for _ in crops]
