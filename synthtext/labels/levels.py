"""What the files of a detection dataset say about a picture: its lines, or its words, with outlines and texts.

Every format of detection labels is written from these boxes, and read back into them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from synthtext.geometry import Floats
from synthtext.quads import is_convex, side_lengths
from synthtext.values import Sample, TextInstance

Level = Literal["line", "word"]

IGNORED = "###"
# What readers of PaddleOCR's and ICDAR's labels take for "does not count".
IGNORE_MARKS = frozenset({IGNORED, "*"})
# Class ids are places in this list, in every format that has them.
CATEGORIES = ("printed", "filled")
LEAST_SIDE_PX = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class TextBox:
    """One line or word as a label file tells of it.

    Attributes:
        outline: (P, 2) float32 pixels, clockwise from the reader's top-left corner; a quad, or more points when curved.
        text: what is written; empty in formats that do not say.
        category: printed or filled.
        ignore: must not count in training or scoring.
        direction: ltr, rtl or ttb (a column); empty when nothing tells.
        language: as the file names it; empty when it does not.
        flags: that were set on it, sorted.
        char_quads: (N, 4, 2) float32 pixels, a quad a character with ink; None when nothing tells.
        extra: whatever else the file says about it, as JSON would hold it.
    """

    outline: Floats
    text: str = ""
    category: str = CATEGORIES[0]
    ignore: bool = False
    direction: str = ""
    language: str = ""
    flags: tuple[str, ...] = ()
    char_quads: Floats | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> bool:
        """Whether it reads from top to bottom."""
        return self.direction == "ttb"

    @property
    def label(self) -> str:
        """The text, or the mark of what is to be ignored."""
        return IGNORED if self.ignore else self.text


def text_boxes(sample: Sample, level: Level = "line", polygons: bool = False) -> list[TextBox]:
    """Return the lines or words of a picture, in the order of its instances, cut off at its borders.

    What has no extent inside the picture is left out; what is left of a badly cut one is to be ignored. So is a text
    that readers would take for the mark of such a thing.

    Args:
        polygons: curved text has outlines of more than four points, otherwise quads round it.
    """
    boxes = []
    for instance in sample.instances:
        for text, outline in _parts(instance, level, polygons):
            cut = clipped(outline, sample.size_wh)
            if cut is None:
                continue
            ignore = instance.ignore is not None or text in IGNORE_MARKS or not _sound(cut)
            if ignore and not _sound(cut):
                cut = _upright(cut)
            boxes.append(TextBox(cut, text, instance.category, ignore, instance.direction))
    return boxes


def label_text(boxes: Sequence[TextBox]) -> str:
    """Return all texts of a picture, a line each, as its label file has them: what a checksum is made of."""
    return "\n".join(box.label for box in boxes)


def clipped(outline: Floats, size_wh: tuple[int, int]) -> Floats | None:
    """Return an outline (P, 2) with its points moved into the picture; None when next to nothing of it is inside."""
    inside: Floats = np.clip(outline, 0, np.array(size_wh, np.float32))
    if not np.isfinite(inside).all() or np.ptp(inside, axis=0).min() < LEAST_SIDE_PX:
        return None
    return inside


def category_id(category: str) -> int:
    """Return the class id of a category.

    Raises:
        ValueError: it has none.
    """
    if category not in CATEGORIES:
        raise ValueError(f"category {category!r} has no class id; there are {', '.join(CATEGORIES)}")
    return CATEGORIES.index(category)


def quad_of(box: TextBox) -> Floats:
    """Return the outline of a box, which has to be a quad (4, 2).

    Raises:
        ValueError: it has more points.
    """
    if len(box.outline) != 4:
        raise ValueError(f"{box.text!r}: {len(box.outline)} points where a quad belongs")
    return box.outline


def _parts(instance: TextInstance, level: Level, polygons: bool) -> Sequence[tuple[str, Floats]]:
    if not len(instance.chars):
        return ()
    if level == "line":
        return ((instance.text, instance.polygon if polygons else instance.quad),)
    outlines = instance.word_polygons if polygons else list(instance.word_quads)
    return tuple(zip(instance.word_texts, outlines, strict=True))


def _sound(outline: Floats) -> bool:
    if len(outline) != 4:
        return True
    return bool(is_convex(outline[None])[0] and side_lengths(outline[None]).min() >= LEAST_SIDE_PX)


def _upright(outline: Floats) -> Floats:
    (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
    box: Floats = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    return box
