"""What is laid over a finished picture of near things: captions and names, where editors and cameras put them."""

from __future__ import annotations

from synthtext.rng import Draws
from synthtext.scenes.block import Wish
from synthtext.scenes.designs import Design
from synthtext.scenes.page import Page, Spot

# Shares of the page, and which point of the block lies there: captions stand below, names and dates in corners.
_PLACES = (
    (0.5, 0.94, 0.5, 1.0),
    (0.04, 0.95, 0.0, 1.0),
    (0.96, 0.95, 1.0, 1.0),
    (0.04, 0.05, 0.0, 0.0),
    (0.96, 0.05, 1.0, 0.0),
    (0.5, 0.06, 0.5, 0.0),
)
_MOST = 2
_EM = (0.026, 0.048)
_LEADING_EM = 1.3


class Overlay:
    """Lays captions over a page, each at another place."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._left = list(_PLACES)

    @property
    def full(self) -> bool:
        """Nobody lays more over a picture, nor anything over several."""
        return self._page.ground.composed or len(self._left) <= len(_PLACES) - _MOST

    def lay(self, design: Design, form: str, left: int) -> int:
        """Lay the next caption; return how many lines it has."""
        page, draws = self._page, self._page.draws
        width, height = page.size_wh
        x, y, across, down = self._left.pop(int(len(self._left) * draws.unit() ** 1.5))
        lines = min(left, draws.integer(2, 3)) if form in ("lines", "notice") else 1
        low, high = page.spec.em_px.low, page.spec.em_px.high
        em_px = max(low, min(high, draws.between(*_EM) * min(width, height) * (1.4 if across == 0.5 else 1.0)))
        room = (0.9 if across == 0.5 else 0.4) * width
        wish = Wish([self._length(draws, room / em_px) for _ in range(lines)], None, "ltr", _LEADING_EM, across)
        before = len(page.canvas.instances)
        spot = Spot((x * width, y * height), em_px, (across, down), (room, 0.3 * height), low, within=True)
        page.write(wish, spot, design.scheme, hand=design.hand)
        return len(page.canvas.instances) - before

    def _length(self, draws: Draws, most: float) -> int:
        return max(1, min(int(most), round(self._page.config.text.length.wanted_mean * draws.between(0.5, 1.8))))
