"""Pens and presses: how the printed and the filled-in texts of a form are written."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synthtext.assets.schemes import Scheme
from synthtext.assets.wording import is_wide
from synthtext.geometry import Floats, Transform
from synthtext.rng import Streams
from synthtext.scenes.answers import Answers
from synthtext.scenes.block import Wish
from synthtext.scenes.fields import FieldKind
from synthtext.scenes.page import Page, Spot
from synthtext.scenes.paperwork import Paperwork
from synthtext.spec import Range
from synthtext.stages.arrange import LayoutSpec

_PRINT = frozenset({"sans", "serif", "kai"})
_PENS = (
    frozenset({"handwriting", "brush"}),
    frozenset({"kai"}),
    frozenset({"mono", "sans", "ocr"}),
    frozenset({"serif"}),
)
# A name of two characters is written with a wide gap, which is no end of a field.
_APART = LayoutSpec(spacing_chance=0.0, word_spacing_em=Range(0.5, 0.9), jitter_chance=0.1)
_PLAIN = LayoutSpec(spacing_chance=0.0, word_spacing_em=Range(0.0, 0.1), jitter_chance=0.1)


@dataclass(frozen=True, slots=True, eq=False)
class Pen:
    """How one of the texts of a form is written: the face, the colours, and how far it misses the line.

    Attributes:
        across_px: width of a sheet that is laid out from the right, as its mirror image; else 0.
    """

    styles: frozenset[str]
    scheme: Scheme
    stray_em: float
    hand: Streams
    across_px: float = 0.0


def pen(page: Page, *situations: str, across_px: float = 0.0) -> Pen:
    """Return how the values of a form are filled in."""
    draws = page.draws
    styles = _PENS[draws.weighted((0.32, 0.52, 0.82, 1.0))]
    stray = draws.between(0.05, 0.25) if "handwriting" in styles or draws.chance(0.5) else 0.0
    return Pen(styles, page.pair(*(situations or ("pen",))), stray, page.hand(), across_px)


def press(page: Page, *situations: str, across_px: float = 0.0) -> Pen:
    """Return how what is printed on a form looks."""
    return Pen(_PRINT, page.pair(*situations), 0.0, page.hand(), across_px)


def _layout(text: str) -> LayoutSpec:
    # Korean sets its words apart by spaces of the usual width.
    return _APART if any(is_wide(char) and not "가" <= char <= "힣" for char in text) else _PLAIN


def printed(page: Page, sheet: Transform, text: str, spot: Spot, press: Pen) -> Floats | None:
    """Print a text onto a sheet; return the quad of its ink there."""
    wish = Wish(texts=[text], styles=press.styles, layout=_layout(text))
    return _written(page, wish, spot, press, sheet)


def filled(page: Page, sheet: Transform, text: str, spot: Spot, pen: Pen) -> Floats | None:
    """Fill a text into a sheet, a little off the line; return the quad of its ink there."""
    draws = page.draws
    shift = (draws.signed(pen.stray_em) * spot.em_px, draws.signed(pen.stray_em) * spot.em_px)
    moved = replace(
        spot, at=(spot.at[0] + abs(shift[0]), spot.at[1] + shift[1]), turn=draws.signed(0.12 * pen.stray_em)
    )
    wish = Wish(texts=[text], styles=pen.styles, category="filled", layout=_layout(text))
    return _written(page, wish, moved, pen, sheet)


def _written(page: Page, wish: Wish, spot: Spot, pen: Pen, sheet: Transform) -> Floats | None:
    if not pen.across_px:
        return page.write(wish, spot, pen.scheme, 0.3, sheet, pen.hand)
    (x, y), (across, down) = spot.at, spot.anchor
    turned = replace(spot, at=(pen.across_px - x, y), anchor=(1.0 - across, down))
    quad = page.write(wish, turned, pen.scheme, 0.3, sheet, pen.hand)
    return None if quad is None else quad * np.array([-1, 1], np.float32) + np.array([pen.across_px, 0], np.float32)


def row(
    page: Page,
    sheet: Transform,
    kind: FieldKind,
    said: tuple[Paperwork, Answers],
    at: tuple[float, float],
    em: float,
    inks: tuple[Pen, Pen],
    room: float,
) -> None:
    """A printed name and its value after it."""
    papers, answers = said
    name = papers.name(kind)
    if page.draws.chance(0.35):
        name += "：" if any(is_wide(char) for char in name) and "：" in page.assets.texts.allowed else ":"
    quad = printed(page, sheet, name, Spot(at, em * 0.86, (0, 0.5), (0.5 * room, 2 * em)), inks[0])
    if quad is None:
        return
    x = float(quad[:, 0].max()) + em * page.draws.between(0.5, 1.2)
    value = kind.value(answers)
    filled(page, sheet, value, Spot((x, at[1]), em, (0, 0.5), (max(em, at[0] + room - x), 1.6 * em)), inks[1])
