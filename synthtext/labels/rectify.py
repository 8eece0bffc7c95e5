"""The crop that a recogniser sees: a line cut out of its picture along its quad, or unbent along its polygon.

Quads are cut as PaddleOCR cuts them (`get_rotate_crop_image`): a perspective warp to the quad's own size, cubic, and a
crop at least half as high again as it is wide is turned counter-clockwise by 90 degrees. But points are taken for what
they are, places between pixels: PaddleOCR takes them for middles of pixels, and cuts upside-down text a pixel off.
"""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.geometry import Floats, Image
from synthtext.labels.cubic import cubic_warp

_TALL = 1.5
_NEXT = np.array([1, 2, 3, 0])
_HALF = np.float32(0.5)


def rectified(image: Image, outline: Floats, column: bool = False, size_wh: tuple[int, int] | None = None) -> Image:
    """Return the crop of a line or word, (h, w[, 3]) uint8, lying down.

    Args:
        image: (H, W[, 3]) uint8.
        outline: (P, 2) float32, clockwise from the reader's top-left corner: a quad, or as many points along the one
            side as along the other, as `TextInstance.polygon` has them.
        column: the polygon's long sides are its right and left ones.
        size_wh: of a quad, where it is known already (`quad_sizes`).
    """
    crop = quad_crop(image, outline, size_wh) if len(outline) == 4 else strip_crop(image, outline, column)
    return np.ascontiguousarray(np.rot90(crop)) if crop.shape[0] >= _TALL * crop.shape[1] else crop


def quad_crop(image: Image, quad: Floats, size_wh: tuple[int, int] | None = None) -> Image:
    """Return what lies in a quad (4, 2), warped to its longer sides' lengths, which `quad_sizes` tells too."""
    upright = _upright(image, quad)
    if upright is not None:
        return upright
    width, height = size_wh or quad_sizes(quad[None])[0]
    right, low = width - 0.5, height - 0.5
    target = np.array(((-0.5, -0.5), (right, -0.5), (right, low), (-0.5, low)), np.float32)
    matrix = cv2.getPerspectiveTransform((quad - _HALF).astype(np.float32, copy=False), target)
    return cubic_warp(image, matrix, (width, height))


def quad_sizes(quads: Floats) -> list[tuple[int, int]]:
    """Return the sizes (width, height) of the crops of quads (N, 4, 2): their longer sides' lengths, at least 1."""
    edges = quads[:, _NEXT] - quads
    lengths = np.sqrt(np.add.reduce(edges * edges, axis=2))
    longer: Floats = np.maximum(lengths[:, :2], lengths[:, 2:])
    return [(max(1, int(width)), max(1, int(height))) for width, height in longer.tolist()]


def _upright(image: Image, quad: Floats) -> Image | None:
    """Return what lies in an upright rectangle between whole pixels, None for any other quad: a warp moves no pixel."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = quad.tolist()
    if not (x0 == x3 and y0 == y1 and x1 == x2 and y2 == y3):
        return None
    height, width = image.shape[:2]
    inside = 0 <= x0 < x1 <= width and 0 <= y0 < y2 <= height
    if not inside or not all(value.is_integer() for value in (x0, y0, x1, y2)):
        return None
    return image[int(y0) : int(y2), int(x0) : int(x1)].copy()


def strip_crop(image: Image, polygon: Floats, column: bool = False) -> Image:
    """Return what lies in a bent strip, unbent: as long as the middle of the strip, as high as the strip is wide.

    Raises:
        ValueError: the polygon has an odd number of points.
    """
    first, second = strip_edges(polygon, column)
    spans = np.linalg.norm(np.diff(0.5 * (first + second), axis=0), axis=1)
    reached = np.concatenate([[0.0], np.cumsum(spans)])
    length = max(1, round(float(reached[-1])))
    across = max(1, round(float(np.linalg.norm(second - first, axis=1).mean())))
    stations = (np.arange(length) + 0.5) * reached[-1] / length
    one, other = (
        np.stack([np.interp(stations, reached, edge[:, axis]) for axis in (0, 1)], axis=1) for edge in (first, second)
    )
    share = ((np.arange(across) + 0.5) / across)[:, None, None]
    places = one * (1.0 - share) + other * share - 0.5
    if column:
        places = places.transpose(1, 0, 2)[:, ::-1]
    x, y = (np.ascontiguousarray(places[..., axis], np.float32) for axis in (0, 1))
    return cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def strip_edges(polygon: Floats, column: bool = False) -> tuple[Floats, Floats]:
    """Return the two long edges (P/2, 2) of a polygon along the text: upper and lower, or a column's right and left.

    Raises:
        ValueError: the polygon has an odd number of points.
    """
    if len(polygon) % 2 or len(polygon) < 4:
        raise ValueError(f"a polygon of {len(polygon)} points has no two edges of equally many")
    turned = np.roll(polygon, -1, axis=0) if column else polygon
    half = len(turned) // 2
    return turned[:half], turned[half:][::-1]
