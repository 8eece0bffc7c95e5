"""The instance: one line of text in a picture, with its labels; `values` hands it on with the other nouns."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from synthtext.curves import Turns
from synthtext.geometry import Floats, Matrix, Transform, Warp
from synthtext.outlines import line_polygon, line_quad, moved_quads, rounded
from synthtext.quads import box_quads

Direction = Literal["ltr", "rtl", "ttb"]
_Members = slice | NDArray[np.bool_]
# What has to be worked out anew when the picture is moved.
_MOVING = ("ink_quads", "cell_quads", "quad", "word_quads", "polygon", "word_polygons")


@dataclass(frozen=True, eq=False)
class TextInstance:
    """One line of text in a sample, with its labels in the image's pixels.

    The boxes live in the layer where the ink was drawn and are moved by the same transform as the ink;
    quads are computed when first asked for, because recognition runs never ask.

    Attributes:
        text: what is written, NFC, logical order.
        chars: graphemes with ink, in logical order.
        words: for each char the number of its white-space-separated word.
        ink_boxes: (N, 4) float32 in layer pixels.
        cell_boxes: (N, 4) float32 in layer pixels.
        warp: from layer to image pixels.
        turns: on a bent line whose letters keep their form, how each was moved in the layer; the boxes are then those
            that they had on the straight line. None everywhere else.
        category: printed or filled.
        ignore: the reason why this must not count in training, or None.
        hidden: (N,) float32, the share of each char's ink that something covers; None when nothing does.
    """

    text: str
    chars: tuple[str, ...]
    words: tuple[int, ...]
    ink_boxes: Floats
    cell_boxes: Floats
    warp: Transform
    direction: Direction = "ltr"
    category: str = "printed"
    ignore: str | None = None
    hidden: Floats | None = None
    turns: Turns | None = None

    def with_hidden(self, shares: Floats) -> TextInstance:
        """Return the same instance, of which so much is hidden."""
        made = copy(self)
        made.__dict__["hidden"] = shares
        return made

    def moved(self, after: Transform) -> TextInstance:
        """Return the instance in a picture that `after` has moved: `image = after.image(image, size_wh)`."""
        made = copy(self)
        for known in _MOVING:
            made.__dict__.pop(known, None)
        made.__dict__["warp"] = self.warp.then(after)
        return made

    @cached_property
    def ink_quads(self) -> Floats:
        """(N, 4, 2) float32: each char's quad tight round its own ink."""
        return moved_quads(self.warp, self._turned(self.ink_boxes, slice(None)).astype(np.float32))

    @cached_property
    def cell_quads(self) -> Floats:
        """(N, 4, 2) float32: along the line the char's advance (at least its ink), across it its word's ink."""
        return moved_quads(self.warp, self._turned(self.cell_boxes, slice(None)).astype(np.float32))

    @cached_property
    def quad(self) -> Floats:
        """(4, 2) float32 round the ink of the whole line."""
        return self._quad(slice(None))

    @cached_property
    def word_quads(self) -> Floats:
        """(M, 4, 2) float32 round the ink of each white-space-separated word."""
        return np.stack([self._quad(members) for members in self._members()])

    @cached_property
    def polygon(self) -> Floats:
        """(P, 2) float32 round the ink of the line: its quad when it is straight, else as many points as it takes.

        Clockwise on screen from the reader's top-left corner: the upper edge and the lower one back (of a column the
        right edge and the left one back).
        """
        return self._polygon(slice(None))

    @cached_property
    def word_polygons(self) -> list[Floats]:
        """As `polygon`, for each white-space-separated word."""
        return [self._polygon(members) for members in self._members()]

    def word_hulls(self) -> Floats:
        """Return (M, 4, 2) float32 round the cells of each word, whose marks may reach far beyond its ink.

        Of a bent line whose letters keep their form it is the ink, as in `word_quads`.
        """
        if self.turns is not None:
            return self.word_quads
        low = np.minimum(self.ink_boxes, self.cell_boxes)[:, :2]
        high = np.maximum(self.ink_boxes, self.cell_boxes)[:, 2:]
        hulls = [np.concatenate([low[word].min(axis=0), high[word].max(axis=0)]) for word in self._members()]
        if isinstance(self.warp, Warp):
            return np.array([self.warp.box(hull.tolist()) for hull in hulls], np.float32)
        return np.stack([line_quad(self.warp, box_quads(hull)[0]) for hull in hulls])

    @property
    def word_texts(self) -> list[str]:
        """The words, in the order of `word_quads`."""
        return self.text.split()

    def _members(self) -> list[NDArray[np.bool_]]:
        words = np.asarray(self.words)
        return [words == word for word in range(int(words.max()) + 1)]

    def _quad(self, members: _Members) -> Floats:
        whole = self.whole
        if isinstance(whole, Warp) and self.turns is None:
            return np.array(whole.box(self._ink_xyxy(members)), np.float32)
        return line_quad(whole, box_quads(self._round(members))[0])

    def _ink_xyxy(self, members: _Members) -> Sequence[float]:
        """Return the box round the ink of some chars in the layer."""
        boxes = self.ink_boxes[members]
        x0, y0, _, _ = np.minimum.reduce(boxes).tolist()
        _, _, x1, y1 = np.maximum.reduce(boxes).tolist()
        return x0, y0, x1, y1

    def _polygon(self, members: _Members) -> Floats:
        return line_polygon(self.whole, self._round(members), self.direction == "ttb")

    @property
    def whole(self) -> Transform:
        """To image pixels from where ink would be in the layer if the line were straight."""
        return self.warp if self.turns is None else self.turns.shape.then(self.warp)

    def _round(self, members: _Members) -> Floats:
        """Return the box (4,) round the ink of some chars, before the line was bent."""
        boxes = self.ink_boxes[members]
        if self.turns is None:
            return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
        # A letter that keeps its form on a bent line needs more room than it had on the straight one.
        points = self.turns.shape.pull(rounded(self._turned(self.ink_boxes, members)).reshape(-1, 2))
        return np.concatenate([points.min(axis=0), points.max(axis=0)]).astype(np.float32)

    def _turned(self, boxes: Floats, members: _Members) -> Floats | Matrix:
        """Return (N, 4, 2): the boxes of some chars as they lie in the layer."""
        quads = box_quads(boxes[members])
        if self.turns is None:
            return quads
        own = self.turns.chars[members]
        turned: Matrix = np.einsum("nab,nkb->nka", own[:, :2, :2], quads) + own[:, None, :2, 2]
        return turned
