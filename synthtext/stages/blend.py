"""Blend: lay shadow, outline and fill of plain ink onto the surface through the line's mask, in bytes."""

from __future__ import annotations

from synthtext.geometry import Image
from synthtext.layers import embolden, lay, less, moved, softened, stamp
from synthtext.values import Ink


def blend(surface: Image, mask: Image, ink: Ink, stamps: Image | None = None) -> Image:
    """Return the surface with the ink on it; the surface's own memory is used.

    Args:
        surface: (H, W, 3) uint8 RGB, owned by the caller.
        mask: (H, W) uint8, 255 where the fill lies.
        stamps: (H, W, 4) uint8 RGBA multiplied by its alpha: what has colours of its own and takes none of the ink.
    """
    if stamps is not None:
        mask = less(mask, stamps[:, :, 3])
    outline = embolden(mask, ink.stroke_px) if ink.stroke is not None else None
    if ink.shadow is not None:
        cast = moved(mask if outline is None else outline, ink.shadow.dx_px, ink.shadow.dy_px)
        lay(surface, softened(cast, ink.shadow.blur_px), (0, 0, 0), ink.shadow.opacity)
    if outline is not None and ink.stroke is not None:
        lay(surface, outline, ink.stroke)
    lay(surface, mask, ink.fill, ink.opacity)
    if stamps is not None:
        stamp(surface, stamps)
    return surface
