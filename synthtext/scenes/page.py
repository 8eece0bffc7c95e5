"""The page in the making: what every layout needs to put text where it wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from synthtext.assets.library import Assets
from synthtext.assets.palettes import flat
from synthtext.assets.schemes import TONE, Scheme
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.geometry import Floats, Image, Transform, Warp
from synthtext.layers import lay
from synthtext.rng import Draws, Streams
from synthtext.scenes import carriers
from synthtext.scenes.answers import Answers
from synthtext.scenes.block import Block, Children, Wish, compose
from synthtext.scenes.carriers import Carried, Setting
from synthtext.scenes.draw import Canvas, Look, draw_block
from synthtext.scenes.ground import Ground
from synthtext.scenes.paperwork import Paperwork
from synthtext.scenes.settings import PageSpec

_LAMP_ROWS = 17.0
_GRAIN = 0.8


@dataclass(slots=True, eq=False)
class Page:
    """A page in the making.

    Attributes:
        index: of the sample.
        draws: the numbers of the layout.
        hung: outlines of what was hung up so far; nothing that holds a later thing runs in front of it.
    """

    canvas: Canvas
    ground: Ground
    children: Children
    draws: Draws
    config: Config
    assets: Assets
    index: int = 0
    hung: list[Floats] = field(default_factory=list)

    @property
    def spec(self) -> PageSpec:
        """What the configuration says about pages."""
        assert self.config.page is not None
        return self.config.page

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.ground.size_wh

    def setting(self, on_wall: bool = False) -> Setting:
        """Return what things that are laid into the picture take on from it.

        Args:
            on_wall: they lie close to a surface.
        """
        return Setting(self.ground.tone, self.ground.soft_px, on_wall)

    def look(self, scheme: Scheme, light: float, kind: str) -> Look:
        """Return how text on a kind of carrier is painted."""
        whole = self.ground.whole
        if kind == "caption":  # laid over the finished picture
            return Look(scheme, 0.0, whole)
        if kind in ("led", "screen"):
            rows, tone = _LAMP_ROWS if kind == "led" else 0.0, self.ground.tone
            # What glows is as bright as it is; the camera takes its colours at most.
            return Look(scheme, 0.0, whole, tone if tone and tone.colorless else None, self.ground.soft_px, rows)
        grain = _GRAIN * light if kind == "none" else 0.0
        return Look(scheme, light, whole, self.ground.tone, self.ground.soft_px, grain=grain)

    def answers(self, papers: Paperwork) -> Answers:
        """Return what is filled into a form of this language."""
        assert self.assets.papers is not None  # as for every page of a layout that asks
        return self.assets.papers.answers(self.draws, papers)

    def hand(self) -> Streams:
        """Return streams for blocks that are to look alike."""
        return self.children.next(1)[0]

    def pair(self, *situations: str) -> Scheme:
        """Return colours of one of these situations."""
        return self.assets.schemes.of(self.children.next(1)[0].column("pairs"), situations)

    def write(
        self,
        wish: Wish,
        spot: Spot,
        scheme: Scheme = TONE,
        light: float = 0.0,
        sheet: Transform | None = None,
        hand: Streams | None = None,
    ) -> Floats | None:
        """Compose a block and draw it at a spot; return the quad of its ink there, None if it cannot be read there.

        A block that is wider than the spot's room is made smaller. On the page itself nothing may stand there yet.

        Args:
            light: as of a `Look`.
            sheet: from pixels of the sheet that the spot is on to the page; None for the page itself.
            hand: streams that the face, the spacing and the way of painting are drawn from; None for ones of its own.
        """
        count = len(wish.texts) if wish.texts is not None else len(wish.lengths)
        family = self.children.next(count)
        try:
            block = compose(wish, family, self.config, self.assets, hand)
        except Rejected:
            return None
        quad, place = spot.place(block)
        if sheet is None and not self.ground.fits(quad.tolist(), None, edge=not spot.within):
            return None
        to_page = place if sheet is None else place.then(sheet)
        look = self.look(scheme, light, "caption" if sheet is None else "paper")
        drawn = draw_block(self.canvas, block, to_page, hand or family[0], look, self.config, self.assets)
        if not drawn:
            return None
        if sheet is None:
            self.ground.take(quad, 2.0)
        return quad

    def lay(self, carried: Carried, quad: Floats) -> Transform:
        """Lay a sheet onto the page, its corners on a quad; return the way from its pixels to the page."""
        move = carriers.lay(self.canvas.image, carried, quad, self.setting())
        self.ground.take(quad, 6.0)
        return move

    def bar(self, box_xyxy: Sequence[float], color: tuple[float, float, float], opacity: float) -> None:
        """Lay a bar of one colour, more or less see-through, over the page."""
        x0, y0, x1, y1 = (round(value) for value in box_xyxy)
        view: Image = self.canvas.image[max(0, y0) : y1, max(0, x0) : x1]
        if view.size:
            layer = flat((view.shape[1], view.shape[0]), color)
            cv2.addWeighted(view, 1.0 - opacity, layer, opacity, 0.0, dst=view)

    def fade(self, side: float, color: tuple[float, float, float], opacity: float) -> None:
        """Let the page fade into a colour: towards its left edge (0), its lower edge (0.5) or its right edge (1)."""
        width, height = self.size_wh
        slope = np.clip(np.linspace(0.0, 1.6, 64) - 0.3, 0.0, 1.0).astype(np.float32) * (255 * opacity)
        ramp = slope[:, None] if side == 0.5 else slope[None] if side > 0.5 else slope[None, ::-1]
        cover = cv2.resize(ramp.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
        lay(self.canvas.image, np.asarray(cover, np.uint8), (round(color[0]), round(color[1]), round(color[2])))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a block goes: a point of the page, and what of the block lies there.

    Attributes:
        at: pixels.
        em_px: size of the text.
        anchor: which point of the block lies `at`: (0, 0) its upper left corner, (1, 1) its lower right one.
        room: the widest and highest that it may be, pixels; it is made smaller to fit.
        least_em_px: it is not made smaller than that: it then sticks out.
        turn: slope of its lines.
        within: none of it may stick out of the page.
    """

    at: tuple[float, float]
    em_px: float
    anchor: tuple[float, float] = (0.0, 0.0)
    room: tuple[float, float] = (1e9, 1e9)
    least_em_px: float = 6.0
    turn: float = 0.0
    within: bool = False

    def place(self, block: Block) -> tuple[Floats, Warp]:
        """Return the quad of the block's ink, and the warp from its em to the page."""
        width, height = block.size
        em = max(min(self.em_px, self.room[0] / width, self.room[1] / height), min(self.em_px, self.least_em_px))
        left, top = self.at[0] - self.anchor[0] * width * em, self.at[1] - self.anchor[1] * height * em
        warp = Warp(np.array([[em, -self.turn * em, left], [self.turn * em, em, top], [0.0, 0.0, 1.0]]))
        box = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        return warp.points(box), warp
