"""What containers tell about a sample beside its image: plain values that JSON and Arrow can hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.levels import Level, TextBox, clipped, label_text, text_boxes
from synthtext.values import Sample
from synthtext.writers.base import PageOptions

_DIGITS = 2


def crop_facts(index: int, sample: Sample) -> dict[str, Any]:
    """Return what is known about a crop of one line: its text, and what it was made of."""
    made = sample.provenance
    return {
        "index": index,
        "text": sample.text,
        "source": made.source,
        "fonts": list(made.fonts),
        "background": made.background,
        "effects": list(made.effects),
        "contrast": round(made.contrast, 1),
        "em_px": round(made.em_px, 1),
    }


def page_facts(index: int, sample: Sample, pages: PageOptions) -> dict[str, Any]:
    """Return what is known about a picture with many lines: lines, words and characters with their outlines.

    `text` is what the label files of the other formats say, at the level that was asked for.
    """
    levels = {level: text_boxes(sample, level, pages.polygons) for level in get_args(Level)}
    width, height = sample.size_wh
    return {
        "index": index,
        "text": label_text(levels[pages.level]),
        "width": width,
        "height": height,
        "level": pages.level,
        "lines": [_box(box) for box in levels["line"]],
        "words": [_box(box) for box in levels["word"]],
        "chars": _chars(sample),
    }


def read_boxes(facts: Sequence[dict[str, Any]]) -> tuple[TextBox, ...]:
    """Return the boxes that `page_facts` describes.

    Raises:
        ValueError, KeyError, TypeError: the description is damaged.
    """
    boxes = []
    for fact in facts:
        outline = np.array(fact["points"], np.float32)
        if outline.ndim != 2 or outline.shape[1] != 2 or len(outline) < 3:
            raise ValueError(f"points of {fact['text']!r} are not three or more pairs")
        boxes.append(TextBox(outline, str(fact["text"]), str(fact["category"]), bool(fact["ignore"])))
    return tuple(boxes)


def _box(box: TextBox) -> dict[str, Any]:
    return {"text": box.text, "points": _points(box.outline), "category": box.category, "ignore": box.ignore}


def _chars(sample: Sample) -> list[dict[str, Any]]:
    """Return the cells of the characters that count, cut off at the picture's border."""
    chars = []
    for instance in sample.instances:
        if instance.ignore is None:
            for char, quad in zip(instance.chars, instance.cell_quads, strict=True):
                cut = clipped(quad, sample.size_wh)
                if cut is not None:
                    chars.append({"text": char, "points": _points(cut)})
    return chars


def _points(outline: Floats) -> list[list[float]]:
    return np.round(outline.astype(np.float64), _DIGITS).tolist()  # type: ignore[no-any-return]
