"""Crops for recognition, cut out of a page as PaddleOCR cuts them, curved text straightened, columns turned."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.levels import IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture
from synthtext.labels.rectify import rectified_all, strip_edges

_JPEG = (cv2.IMWRITE_JPEG_QUALITY, 95)
# Of two edges along one strip none is much longer than the other.
_EDGES_ALIKE = 2.5


@dataclass(frozen=True, slots=True)
class Crop:
    """One line or word, cut out of its page.

    Attributes:
        number: of its box on the page.
        text: its label.
        data: a JPEG file.
    """

    number: int
    text: str
    data: bytes


def cut(picture: Picture, data: bytes | None = None) -> list[Crop]:
    """Return the crops of all boxes of a page that count and have a text, in their order.

    Args:
        data: its image's file, where that has been read already.

    Raises:
        ValueError: its image is missing or cannot be decoded.
    """
    wanted = [(number, box) for number, box in enumerate(picture.boxes) if counts(box)]
    if not wanted:
        return []
    data = picture.read_image() if data is None else data
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if pixels is None:
        raise ValueError("the image cannot be decoded" if data else "the image is missing")
    crops = []
    outlines, columns = [outline_to_cut(box) for _, box in wanted], [box.column for _, box in wanted]
    cuts = rectified_all(pixels, outlines, columns)  # type: ignore[arg-type]
    for (number, box), crop in zip(wanted, cuts, strict=True):
        done, buffer = cv2.imencode(".jpg", crop, _JPEG)
        if not done:
            raise ValueError("a crop cannot be encoded")
        crops.append(Crop(number, box.text, buffer.tobytes()))
    return crops


def counts(box: TextBox) -> bool:
    """Return whether a box is a sample for recognition: not ignored, with a text that is no mark."""
    return not box.ignore and bool(box.text) and box.text not in IGNORE_MARKS


def outline_to_cut(box: TextBox) -> Floats:
    """Return the outline along which a box is cut: its polygon if that runs along a strip, else a quad."""
    if len(box.outline) == 4 or _is_strip(box.outline, box.column):
        return box.outline
    return quad_round(box.outline)


def quad_round(outline: Floats) -> Floats:
    """Return the smallest turned rectangle (4, 2) round a polygon, clockwise, beginning where the polygon does."""
    quad = cv2.boxPoints(cv2.minAreaRect(np.ascontiguousarray(outline, np.float32))).astype(np.float32)
    following = np.roll(quad, -1, axis=0)
    if np.sum(quad[:, 0] * following[:, 1] - following[:, 0] * quad[:, 1]) < 0:
        quad = quad[::-1]
    first = int(np.argmin(np.linalg.norm(quad - outline[0], axis=1)))
    rolled: Floats = np.ascontiguousarray(np.roll(quad, -first, axis=0))
    return rolled


def _is_strip(outline: Floats, column: bool) -> bool:
    if len(outline) % 2 or len(outline) < 6:
        return False
    first, second = (
        float(np.linalg.norm(np.diff(edge, axis=0), axis=1).sum()) for edge in strip_edges(outline, column)
    )
    return min(first, second) > 0 and max(first, second) <= _EDGES_ALIKE * min(first, second)
