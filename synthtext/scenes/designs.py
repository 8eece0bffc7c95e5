"""Designs: the few ways in which the things on one picture look, as shops, shelves and streets repeat theirs."""

from __future__ import annotations

from dataclasses import dataclass

from synthtext.assets.schemes import Scheme
from synthtext.rng import Draws, Streams
from synthtext.scenes import carriers
from synthtext.scenes.ground import lean
from synthtext.scenes.page import Page
from synthtext.scenes.settings import Carrier
from synthtext.spec import Weighted

# Each further design is so much rarer than the one before it.
_RARER = 0.55
_SAME_FORM, _PAINTED = 0.7, 2.0
OVERLAID = frozenset({"none", "caption"})
# What is not put on houses across a street; and what has room for a heading and lines below it.
_NEAR, _NOTICES = (
    frozenset({"none", "sticker", "paper", "plate"}),
    frozenset({"sign", "sticker", "paper", "screen", "board"}),
)
# Screwed and framed things hang level, more or less; what is stuck or laid on leans.
_LEVEL, _LEVEL_LEAN = frozenset({"none", "sign", "board", "plate", "screen", "led"}), 0.25


@dataclass(slots=True, eq=False)
class Design:
    """What things of one design share.

    Attributes:
        kind: of carrier.
        form: single lines, blocks of lines or columns, for most of them.
        hand: streams of the face, the spacing, the carrier and the way of painting.
        scheme: of colours.
        em_px: size of the text, where there is room for it.
        margin: round the text, as shares of its height.
        slope: of the lines, beside that of the plane.
        light: how much of the surface's light shows in the ink.
        last: the region of the one that was hung last (0 for none), and its centre and size.
    """

    kind: str
    form: str
    hand: Streams
    scheme: Scheme
    em_px: float
    margin: tuple[float, float]
    slope: float
    light: float
    last: tuple[int, tuple[float, float], tuple[float, float]] | None = None


class Designs:
    """The designs of a page, made when they are first drawn."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._kinds, self._forms = Weighted(_seen(page)), Weighted(page.spec.forms)
        count = max(1, round(page.spec.designs.draw(page.draws)))
        self._places = Weighted({place: _RARER**place for place in range(count)})
        self._made: dict[int, Design] = {}
        self._caption: Design | None = None

    def draw(self, draws: Draws) -> Design:
        """Return one of the designs, the first ones most often."""
        place = self._places.draw(draws)
        found = self._made.get(place)
        if found is None:
            kind = self._kinds.draw(draws)
            found = self._made[place] = self.caption() if kind == "caption" else self._new(kind)
        return found

    def caption(self) -> Design:
        """Return the design of what is laid over the picture: an editor uses one."""
        if self._caption is None:
            self._caption = self._new("caption")
        return self._caption

    def form(self, design: Design, draws: Draws) -> str:
        """Return the form of the next thing of a design."""
        form = design.form if draws.chance(_SAME_FORM) else self._forms.draw(draws)
        return "lines" if form == "notice" and design.kind not in _NOTICES else form

    def _new(self, kind: str) -> Design:
        page, draws = self._page, self._page.draws
        hand, spec = page.hand(), page.spec
        named = carriers.SITUATIONS.get(kind)
        colors, schemes = hand.column("pairs"), page.assets.schemes
        low, high = spec.em_px.low, spec.em_px.high
        if kind == "none":  # what is painted on walls is to be read from the street
            low = min(_PAINTED * low, high)
        em_px = low * (high / low) ** (draws.unit() ** 1.3)
        margin = (0.15, 0.1) if kind in OVERLAID else carriers.margins(kind, draws)
        slope = lean(spec.lean_deg.draw(draws)) if kind != "caption" and draws.chance(0.5) else 0.0
        return Design(
            kind,
            self._forms.draw(draws),
            hand,
            schemes.of(colors, named) if named else schemes.draw(colors, "photo"),
            em_px,
            margin,
            slope * _LEVEL_LEAN if kind in _LEVEL else slope,
            spec.light.draw(draws),
        )


def _seen(page: Page) -> dict[Carrier, float]:
    """Return the weights of the carriers, without near ones where the picture shows a street or a square."""
    carriers = page.spec.carriers
    large = {kind: weight for kind, weight in carriers.items() if kind not in _NEAR}
    return large if page.ground.wide and any(large.values()) else carriers
