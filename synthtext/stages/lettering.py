"""Lettering: put a text onto its surface in the styles drawn for it, and measure whether it can be read."""

from __future__ import annotations

from dataclasses import replace

from synthtext.errors import Rejected
from synthtext.legibility import shown_contrast
from synthtext.lettering.base import Sheet, paint_sheet
from synthtext.lettering.table import Look

# Looks that say themselves how the ink lies and what surrounds it.
_OWN_INK = ("sign", "relief")


def letter_on(sheet: Sheet, look: Look) -> list[str]:
    """Paint a sheet in a look; return the names of the styles that did something.

    `sheet.ink` afterwards holds what was really used, and the contrast measured in the picture.

    Raises:
        Rejected: what came out stands off its surroundings less than the floor.
    """
    groups = {style.group for style, _ in look.drawn}
    ink = sheet.ink
    if groups & {"sign", "relief", "print"}:
        sheet.ink = ink = replace(ink, stroke=None, stroke_px=0, shadow=None)
    if groups & set(_OWN_INK):
        sheet.ink = ink = replace(ink, opacity=1.0)
    if "depth" in groups:
        sheet.ink = ink = replace(ink, shadow=None)
    if "outline" in groups:
        sheet.ink = replace(ink, stroke=None, stroke_px=0)
    if "print" in groups:  # what is missing of the ink counts as well
        sheet.shown.append(sheet.mask)
    sheet.stroke()
    names = [style.name for style, values in look.drawn if style.function(sheet, **values)]
    paint_sheet(sheet)
    contrast = max(shown_contrast(sheet.surface, mask) for mask in sheet.shown or [sheet.mask])
    if sheet.body is not sheet.mask and contrast < sheet.floor:
        contrast = max(contrast, shown_contrast(sheet.surface, sheet.body))
    if contrast < sheet.floor:
        raise Rejected("low contrast")
    sheet.ink = replace(sheet.ink, contrast=contrast)
    return names
