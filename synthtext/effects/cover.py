"""Cover: how much of each character is hidden behind what was laid over the picture."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.geometry import Floats, Image

_SUBPIXEL_BITS = 4
# By how much of its size a quad may differ from the box round it.
_LEVEL_SHARE = 0.08


def hidden_shares(ink: Image, quads: Floats, cover: Image) -> Floats:
    """Return (N,) float32: the share of each character's ink that is hidden, 0 for none and 1 for all.

    Args:
        ink: (H, W) uint8, 255 where there is ink.
        quads: (N, 4, 2) float32 tight round the ink of each character, pixels.
        cover: (H, W) uint8, how much of every pixel is hidden, 255 for all.
    """
    height, width = ink.shape
    if _level(quads):
        return _box_shares(ink, quads, cover)
    shares = np.zeros(len(quads), np.float32)
    lows = np.clip(np.floor(quads.min(axis=1)), 0, (width, height)).astype(int)
    highs = np.clip(np.ceil(quads.max(axis=1)), 0, (width, height)).astype(int)
    for number, ((x0, y0), (x1, y1)) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        window = cover[y0:y1, x0:x1]
        if not window.size or not cv2.countNonZero(window):
            continue
        own = np.zeros(window.shape, np.uint8)
        # Pixel centres lie half a pixel inside the edge convention.
        corners = np.rint((quads[number] - (x0 + 0.5, y0 + 0.5)) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillConvexPoly(own, corners, 255, cv2.LINE_8, _SUBPIXEL_BITS)
        own = cv2.min(own, ink[y0:y1, x0:x1])  # type: ignore[assignment]
        total = cv2.sumElems(own)[0]
        if total:
            shares[number] = cv2.sumElems(cv2.multiply(own, window, scale=1.0 / 255.0))[0] / total
    return np.minimum(shares, np.float32(1.0))


def _level(quads: Floats) -> bool:
    """Whether all quads are upright boxes, or so nearly that the boxes round them tell the same."""
    low, high = quads.min(axis=1), quads.max(axis=1)
    size = high - low
    inner = np.stack([quads[:, 1, 0] - quads[:, 0, 0], quads[:, 3, 1] - quads[:, 0, 1]], axis=1)
    return bool((size - inner <= _LEVEL_SHARE * size).all())


def _box_shares(ink: Image, quads: Floats, cover: Image) -> Floats:
    """As `hidden_shares` for upright boxes: two running sums instead of a mask for each."""
    height, width = ink.shape
    whole = cv2.integral(ink)
    hidden = cv2.integral(cv2.multiply(ink, cover, scale=1.0 / 255.0))
    x0, y0 = np.clip(np.rint(quads.min(axis=1)), 0, (width, height)).astype(np.intp).T
    x1, y1 = np.clip(np.rint(quads.max(axis=1)), 0, (width, height)).astype(np.intp).T
    total = whole[y1, x1] - whole[y0, x1] - whole[y1, x0] + whole[y0, x0]
    gone = hidden[y1, x1] - hidden[y0, x1] - hidden[y1, x0] + hidden[y0, x0]
    shares: Floats = np.minimum(gone / np.maximum(total, 1), 1.0).astype(np.float32)
    return shares
