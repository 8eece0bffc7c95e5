"""Drape: lay the surface in the folds in which a bend has laid the ink, and let light fall on them."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.curves import Bend, Ripples
from synthtext.geometry import Image, Warp, between_nodes, node_points

# The folds of a surface show less than those of ink, and light changes slowly, but for creases.
_DRAPE_STEP_PX, _LIGHT_STEP_PX, _CREASE_STEP_PX = 6, 5, 2
_DARKEST, _BRIGHTEST = 0.35, 1.5


def drape(image: Image, bent: Bend, page: Warp) -> Image:
    """Return a surface in the folds of a bend, as the ink on it is.

    Args:
        image: (H, W, 3) uint8 RGB.
        page: from em of the line to pixels of the image.
    """
    folds = page.inverse().then(bent.shape).then(page)
    return folds.image(image, (image.shape[1], image.shape[0]), border=None, step_px=_DRAPE_STEP_PX)


def shine(image: Image, bent: Bend, page: Warp) -> Image:
    """Return the picture with the flanks of its folds lit from one side; as it is where there is no light.

    Args:
        image: (H, W, 3) uint8 RGB, ink and all.
        page: from em of the line to pixels of the image.
    """
    if bent.light is None or not isinstance(bent.shape, Ripples):
        return image
    x, y, strength = bent.light
    size_wh = image.shape[1], image.shape[0]
    step_px = _CREASE_STEP_PX if bent.shape.sharp else _LIGHT_STEP_PX
    slopes = bent.shape.slopes(page.pull(node_points(size_wh, step_px).reshape(-1, 2)))
    facing = slopes @ (x, y) / max(1e-6, bent.shape.steepness)
    # Soft folds seldom reach their full slope, facets nearly always do.
    lit = 1.0 + (1.4 if bent.shape.sharp else 2.0) * strength * facing
    gain = between_nodes(128.0 * np.clip(lit, _DARKEST, _BRIGHTEST), size_wh, step_px)
    gray = cv2.cvtColor(gain.astype(np.uint8), cv2.COLOR_GRAY2RGB)
    return cv2.multiply(image, gray, scale=1.0 / 128.0)  # type: ignore[return-value]
