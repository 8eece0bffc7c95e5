"""Which pictures are made of a picture before it is embedded, and what vectors come out of them.

CLIP reads: a picture in which `pennant` is written lies near the word, whatever else it shows. So every picture gets a
second vector, `plain`: the mean of the picture and its mirror image, in which writing says nothing (MirrorCLIP, NeurIPS
2024), or the picture with its text blurred. Small things get vectors of their own: tiles, and texts with what is round
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import cv2
import numpy as np

from annotate.embed.towers import Vectors, unit
from annotate.index.rows import PARTS_A_PICTURE, PLAIN, WHOLE
from annotate.records import Points
from synthtext.errors import UserError
from synthtext.geometry import Image

Plain = Literal["mirror", "blur", "none"]
# A tile's side as a share of the picture's: four tiles overlap, so that what lies in the middle is whole in one.
_TILE = 0.6
# A text's surroundings, as a multiple of its own box.
_AROUND = 2.0
_MOST_TEXTS = 32
_SMALLEST_PX = 8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture becomes vectors. Another recipe is another collection.

    Attributes:
        plain: `mirror` (the default), `blur` (needs text to have been found), `none` saves a third of the time.
        tiles: four overlapping quarters as well.
        contexts: each text that was found, with what is round it.
    """

    plain: Plain = "mirror"
    tiles: bool = False
    contexts: bool = False

    @property
    def reads_regions(self) -> bool:
        """Whether the vectors depend on where text was found."""
        return self.plain == "blur" or self.contexts

    def as_json(self) -> dict[str, Any]:
        """Return the recipe as it is stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Views:
    """The pictures to embed of one picture: the whole, its counterpart without writing, then the parts.

    Attributes:
        boxes: (x0, y0, x1, y1) of each part.
    """

    images: tuple[Image, ...]
    plain: Plain
    boxes: tuple[tuple[int, int, int, int], ...] = ()


def recipe_of(stored: dict[str, Any]) -> Recipe:
    """Return the recipe that was stored."""
    try:
        return Recipe(**stored)
    except TypeError as error:
        raise UserError(f"the vectors were made in a way that this version does not know: {stored}") from error


def views_of(image: Image, outlines: Sequence[Points], recipe: Recipe) -> Views:
    """Return what is to be embedded of a picture.

    Args:
        outlines: of the text that was found, in pixels.
    """
    images = [image]
    if recipe.plain == "mirror":
        images.append(image[:, ::-1])
    elif recipe.plain == "blur":
        images.append(blurred(image, outlines))
    boxes: list[tuple[int, int, int, int]] = []
    if recipe.tiles:
        boxes += _tiles(image)
    if recipe.contexts:
        boxes += _contexts(image, outlines)
    boxes = boxes[:PARTS_A_PICTURE]
    images += [image[y0:y1, x0:x1] for x0, y0, x1, y1 in boxes]
    return Views(tuple(images), recipe.plain, tuple(boxes))


def vectors_of(views: Views, vectors: Vectors) -> tuple[dict[str, Vectors], list[Vectors]]:
    """Return a picture's vectors by kind, and those of its parts.

    Args:
        vectors: of the images of the views, in their order.
    """
    whole = vectors[0]
    kinds = {WHOLE: whole}
    if views.plain == "mirror":
        kinds[PLAIN] = unit(whole + vectors[1])
    elif views.plain == "blur":
        kinds[PLAIN] = vectors[1]
    first = 1 if views.plain == "none" else 2
    return kinds, list(vectors[first:])


def blurred(image: Image, outlines: Sequence[Points]) -> Image:
    """Return the picture with what is inside the outlines made illegible: its colours stay, its strokes go."""
    if not outlines:
        return image
    inside = np.zeros(image.shape[:2], np.uint8)
    heights = []
    for outline in outlines:
        corners = np.asarray(outline, np.float32)
        cv2.fillPoly(inside, [np.round(corners).astype(np.int32)], 255)
        heights.append(min(cv2.minAreaRect(corners)[1]))
    reach = max(2, int(0.15 * float(np.median(heights))))
    wide = cv2.dilate(inside, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    soft = cv2.GaussianBlur(image, (0, 0), max(3.0, 0.5 * max(heights)))
    share = cv2.GaussianBlur(wide, (0, 0), reach / 2 + 0.5).astype(np.float32)[:, :, None] / 255
    mixed = image.astype(np.float32) * (1 - share) + soft.astype(np.float32) * share
    return np.round(mixed).astype(np.uint8)


def cut(image: Image, box_xyxy: tuple[float, float, float, float]) -> Image:
    """Return a part of a picture.

    Raises:
        UserError: hardly anything of the box lies on the picture.
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = (round(float(value)) for value in box_xyxy)
    part = image[max(y0, 0) : max(min(y1, height), 0), max(x0, 0) : max(min(x1, width), 0)]
    if min(part.shape[:2]) < _SMALLEST_PX:
        raise UserError(
            f"the box {x0},{y0},{x1},{y1} has less than {_SMALLEST_PX} pixels on a picture of {width}x{height}"
        )
    return part


def _tiles(image: Image) -> list[tuple[int, int, int, int]]:
    height, width = image.shape[:2]
    if min(height, width) < 4 * _SMALLEST_PX:
        return []
    tall, wide = round(height * _TILE), round(width * _TILE)
    return [(x, y, x + wide, y + tall) for y in (0, height - tall) for x in (0, width - wide)]


def _contexts(image: Image, outlines: Sequence[Points]) -> list[tuple[int, int, int, int]]:
    height, width = image.shape[:2]
    found = []
    for outline in outlines:
        corners = np.asarray(outline, np.float64)
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        # Round a long line there is as much above and below as beside it.
        more = (_AROUND - 1) / 2 * max(y1 - y0, x1 - x0, _SMALLEST_PX)
        box = (max(x0 - more, 0), max(y0 - more, 0), min(x1 + more, width), min(y1 + more, height))
        if box[2] - box[0] >= _SMALLEST_PX and box[3] - box[1] >= _SMALLEST_PX:
            found.append((int(box[0]), int(box[1]), int(np.ceil(box[2])), int(np.ceil(box[3]))))
    found.sort(key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
    return found[:_MOST_TEXTS]
