"""Text over a distant view, as on posters, covers and posts: a title, lines below it, small print at the edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from synthtext.assets.schemes import Scheme
from synthtext.color import difference
from synthtext.config import Config
from synthtext.geometry import Image
from synthtext.rng import Streams
from synthtext.scenes.block import Wish
from synthtext.scenes.page import Page, Spot
from synthtext.spec import Range

_TITLE = frozenset({"display", "sans", "serif", "brush", "kai", "marker", "slab", "rounded"})
_BODY = frozenset({"sans", "serif", "kai", "rounded", "slab"})
# Situations of the table of colours: most words are plain.
_BODY_COLORS = ("caption",)
_TITLE_COLORS = (_BODY_COLORS, _BODY_COLORS, ("caption", "subtitle", "title"))
_TRIED, _OTHER_PLACES = 6, 8
_PROBE_WH, _PROBE_STEP, _RESTLESS, _BRIGHT, _VEILED, _VEILED_RESTLESS = (48, 32), 4, 36.0, 150.0, 0.2, 0.9
_OPAQUE, _MOST_WORDS = 0.92, 0.15
_DARK, _WHITE = (18.0, 18.0, 19.0), (250.0, 250.0, 249.0)


@dataclass(slots=True, eq=False)
class _Layout:
    """Where the next block goes, and what all of them share."""

    page: Page
    align: float
    x: float
    room: float
    y: float
    left: int

    def block(self, lengths: list[int], em: float, styles: frozenset[str], scheme: Scheme, hand: Streams) -> bool:
        """Write a block of lines below what is there; return whether it can be read."""
        leading = self.page.draws.between(1.25, 1.7)
        wish = Wish(lengths=lengths, align=self.align, leading_em=leading, styles=styles, room_em=self.room / em)
        spot = Spot((self.x, self.y), em, (self.align, 0.0), (self.room, 1e9), self.page.spec.em_px.low, within=True)
        quad = self.page.write(wish, spot, scheme, hand=hand)
        if quad is not None:
            self.y = float(quad[:, 1].max())
        self.left -= len(lengths)
        return quad is not None


def lay_out(page: Page, aim: int) -> None:
    """Lay about so many lines over the picture."""
    page.config = _plain(page.config)
    draws, height, spec = page.draws, page.size_wh[1], page.spec
    body_em = _within(spec.em_px.low, draws.between(0.024, 0.045) * height, spec.em_px.high)
    title_em = _within(body_em, draws.between(0.07, 0.14) * height, spec.em_px.high)
    layout = _placed(page, aim)
    for _ in range(_OTHER_PLACES):
        if _is_free(layout, title_em):
            break
        layout = _placed(page, aim)
    _veil(page, layout)
    title = [_chars(layout, title_em) for _ in range(1 if draws.chance(0.65) else 2)]
    ground = _ground(page, layout)
    scheme = _standing_off(page, ground, draws.choice(_TITLE_COLORS))
    if not layout.block(title, title_em, _TITLE, scheme, page.hand()):
        _panel(page, layout, 1.7 * title_em * len(title))
        ground, layout.left = _ground(page, layout), aim
        layout.block(title, title_em, _TITLE, _standing_off(page, ground, _BODY_COLORS), page.hand())
    _edges(page, layout, body_em)
    scheme, hand = _standing_off(page, ground, _BODY_COLORS), page.hand()
    if draws.chance(0.6) and layout.left > 0:
        layout.y += 0.5 * body_em
        layout.block([_chars(layout, 1.4 * body_em)], 1.4 * body_em, _BODY, scheme, hand)
    while layout.left > 0 and layout.y < 0.84 * height:
        layout.y += draws.between(0.9, 2.4) * body_em
        fit = int((0.93 * height - layout.y) / (1.7 * body_em))
        count = min(layout.left, fit, draws.integer(1, 6))
        if count < 1:
            return
        layout.block([_chars(layout, body_em) for _ in range(count)], body_em, _BODY, scheme, hand)


def _placed(page: Page, aim: int) -> _Layout:
    """Return where the words begin, and along which line they stand."""
    draws, (width, height) = page.draws, page.size_wh
    align = draws.choice((0.0, 0.0, 0.5, 0.5, 1.0))
    side = draws.between(0.05, 0.1) * width
    x = side + align * (width - 2 * side)
    room = (width - 2 * side) * (1.0 if align == 0.5 else draws.between(0.5, 1.0))
    return _Layout(page, align, x, room, draws.between(0.06, 0.3) * height, aim)


def _is_free(layout: _Layout, em: float) -> bool:
    """Return whether the picture holds no lettering of its own where a title is to stand."""
    left, top = layout.x - layout.align * layout.room, layout.y
    right, bottom = left + layout.room, top + em
    return layout.page.ground.fits([(left, top), (right, top), (right, bottom), (left, bottom)], None)


def _plain(config: Config) -> Config:
    """Return a configuration in which the colours of captions are kept wherever they can be read at all."""
    ink = config.ink.model_copy(update={"contrast": Range(config.ink.floor, config.ink.floor)})
    return config.model_copy(update={"ink": ink})


def _within(low: float, value: float, high: float) -> float:
    return max(low, min(value, high))


def _chars(layout: _Layout, em: float) -> int:
    page = layout.page
    most = max(2.0, min(layout.room / em, float(page.config.text.length.max)))
    return max(1, round(most * page.draws.between(0.4, 0.95)))


def _box(page: Page, layout: _Layout) -> tuple[float, float, float, float]:
    """Return the part of the picture that the text stands on."""
    width, height = page.size_wh
    left = layout.x - layout.align * layout.room - 0.03 * width
    return left, layout.y - 0.04 * height, left + layout.room + 0.06 * width, float(height)


def _ground(page: Page, layout: _Layout) -> Image:
    """Return a small copy of the part of the picture that the text stands on."""
    left, top, right, bottom = (max(0, round(side)) for side in _box(page, layout))
    return cv2.resize(page.canvas.image[top:bottom, left:right], _PROBE_WH, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _standing_off(page: Page, ground: Image, situations: tuple[str, ...]) -> Scheme:
    """Return the one of a few schemes of colours whose text stands off the picture most."""
    red, green, blue = (round(value) for value in cv2.mean(ground)[:3])
    schemes = [page.pair(*situations) for _ in range(_TRIED)]
    return max(schemes, key=lambda scheme: difference(scheme.text, (red, green, blue)) if scheme.text else 0.0)


def _panel(page: Page, layout: _Layout, title_px: float) -> None:
    """Lay a sheet over what holds every colour, as grass does; over the rows of the title alone beside other words."""
    left, top, right, bottom = _box(page, layout)
    words = page.ground.text
    # What is more is no lettering, but grass or leaves.
    if words is not None and 0.0 < float(words.mean()) < _MOST_WORDS:
        bottom = layout.y + title_px
        if not page.ground.fits([(left, top), (right, top), (right, bottom), (left, bottom)], None, edge=True):
            return
    page.bar((left, top, right, bottom), _DARK, _OPAQUE)
    page.ground.clear((left, top, right, bottom))


def _veil(page: Page, layout: _Layout) -> None:
    """Darken or brighten the picture, or its part that the text stands on, mostly where it is restless."""
    draws, (width, height) = page.draws, page.size_wh
    left, top, right, bottom = (max(0, round(side)) for side in _box(page, layout))
    ground = page.canvas.image[top:bottom:_PROBE_STEP, left:right:_PROBE_STEP, 1]
    restless = float(ground.std()) > _RESTLESS
    kind, depth = draws.weighted((0.5, 0.8, 1.0)), draws.unit()
    if not draws.chance(_VEILED_RESTLESS if restless else _VEILED):
        return
    opacity = 0.4 + 0.3 * depth if restless else 0.2 + 0.35 * depth
    color = _WHITE if float(ground.mean()) > _BRIGHT and draws.chance(0.6) else _DARK
    if kind == 0:
        page.fade(layout.align, color, 0.25 + opacity)
    else:
        page.bar((0.0, 0.0, width, height) if kind == 1 else _box(page, layout), color, opacity)


def _edges(page: Page, layout: _Layout, em: float) -> None:
    """Small print in the corners: a name, an address, a date."""
    draws, (width, height) = page.draws, page.size_wh
    scheme, hand = page.pair("caption"), page.hand()
    small = max(page.spec.em_px.low, 0.8 * em)
    for x, y in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)):
        if layout.left > 1 and draws.chance(0.3):
            edge = 0.03 * height
            at = (edge + x * (width - 2 * edge), edge + y * (height - 2 * edge))
            spot = Spot(at, small, (x, y), (0.42 * width, 2 * small), within=True)
            page.write(Wish(lengths=[draws.integer(3, 12)], styles=_BODY), spot, scheme, hand=hand)
            layout.left -= 1
