"""Place: decide how a detector would have cut the line out of its picture: margins, tilt, perspective, size."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import cv2
import numpy as np
from pydantic import Field, model_validator

from synthtext.errors import Rejected
from synthtext.geometry import Image, Matrix, Transform, Warp
from synthtext.nouns import noun
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, Within
from synthtext.values import TextLine

# A line of dashes or dots has next to no height; a detector's box round it is at least this high.
_LEAST_INK_EM = 0.55
PADS = {"black": 0, "gray": 127, "white": 255}
"""The gray of each kind of padding but the picture's own edge."""
# A cut may clip the ink by this much.
_CUT_PX = 1.0


class CropSpec(Spec):
    """The size and form of a recognition crop.

    Attributes:
        height: pixels across the line: the crop's height, or its width for columns.
        width: None for what the text needs, else a fixed length along the line.
        fit: how a fixed length is met: `pad` keeps the proportions and squeezes only what is longer; `stretch`
            always fills.
        pad: what fills the padding.
        least, most: bounds of a natural length, in pixels.
        color: `rgb` or `gray`.
        max_hidden: how much of a character may be hidden behind effects that cover; above it a crop is drawn again.
    """

    height: Annotated[int, Field(ge=8, le=512)] = 48
    width: Annotated[int, Field(ge=8, le=8192)] | None = None
    fit: Literal["pad", "stretch"] = "pad"
    pad: Literal["black", "gray", "white", "edge"] = "black"
    least: Annotated[int, Field(ge=4)] = 16
    most: Annotated[int, Field(ge=16)] = 2560
    color: Literal["rgb", "gray"] = "rgb"
    max_hidden: Annotated[float, Field(ge=0, le=1)] = 0.45

    @model_validator(mode="after")
    def _bounds(self) -> CropSpec:
        if self.least > self.most:
            raise ValueError(f"least ({self.least}) is above most ({self.most})")
        return self


class PlaceSpec(Spec):
    """How the cut lies about the text. Fractions are of the ink's height (its width for columns).

    Attributes:
        margin_frac: room above, below, before and after the ink, each drawn by itself; negative cuts into it.
        end_margin_frac: room before and after the ink.
        rotation_chance, rotation_deg: tilt left over in the cut.
        perspective_chance, perspective_frac: how far each corner strays.
        slant_chance, slant_deg: italics made by shearing an upright face.
        stretch: the crop's length relative to the text's true proportions.
    """

    margin_frac: Annotated[Range, Within(-0.1, 2)] = Range(0.0, 0.22)
    end_margin_frac: Annotated[Range, Within(-0.1, 4)] = Range(0.0, 0.4)
    rotation_chance: Annotated[float, Field(ge=0, le=1)] = 0.4
    rotation_deg: Annotated[Range, Within(-45, 45)] = Range(-3.0, 3.0)
    perspective_chance: Annotated[float, Field(ge=0, le=1)] = 0.3
    perspective_frac: Annotated[Range, Within(0, 0.4)] = Range(0.02, 0.12)
    slant_chance: Annotated[float, Field(ge=0, le=1)] = 0.07
    slant_deg: Annotated[Range, Within(-30, 30)] = Range(6.0, 15.0)
    stretch: Annotated[Range, Within(0.4, 2.5)] = Range(0.88, 1.12)


@noun()
class Placement:
    """Where the line goes.

    Attributes:
        warp: from em units of the straight line to pixels of the crop; of the bent line, where its letters are turned.
        page: from em units of the bent line to pixels of the crop; the same as `warp` when the line is straight.
        size_wh: of the crop without padding.
        em_px: how many pixels an em becomes, across the line.
        room_ltrb: free room round the text in the crop, pixels: left, top, right, bottom.
        tilt: names of what was applied (rotate, perspective, slant).
    """

    warp: Transform
    page: Warp
    size_wh: tuple[int, int]
    em_px: float
    room_ltrb: tuple[float, float, float, float]
    tilt: tuple[str, ...]


def place_crop(draws: Draws, spec: PlaceSpec, crop: CropSpec, line: TextLine) -> Placement:
    """Return the placement of a line in a crop of its own.

    Raises:
        Rejected: the text is too long for the longest crop.
    """
    column = line.direction == "ttb"
    bent = line.bend
    u = draws.units(20)
    before, after = spec.end_margin_frac.at(u[0]), spec.end_margin_frac.at(u[1])
    above, below = spec.margin_frac.at(u[2]), spec.margin_frac.at(u[3])
    rotates, strays, slants = (
        u[4] < spec.rotation_chance,
        u[6] < spec.perspective_chance,
        u[8] < spec.slant_chance,
    )
    stretch, balance = spec.stretch.at(u[10]), 0.3 + 0.4 * u[11]
    tilt: list[str] = []
    shear = turn = 0.0
    if slants and not column:
        shear = math.tan(math.radians(spec.slant_deg.at(u[9])))
        tilt.append("slant")
    if bent is None:
        x0, y0, x1, y1 = line.ink_xyxy
    else:
        turn = _limited(spec.rotation_deg.at(u[5]), _depth(line), _length(bent.outline, column)) if rotates else 0.0
        x0, y0, x1, y1 = _turned_box(bent.outline, shear, turn)
    across0, across1 = (x0, x1) if column else (y0, y1)
    thin = _LEAST_INK_EM - (across1 - across0)
    if thin > 0:
        across0, across1 = across0 - thin * balance, across1 + thin * (1.0 - balance)
    deep = across1 - across0 if bent is None else _depth(line)
    margins = (before, above, after, below) if not column else (above, before, below, after)
    box = (
        (across0 if column else x0) - margins[0] * deep,
        (y0 if column else across0) - margins[1] * deep,
        (across1 if column else x1) + margins[2] * deep,
        (y1 if column else across1) + margins[3] * deep,
    )
    if shear and bent is None:
        # Shearing about the baseline moves what is above it to the right and what is below it to the left.
        box = (box[0] - max(0.0, shear * y1), box[1], box[2] - min(0.0, shear * y0), box[3])
    width, height = box[2] - box[0], box[3] - box[1]
    long, short = (height, width) if column else (width, height)
    if rotates:
        tilt.append("rotate")
    if rotates and bent is None:
        turn = _limited(spec.rotation_deg.at(u[5]), short, long)
        grow = 0.85 * abs(math.sin(turn)) * long
        box = _grown(box, grow, column)
        width, height = box[2] - box[0], box[3] - box[1]
        short += grow
    thick = crop.height
    scale = thick / short
    length = round(long * scale * stretch)
    if length > crop.most:
        raise Rejected("too long for a crop")
    if crop.width is not None:
        length = crop.width if crop.fit == "stretch" else min(length, crop.width)
    length = max(length, crop.least)
    size = (thick, length) if column else (length, thick)
    pivot = (0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3])) if bent is None else (0.0, 0.0)
    warp = _to_crop(box, size, shear, turn, pivot)
    room = (
        margins[0] * deep * size[0] / width,
        margins[1] * deep * size[1] / height,
        margins[2] * deep * size[0] / width,
        margins[3] * deep * size[1] / height,
    )
    if strays:
        warp = _stray(warp, size, spec.perspective_frac.at(u[7]) * thick, u[12:20], room)
        tilt.append("perspective")
    whole = warp if bent is None or bent.turns is not None else bent.shape.then(warp)
    return Placement(whole, warp, size, scale, room, tuple(tilt))


def finish_crop(image: Image, spec: CropSpec, column: bool) -> Image:
    """Return a crop in the colours and the fixed length that the configuration asks for.

    Args:
        column: its text runs from top to bottom.
    """
    if spec.color == "gray":
        image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)  # type: ignore[assignment]
    if spec.width is None:
        return image
    missing = spec.width - (image.shape[0] if column else image.shape[1])
    if missing <= 0:
        return image
    below, right = (missing, 0) if column else (0, missing)
    if spec.pad == "edge":
        return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE)  # type: ignore[return-value]
    value = (PADS[spec.pad],) * 3
    return cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT, value=value)  # type: ignore[return-value]


def _limited(turn_deg: float, short: float, long: float) -> float:
    """Return a turn in radians that a line may have: a long one tilted by much would shrink to a thread in its crop."""
    limit = math.degrees(math.atan2(0.7 * short, long))
    return math.radians(max(-limit, min(limit, turn_deg)))


def _length(outline: Matrix, column: bool) -> float:
    along = outline[:, 1 if column else 0]
    return float(along.max() - along.min())


def _turned_box(outline: Matrix, shear: float, turn: float) -> tuple[float, float, float, float]:
    """Return the box round an outline that was sheared about the baseline and turned about the origin."""
    c, s = math.cos(turn), math.sin(turn)
    x, y = outline[:, 0] - shear * outline[:, 1], outline[:, 1]
    across, down = c * x - s * y, s * x + c * y
    return float(across.min()), float(down.min()), float(across.max()), float(down.max())


def _depth(line: TextLine) -> float:
    """Return how high the line is across its letters, bent or not."""
    x0, y0, x1, y1 = line.ink_xyxy
    return max(_LEAST_INK_EM, x1 - x0 if line.direction == "ttb" else y1 - y0)


def _grown(box: tuple[float, float, float, float], grow: float, column: bool) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    half = 0.5 * grow
    return (x0 - half, y0, x1 + half, y1) if column else (x0, y0 - half, x1, y1 + half)


def _to_crop(
    box: tuple[float, float, float, float],
    size: tuple[int, int],
    shear: float,
    turn: float,
    pivot: tuple[float, float],
) -> Warp:
    """Return the affine warp: shear about the baseline, turn about the pivot, box to crop."""
    x0, y0, x1, y1 = box
    cx, cy = pivot
    sx, sy = size[0] / (x1 - x0), size[1] / (y1 - y0)
    c, s = math.cos(turn), math.sin(turn)
    # x' = x - shear * y, then (x', y) turns about (cx, cy), then the box is scaled onto the crop.
    a, b, tx = c, -c * shear - s, cx - c * cx + s * cy
    d, e, ty = s, -s * shear + c, cy - s * cx - c * cy
    matrix = np.array(
        [[sx * a, sx * b, sx * (tx - x0)], [sy * d, sy * e, sy * (ty - y0)], [0.0, 0.0, 1.0]],
        np.float64,
    )
    return Warp(matrix)


def _stray(
    warp: Warp, size: tuple[int, int], reach: float, corners: list[float], room: tuple[float, float, float, float]
) -> Warp:
    """Return the warp followed by a homography that moves the crop's corners by up to `reach` pixels.

    Outwards a corner goes no further than the free room (`room`, left, top, right, bottom) lets it, or the text's ends
    would leave the crop.
    """
    w, h = float(size[0]), float(size[1])
    left, top, right, bottom = (min(reach, max(0.0, side) + _CUT_PX) for side in room)
    # Each coordinate moves within [low, high]; u runs over the corners tl, tr, br, bl as x, y pairs.
    spans = (
        ((-left, reach), (-top, reach)),
        ((-reach, right), (-top, reach)),
        ((-reach, right), (-reach, bottom)),
        ((-left, reach), (-reach, bottom)),
    )
    square = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    units = iter(corners)
    shifts = [[low + (high - low) * next(units) for low, high in corner] for corner in spans]
    return warp.then(Warp.between(square, square + np.array(shifts, np.float32)))
