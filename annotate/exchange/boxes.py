"""Regions of the store as the boxes of label files, and back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from annotate.records import Direction, Region
from synthtext.labels.codec.ppocrlabel import PLACEHOLDER
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox

# Formats with whole numbers move a corner by up to half a pixel each way.
_SAME_PX = 1.01
_UPRIGHT_PX = 0.01
# What a region has no field for is kept among its extra keys.
_LANGUAGE, _CHARS = "language", "chars"


def box_of(region: Region) -> TextBox:
    """Return a region as label files tell of it.

    A text that nobody has typed or confirmed is no label: an empty one is to be ignored.
    """
    extra = dict(region.extra)
    language = extra.pop(_LANGUAGE, "")
    chars = extra.pop(_CHARS, None)
    ignore = region.ignore or not region.text.strip()
    return TextBox(
        np.array(region.points, np.float32),
        region.text,
        region.category,
        ignore,
        region.direction,
        language if isinstance(language, str) else "",
        tuple(sorted(region.tags)),
        np.array(chars, np.float32) if chars is not None else None,
        extra,
    )


def region_of(box: TextBox, origin: str) -> Region:
    """Return a box as a region of the store, drawn by `origin`."""
    points = tuple((float(x), float(y)) for x, y in box.outline.tolist())
    extra: dict[str, Any] = dict(box.extra)
    if box.language:
        extra[_LANGUAGE] = box.language
    if box.char_quads is not None:
        extra[_CHARS] = np.round(box.char_quads.astype(float), 2).tolist()
    placeholder = PLACEHOLDER in box.flags
    reason = "placeholder" if placeholder else "marked in the file" if box.ignore else None
    return Region(
        id=str(uuid.uuid4()),
        kind=_kind(points),
        points=points,
        text="" if placeholder or box.text in IGNORE_MARKS else box.text,
        state="todo" if placeholder else "confirmed",
        category=box.category,
        ignore=box.ignore,
        ignore_reason=reason,
        direction=_direction(box.direction),
        origin=origin,
        tags=tuple(flag for flag in box.flags if flag != PLACEHOLDER),
        extra=extra,
    )


def merged(new: Region, old: Region | None, tells_category: bool) -> Region:
    """Return a region that came back from a file, with what the file could not carry: see `nearest`.

    Args:
        tells_category: the file's makers keep categories; otherwise the usual one may stand for any.
    """
    if old is None:
        return new
    kept = replace(
        old,
        text=new.text,
        ignore=new.ignore,
        ignore_reason=old.ignore_reason if old.ignore == new.ignore else new.ignore_reason,
        category=new.category if tells_category or new.category != CATEGORIES[0] else old.category,
        state=new.state,
    )
    same = (kept.text, kept.ignore, kept.category) == (old.text, old.ignore, old.category)
    return old if same else replace(kept, origin=new.origin, score=None)


def nearest(region: Region, others: list[Region]) -> Region | None:
    """Return the one of some regions with the same outline, but for rounding; None when there is none."""
    points = np.array(region.points)
    for other in others:
        there = np.array(other.points)
        if points.shape == there.shape and np.abs(points - there).max() <= _SAME_PX:
            return other
    return None


def _kind(points: tuple[tuple[float, float], ...]) -> Literal["rect", "quad", "polygon"]:
    if len(points) != 4:
        return "polygon"
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    offs = (x0 - x3, x1 - x2, y0 - y1, y2 - y3)
    return "rect" if max(map(abs, offs)) <= _UPRIGHT_PX else "quad"


def _direction(text: str) -> Direction:
    return text if text in ("ltr", "rtl", "ttb") else "ltr"  # type: ignore[return-value]
