"""Mending what a file says about a picture, so that every trainer reads it alike; all that is done is counted.

Outlines become clockwise, simple, and are cut off at the picture's border. Those drawn by hand begin at the top left
corner, where nothing tells the direction of their text. Texts are NFC, without line breaks, tabs and double spaces.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.levels import IGNORE_MARKS, LEAST_SIDE_PX, TextBox, clipped
from synthtext.labels.maps import sound
from synthtext.labels.picture import Picture
from synthtext.quads import is_convex, side_lengths, signed_area

_UPRIGHT_PX = 1.0
# What is left of a text, of which the picture shows less than half, nobody can read.
_LEAST_SEEN = 0.5

Tally = Counter[str]


def mended_text(text: str) -> str:
    """Return a text as labels hold it: NFC, no control characters, white space as single spaces inside."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(char for char in composed if char.isspace() or unicodedata.category(char) != "Cc")
    return " ".join(composed.split())


def mended_page(
    picture: Picture, size_wh: tuple[int, int], drawn: bool, tally: Tally, least_px: float = 0.0
) -> Picture:
    """Return a page whose boxes are fit for any trainer.

    Args:
        size_wh: of its image.
        drawn: outlines were drawn by hand, from whatever corner.
        tally: counts what is done, and why boxes are left out.
        least_px: boxes with a shorter side are to be ignored.
    """
    boxes = tuple(_boxes(picture, size_wh, drawn, tally, least_px))
    return replace(picture, boxes=boxes, size_wh=size_wh)


def _boxes(picture: Picture, size_wh: tuple[int, int], drawn: bool, tally: Tally, least_px: float) -> Iterator[TextBox]:
    for box in picture.boxes:
        if _faultless(box, size_wh, least_px) and not (drawn and not box.direction):
            yield box
            continue
        outline = clockwise(box.outline, tally)
        if drawn and not box.direction:
            outline = from_top_left(outline, tally)
        cut = clipped(outline, size_wh)
        if cut is None:
            tally["left out: outside of the picture, or without extent"] += 1
            continue
        ignore = box.ignore
        if not np.array_equal(cut, outline):
            seen = _area(cut) >= _LEAST_SEEN * _area(outline)
            tally["cut off at the border" if seen else "ignored: less than half of it is in the picture"] += 1
            ignore = ignore or not seen
        sides = side_lengths(cut[None])[0]
        if len(cut) == 4 and sides.min() < LEAST_SIDE_PX:
            cut = quad_round(cut)
            sides = side_lengths(cut[None])[0]
            if sides.min() < LEAST_SIDE_PX:
                tally["left out: outside of the picture, or without extent"] += 1
                continue
        if len(cut) == 4 and sides.min() < least_px and not ignore:
            tally["ignored: too small"] += 1
            ignore = True
        text = mended_text(box.text)
        if text != box.text:
            tally["texts put in order (NFC, white space)"] += 1
        ignore = ignore or text in IGNORE_MARKS
        quads = _characters(box.char_quads, size_wh)
        if quads is None and box.char_quads is not None and len(box.char_quads):
            tally["boxes of a text's characters left out: flat, crossed, anticlockwise or outside"] += 1
        if cut is box.outline and (text, ignore) == (box.text, box.ignore) and quads is box.char_quads:
            yield box
        else:
            yield replace(box, outline=cut, text=text, ignore=ignore, char_quads=quads)


def _faultless(box: TextBox, size_wh: tuple[int, int], least_px: float) -> bool:
    """Return whether nothing is to be done to a box; most are so, and this takes a tenth of the time of mending."""
    points = box.outline.tolist()
    if len(points) != 4 or box.char_quads is not None or (box.text in IGNORE_MARKS and not box.ignore):
        return False
    width, height = size_wh
    least = max(LEAST_SIDE_PX, 0.0 if box.ignore else least_px)
    (ax, ay), (bx, by) = points[2:]
    for x, y in points:
        if not (0 <= x <= width and 0 <= y <= height):
            return False
        if (bx - ax) * (y - by) - (by - ay) * (x - bx) <= 0 or (x - bx) ** 2 + (y - by) ** 2 < least * least:
            return False
        ax, ay, bx, by = bx, by, x, y
    return mended_text(box.text) == box.text


def clockwise(outline: Floats, tally: Tally) -> Floats:
    """Return an outline clockwise on screen, its first corner kept; a quad that crosses itself is uncrossed."""
    if len(outline) == 4:
        if is_convex(outline[None])[0]:
            return outline
        if signed_area(outline[None])[0] < 0 and is_convex((turned := _reversed(outline))[None])[0]:
            tally["anticlockwise outlines turned round"] += 1
            return turned
        hull: Floats = cv2.convexHull(np.ascontiguousarray(outline, np.float32))[:, 0].astype(np.float32)
        if len(hull) == 4:
            tally["quads that crossed themselves uncrossed"] += 1
            first = int(np.argmin(np.linalg.norm(hull - outline[0], axis=1)))
            hull = np.roll(hull, -first, axis=0)
            return _reversed(hull) if signed_area(hull[None])[0] < 0 else np.ascontiguousarray(hull)
        if float(np.ptp(outline, axis=0).min()) >= LEAST_SIDE_PX:
            tally["quads that are not convex replaced by the rectangle round them"] += 1
            return quad_round(outline)
        return outline
    if signed_area(outline[None])[0] < 0:
        tally["anticlockwise outlines turned round"] += 1
        return _reversed(outline)
    return outline


def from_top_left(outline: Floats, tally: Tally) -> Floats:
    """Return an upright rectangle from its top left corner; any other outline as it is."""
    if len(outline) != 4:
        return outline
    low, high = outline.min(axis=0), outline.max(axis=0)
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float32)
    distances = np.abs(outline[:, None] - corners[None]).max(axis=2)
    nearest = distances.argmin(axis=1)
    if nearest[0] == 0 or distances.min(axis=1).max() > _UPRIGHT_PX or len(set(nearest.tolist())) < 4:
        return outline
    tally["rectangles drawn from another corner put in order"] += 1
    return np.ascontiguousarray(np.roll(outline, -int(np.argmin(nearest)), axis=0))


def _reversed(outline: Floats) -> Floats:
    """Return an outline the other way round, from the same corner."""
    return np.ascontiguousarray(np.roll(outline[::-1], 1, axis=0))


def _area(outline: Floats) -> float:
    return abs(float(signed_area(outline[None])[0]))


def _characters(quads: Floats | None, size_wh: tuple[int, int]) -> Floats | None:
    """Return character quads inside the picture; None when one of them would spoil a score map."""
    if quads is None or not len(quads):
        return None
    if quads.min() >= 0 and (quads <= size_wh).all():
        inside = quads
    else:
        inside = np.clip(quads, 0, np.array(size_wh, np.float32))
    return inside if bool(sound(inside).all()) else None
