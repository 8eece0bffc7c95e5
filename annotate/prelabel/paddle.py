"""PaddleOCR, where it is installed; it finds and reads in one go and tells no scores of characters."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Sequence
from typing import Any

import numpy as np

from annotate.prelabel.reader import Found, Read
from synthtext.errors import UserError
from synthtext.geometry import Image


class PaddleReader:
    """Reads with PaddleOCR 3 and the models that it has (it downloads them by itself when first used)."""

    def __init__(self) -> None:
        self.name = paddle_name()
        off = {"use_doc_orientation_classify": False, "use_doc_unwarping": False, "use_textline_orientation": False}
        self._engine: Any = importlib.import_module("paddleocr").PaddleOCR(**off)

    def detect(self, image: Image) -> list[Found]:
        """Find and read the text of a picture."""
        found: list[Found] = []
        for page in self._engine.predict(np.ascontiguousarray(image[..., ::-1])):
            for points, text, score in zip(page["rec_polys"], page["rec_texts"], page["rec_scores"], strict=True):
                outline = tuple((float(x), float(y)) for x, y in points)
                found.append(Found(outline, float(score), Read(str(text), float(score))))
        return found

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Read crops: what is found in each, joined from left to right."""
        read = []
        for crop in crops:
            found = sorted(self.detect(crop), key=lambda one: min(x for x, _ in one.points))
            said = [one.read for one in found if one.read is not None]
            read.append(Read("".join(one.text for one in said), min((one.score for one in said), default=0.0)))
        return read


def paddle_name() -> str:
    """Return the reader's name.

    Raises:
        UserError: PaddleOCR is not installed.
    """
    try:
        version = importlib.metadata.version("paddleocr")
    except importlib.metadata.PackageNotFoundError as error:
        message = "--reader paddleocr: PaddleOCR is not installed; run: pip install paddleocr paddlepaddle"
        raise UserError(message) from error
    return f"paddleocr {'.'.join(version.split('.')[:2])}"
