"""The crop that a recogniser sees: a line cut out of its picture along its quad, or unbent along its polygon.

Quads are cut as PaddleOCR cuts them (`get_rotate_crop_image`): a perspective warp to the quad's own size, cubic, and a
crop at least half as high again as it is wide is turned counter-clockwise by 90 degrees. But points are taken for what
they are, places between pixels: PaddleOCR takes them for middles of pixels, and cuts upside-down text a pixel off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image
from synthtext.labels.cubic import cubic_warp

_TALL = 1.5
_NEXT = np.array([1, 2, 3, 0])
_HALF = np.float32(0.5)
_UNIT_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def rectified(image: Image, outline: Floats, column: bool = False) -> Image:
    """Return the crop of a line or word, (h, w[, 3]) uint8, lying down.

    Args:
        image: (H, W[, 3]) uint8.
        outline: (P, 2) float32, clockwise from the reader's top-left corner: a quad, or as many points along the one
            side as along the other, as `TextInstance.polygon` has them.
        column: the polygon's long sides are its right and left ones.
    """
    return next(rectified_all(image, (outline,), (column,)))


def rectified_all(image: Image, outlines: Sequence[Floats], columns: Sequence[bool]) -> Iterator[Image]:
    """Yield the crops of lines or words of one picture, as `rectified` returns them; quads are prepared together."""
    quads = [outline for outline in outlines if len(outline) == 4]
    crops = quad_crops(image, np.array(quads)) if quads else iter(())
    for outline, column in zip(outlines, columns, strict=True):
        yield _lying(next(crops) if len(outline) == 4 else strip_crop(image, outline, column))


def _lying(crop: Image) -> Image:
    return np.ascontiguousarray(np.rot90(crop)) if crop.shape[0] >= _TALL * crop.shape[1] else crop


def quad_crop(image: Image, quad: Floats) -> Image:
    """Return what lies in a quad (4, 2), warped to its longer sides' lengths."""
    return next(quad_crops(image, quad[None]))


def quad_crops(image: Image, quads: Floats) -> Iterator[Image]:
    """Yield what lies in quads (N, 4, 2), each warped to its longer sides' lengths: what `quad_crop` does, for a page.

    An upright rectangle between whole pixels is copied: a warp would move no pixel.
    """
    edges = quads[:, _NEXT] - quads
    lengths = np.sqrt(np.add.reduce(edges * edges, axis=2))
    sizes = np.maximum(np.maximum(lengths[:, :2], lengths[:, 2:]).astype(np.int64), 1)
    targets = _UNIT_SQUARE * sizes[:, None].astype(np.float32) - _HALF
    sources = quads.astype(np.float32, copy=False) - _HALF
    for quad, source, target, size, copied in zip(
        quads, sources, targets, sizes.tolist(), _whole(quads, image.shape).tolist(), strict=True
    ):
        if copied:
            (left, top), (right, low) = quad[::2].astype(np.int64).tolist()
            yield image[top:low, left:right].copy()
        else:
            yield cubic_warp(image, cv2.getPerspectiveTransform(source, target), (size[0], size[1]))


def _whole(quads: Floats, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which quads (N, 4, 2) are upright rectangles between whole pixels of a picture."""
    first, third = quads[:, 0], quads[:, 2]
    upright = (quads[:, 1] == np.stack([third[:, 0], first[:, 1]], axis=1)) & (
        quads[:, 3] == np.stack([first[:, 0], third[:, 1]], axis=1)
    )
    ends = quads[:, ::2]
    inside = (ends == np.rint(ends)).all(axis=(1, 2)) & (first >= 0).all(axis=1) & (third > first).all(axis=1)
    found: NDArray[np.bool_] = upright.all(axis=1) & inside & (third <= shape[1::-1]).all(axis=1)
    return found


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
