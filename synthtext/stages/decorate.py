"""Decorate: draw what stands round and over a line into its picture, behind the ink before it and the rest after it."""

from __future__ import annotations

from synthtext.decoration.base import Extent, Frame
from synthtext.decoration.table import Dress
from synthtext.errors import Rejected
from synthtext.geometry import Image, Transform
from synthtext.legibility import shown_contrast
from synthtext.values import Color, TextLayer

# Decorations that lie on the ink and may hide it.
_ON_INK = ("strike", "seal", "tick")


def frame(layer: TextLayer, warp: Transform, surface: Image, em_px: float, dress: Dress) -> Frame:
    """Return the frame that decorations of a line are drawn in.

    Args:
        warp: to the picture's pixels from where ink would be in the layer if the line were straight.
        surface: (H, W, 3) uint8 RGB, painted on in place.
        em_px: size of the letters in the picture.
    """
    line = layer.line
    squares = sum(char >= "\u2e80" for char in line.text)
    return Frame(
        surface=surface,
        extent=Extent.of(line),
        direction=line.direction,
        cjk=3 * squares >= len(line.text),
        layer_em_px=layer.em_px,
        origin=layer.origin,
        warp=warp,
        em_px=em_px,
        luck=dress.luck,
    )


def decorate_behind(frame: Frame, dress: Dress) -> Image:
    """Draw what lies behind the ink; return the part of the surface that colours are to be chosen against."""
    dress.draw(frame, "behind")
    if not dress.has_plate:
        return frame.surface
    height, width = frame.surface.shape[:2]
    extent = frame.extent
    corners = [frame.spot(s, c) for s in (extent.start, extent.end) for c in (extent.top, extent.bottom)]
    x0, x1 = (min(max(0, round(f(x for x, _ in corners))), width) for f in (min, max))
    y0, y1 = (min(max(0, round(f(y for _, y in corners))), height) for f in (min, max))
    part = frame.surface[y0:y1, x0:x1]
    return part if part.size else frame.surface


def decorate(frame: Frame, dress: Dress, fill: Color, mask: Image, floor: float) -> float | None:
    """Draw the rest; return the contrast of the ink where something lies on it, else None.

    Args:
        fill: the colour of the ink.
        mask: (H, W) uint8, the ink.
        floor: least CIE Lab difference that the ink must keep.

    Raises:
        Rejected: a decoration hides the ink.
    """
    frame.fill = fill
    dress.draw(frame, "beside", "over")
    if not any(name in _ON_INK for name in dress.names):
        return None
    contrast = shown_contrast(frame.surface, mask)
    if contrast < floor:
        raise Rejected("low contrast")
    return contrast
