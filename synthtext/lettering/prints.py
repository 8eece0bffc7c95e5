"""Prints: ink that spreads, fades, wears off or lies unevenly."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from synthtext.geometry import Image
from synthtext.layers import both, either, faded, less, leveled, softened, summed, thinned
from synthtext.lettering.banks import dropouts, noise
from synthtext.lettering.base import Sheet, StyleSpec
from synthtext.spec import Range, Within

# What a fault leaves at least of the ink, so that a stroke does not vanish.
_LEAST = 0.3


class Bleed(StyleSpec):
    """Ink that runs along the fibres of soft paper.

    Attributes:
        reach_em: how far it runs.
        rough: how ragged its edge is.
    """

    reach_em: Annotated[Range, Within(0, 0.15)] = Range(0.015, 0.04)
    rough: Annotated[Range, Within(0, 2)] = Range(0.5, 1.2)


def bleed(sheet: Sheet, *, reach_em: float, rough: float) -> bool:
    """Spread the ink by noise, and let a little of it soak further."""
    reach = sheet.px(reach_em, 0.6)
    spread = softened(sheet.mask, reach)
    fibres = noise("specks", sheet.size_wh, sheet.luck, sheet.em_px)
    edge = summed(spread, 3.0, fibres, 2.2 * rough, -190.0 - 282.0 * rough)
    soaked = faded(softened(sheet.mask, 2.0 * reach), 0.4)
    sheet.mask = sheet.body = either(either(edge, soaked), faded(sheet.mask, 0.8))
    return True


class Fade(StyleSpec):
    """Ink that has paled in patches.

    Attributes:
        least: opacity where it is palest.
    """

    least: Annotated[Range, Within(0.05, 1)] = Range(0.3, 0.65)


def fade(sheet: Sheet, *, least: float) -> bool:
    """Thin the ink in large patches."""
    patches = noise("cloud", sheet.size_wh, sheet.luck, sheet.em_px)
    # From `least`, a deviation and a half below the mean, to full ink, as far above it.
    gain = (1.0 - least) * 255.0 / 96.0
    sheet.mask = both(sheet.mask, _at_least(leveled(patches, gain, 255.0 - 176.0 * gain), least))
    return True


class Worn(StyleSpec):
    """Print that has chipped and rubbed off.

    Attributes:
        amount: share of the ink that is gone.
        grain: 0 for large chips, 1 for fine ones.
    """

    amount: Annotated[Range, Within(0, 0.6)] = Range(0.06, 0.22)
    grain: Annotated[Range, Within(0, 1)] = Range(0, 1)


def worn(sheet: Sheet, *, amount: float, grain: float) -> bool:
    """Take chips out of the ink."""
    amount = sheet.spared(amount)
    large = noise("blots", sheet.size_wh, sheet.luck, sheet.em_px)
    fine = noise("specks", sheet.size_wh, sheet.luck, sheet.em_px)
    size = (grain * grain + (1.0 - grain) ** 2) ** 0.5
    chips = dropouts(summed(large, (1.0 - grain) / size, fine, grain / size, 128.0 * (1.0 - 1.0 / size)), amount)
    sheet.mask = less(sheet.mask, faded(chips, 0.9))
    return True


class Uneven(StyleSpec):
    """Letterpress: ink squeezed to the edges, pressure that differs along the line.

    Attributes:
        squeeze: how much paler the strokes are inside.
        pressure: how much paler the print is where the pressure is least.
        salt: share of specks without ink.
    """

    squeeze: Annotated[Range, Within(0, 0.8)] = Range(0.15, 0.45)
    pressure: Annotated[Range, Within(0, 0.8)] = Range(0.1, 0.45)
    salt: Annotated[Range, Within(0, 0.3)] = Range(0.01, 0.06)


def uneven(sheet: Sheet, *, squeeze: float, pressure: float, salt: float) -> bool:
    """Pale the middle of the strokes, one side of the line, and specks."""
    clouds = noise("cloud", sheet.size_wh, sheet.luck, sheet.em_px)
    force = leveled(clouds, 2.6 * pressure, 255.0 * (1.0 - pressure) - 220.0 * pressure)
    ink = less(sheet.mask, faded(thinned(sheet.mask, 1), squeeze))
    ink = less(ink, faded(dropouts(noise("grain", sheet.size_wh, sheet.luck, sheet.em_px), salt), 0.8))
    sheet.mask = both(ink, _at_least(force, 1.0 - pressure))
    return True


class StampInk(StyleSpec):
    """The ink of a rubber stamp: blotchy, thicker at the edges, with bare spots.

    Attributes:
        amount: share of bare spots.
        opacity: of the ink.
    """

    amount: Annotated[Range, Within(0, 0.5)] = Range(0.05, 0.16)
    opacity: Annotated[Range, Within(0.2, 1)] = Range(0.72, 0.95)


def stamp_ink(sheet: Sheet, *, amount: float, opacity: float) -> bool:
    """Make the ink blotchy and its edges heavier."""
    amount = sheet.spared(amount)
    blots = noise("blots", sheet.size_wh, sheet.luck, sheet.em_px)
    ink = less(faded(sheet.mask, opacity), faded(dropouts(blots, amount, 4.0), 0.85))
    rim = less(sheet.mask, softened(thinned(sheet.mask, 1), 0.6))
    tone = leveled(blots, -0.9, 360.0)
    sheet.mask = either(both(ink, tone), faded(rim, 0.55 * opacity))
    return True


def _at_least(opacity: Image, least: float) -> Image:
    return np.maximum(opacity, np.uint8(255.0 * max(_LEAST, least)))
