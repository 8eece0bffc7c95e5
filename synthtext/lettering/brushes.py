"""Brushes: ink laid by hand: a dry brush, a spray can, chalk, a pencil."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from synthtext.color import lab_of
from synthtext.layers import both, either, faded, inverted, less, leveled, softened, summed
from synthtext.lettering.banks import dropouts, noise
from synthtext.lettering.base import Sheet, StyleSpec, mixed
from synthtext.spec import Range, Within
from synthtext.values import Color

_CHALKS: tuple[Color, ...] = (
    (244, 244, 240), (244, 244, 240), (250, 238, 150), (250, 190, 190), (170, 215, 250), (180, 240, 190),
)  # fmt: skip
_LEADS: tuple[Color, ...] = ((56, 57, 62), (72, 73, 78), (40, 40, 44), (92, 44, 48), (44, 62, 120), (180, 40, 44))


class DryBrush(StyleSpec):
    """A brush that runs out of ink: streaks along the stroke.

    Attributes:
        amount: share of the ink that is missing.
        length: 0 for streaks across, 1 for streaks along the line, between them both.
    """

    amount: Annotated[Range, Within(0, 0.7)] = Range(0.12, 0.32)
    length: Annotated[Range, Within(0, 1)] = Range(0, 1)


def dry_brush(sheet: Sheet, *, amount: float, length: float) -> bool:
    """Take streaks out of the ink, more of them where the brush is drier."""
    size, luck = sheet.size_wh, sheet.luck
    hairs = noise("streaks" if length > 0.4 else "falls", size, luck, sheet.em_px)
    dry = noise("cloud", size, luck, sheet.em_px)
    field = summed(hairs, 0.85, dry, 0.55, -0.4 * 128.0)
    sheet.mask = less(sheet.mask, faded(dropouts(field, sheet.spared(amount), 5.0), 0.92))
    return True


class Spray(StyleSpec):
    """Paint from a can: soft edges, and a mist of drops round them.

    Attributes:
        soft_em: how soft the edges are.
        mist: how many drops lie beside the letters.
    """

    soft_em: Annotated[Range, Within(0.005, 0.2)] = Range(0.015, 0.035)
    mist: Annotated[Range, Within(0, 1)] = Range(0.2, 0.6)


def spray(sheet: Sheet, *, soft_em: float, mist: float) -> bool:
    """Soften the letters and strew drops round them."""
    soft = softened(sheet.mask, sheet.px(soft_em, 0.7))
    cloud = softened(sheet.mask, sheet.px(3.5 * soft_em, 2.5))
    drops = dropouts(noise("grain", sheet.size_wh, sheet.luck, sheet.em_px), 0.12, 9.0)
    body = leveled(soft, 1.45, -24.0)
    sheet.mask = sheet.body = either(body, faded(both(cloud, drops), min(1.0, 1.4 * mist)))
    return True


class Chalk(StyleSpec):
    """Chalk on a rough board; pale colours where they can be read.

    Attributes:
        amount: share of the board that stays bare inside the strokes.
    """

    amount: Annotated[Range, Within(0, 0.6)] = Range(0.12, 0.3)


def chalk(sheet: Sheet, *, amount: float) -> bool:
    """Take the grain of the board out of the letters."""
    size, luck = sheet.size_wh, sheet.luck
    color = luck.choice(_CHALKS)
    if sheet.legible(color) and lab_of(color)[0] > float(sheet.grounds[:, 0].max()):
        sheet.ink = replace(sheet.ink, fill=color)
    grain = summed(
        noise("specks", size, luck, sheet.em_px), 0.8, noise("streaks", size, luck, sheet.em_px), 0.6, -0.4 * 128.0
    )
    sheet.mask = both(softened(sheet.mask, 0.5), inverted(faded(dropouts(grain, sheet.spared(amount), 3.0), 0.85)))
    return True


class Pencil(StyleSpec):
    """A pencil on paper: gray or coloured lead that leaves the paper's pits white.

    Attributes:
        opacity: of the lead.
        amount: share of pits.
    """

    opacity: Annotated[Range, Within(0.3, 1)] = Range(0.65, 0.92)
    amount: Annotated[Range, Within(0, 0.6)] = Range(0.15, 0.35)


def pencil(sheet: Sheet, *, opacity: float, amount: float) -> bool:
    """Draw the letters in lead; on grounds where lead cannot be read they stay as they are."""
    lead = sheet.luck.choice(_LEADS)
    lead = lead if sheet.stands_off(lead) * opacity >= 1.8 * sheet.floor else mixed(_LEADS[2], (0, 0, 0), 0.4)
    paper = float(sheet.grounds[:, 0].min())
    if paper < lab_of(lead)[0] + 20.0 or sheet.stands_off(lead) * opacity < 1.8 * sheet.floor:
        return False
    sheet.ink = replace(sheet.ink, fill=lead)
    pits = dropouts(noise("grain", sheet.size_wh, sheet.luck, sheet.em_px), amount, 3.0)
    sheet.mask = faded(less(softened(sheet.mask, 0.45), faded(pits, 0.6)), opacity)
    return True
