"""Blocks: lines or columns that belong together, set in one face and laid out below (beside) each other, in em."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from synthtext.assets.library import Assets
from synthtext.bidi import has_right_to_left
from synthtext.config import Config
from synthtext.errors import Rejected
from synthtext.rng import Streams
from synthtext.stages.arrange import LayoutSpec, arrange
from synthtext.stages.bend import bend
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.stages.write import write
from synthtext.values import Direction, FontStack, TextLine, Writing

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What a block is to hold.

    Attributes:
        lengths: about how many characters each line has; None where `texts` says it.
        texts: what each line says, or None for texts of the configuration.
        direction: of every line.
        leading_em: from line to line.
        align: 0 for left (top of columns), 0.5 for centred, 1 for right.
        room_em: no line is longer than this.
        category: of every line.
        styles: classes of style that the face is to have; empty for all.
        layout: of the characters; None for what the configuration says.
        bends: its lines may leave the straight.
        scales: size of each line, in em of the block; empty for 1.
    """

    lengths: Sequence[int] = ()
    texts: Sequence[str] | None = None
    direction: Direction = "ltr"
    leading_em: float = 1.3
    align: float = 0.0
    room_em: float = 1e9
    category: str = "printed"
    styles: frozenset[str] = frozenset()
    layout: LayoutSpec | None = None
    bends: bool = False
    scales: Sequence[float] = ()

    def scale(self, number: int) -> float:
        """Return the size of a line in em of the block."""
        return self.scales[number] if self.scales else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SetLine:
    """A line of a block: its origin lies at (x, y) em of the block from its top left corner, its own em is `scale`."""

    line: TextLine
    stack: FontStack
    fonts: tuple[str, ...]
    source: str
    x: float
    y: float
    category: str
    scale: float = 1.0

    def at(self, x: float, y: float) -> SetLine:
        """Return the line with its origin there."""
        return SetLine(self.line, self.stack, self.fonts, self.source, x, y, self.category, self.scale)

    @property
    def ink_xyxy(self) -> tuple[float, float, float, float]:
        """The box round the line's ink, bent or not, in its own em from its origin."""
        return _ink_xyxy(self.line)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Lines laid out, lengths in em.

    Attributes:
        size: width and height of the box round all ink.
    """

    lines: list[SetLine]
    size: tuple[float, float]
    direction: Direction


class Children:
    """Hands out streams, one for each line of a page."""

    def __init__(self, seed: int, index: int, attempt: int) -> None:
        self._key = (seed, index, attempt)
        self._given = 0

    def next(self, count: int) -> list[Streams]:
        """Return streams that nobody has yet."""
        first = self._given + 1
        self._given += count
        return [Streams(*self._key, child) for child in range(first, first + count)]


def compose(
    wish: Wish, children: Sequence[Streams], config: Config, assets: Assets, hand: Streams | None = None
) -> Block:
    """Return a block.

    Args:
        children: streams of each line.
        hand: streams of the face and spacing of all lines; None for those of the first one.

    Raises:
        Rejected: not a single line could be set.
    """
    count = len(wish.texts) if wish.texts is not None else len(wish.lengths)
    made: list[SetLine] = []
    for number in range(count):
        try:
            made.append(_line(wish, number, children[number], hand or children[0], config, assets))
        except Rejected:
            continue
    if not made:
        raise Rejected("no line of a block could be set")
    return _stacked(made, wish)


def _line(wish: Wish, number: int, own: Streams, shared: Streams, config: Config, assets: Assets) -> SetLine:
    draws = own.column("write")
    length = None if wish.texts is not None else wish.lengths[number]
    scale = wish.scale(number)
    for _ in range(_TRIES):
        if wish.texts is not None:
            writing = Writing(wish.texts[number], "layout", _direction(wish, wish.texts[number]))
        else:
            writing = write(draws, assets.texts, "", length)
            direction = _direction(wish, writing.text)
            if direction != writing.direction:
                writing = replace(writing, direction=direction)
        writing, stack = assets.fonts.choose(shared.column("fonts"), writing, wish.styles)
        runs = shape(segment(writing, stack), assets.glyphs)
        layout = wish.layout or config.layout
        line = arrange(shared.column("arrange"), layout, writing.text, runs, writing.direction)
        if wish.bends and config.bend.chance and not any(run.run.font.color for run in runs):
            line = bend(own.column("bend"), config.bend, line)
        x0, y0, x1, y1 = _ink_xyxy(line)
        long = y1 - y0 if line.direction == "ttb" else x1 - x0
        if long * scale <= wish.room_em:
            fonts = tuple(dict.fromkeys(run.run.font.name for run in runs))
            return SetLine(line, stack, fonts, writing.source, 0.0, 0.0, wish.category, scale)
        if length is None:
            break
        length = max(1, int(length * wish.room_em / (long * scale)))
    raise Rejected("no text that fits")


def _ink_xyxy(line: TextLine) -> tuple[float, float, float, float]:
    if line.bend is None:
        return line.ink_xyxy
    (x0, y0), (x1, y1) = line.bend.outline.min(axis=0).tolist(), line.bend.outline.max(axis=0).tolist()
    return x0, y0, x1, y1


def _direction(wish: Wish, text: str) -> Direction:
    """Lines of a script that is written from right to left are read so, whatever stands beside them."""
    return "rtl" if wish.direction == "ltr" and has_right_to_left(text) else wish.direction


def deep(scales: Sequence[float], leading_em: float) -> float:
    """Return about how far lines of these sizes reach across, in em of the block."""
    return leading_em * (sum(scales) - (scales[0] + scales[-1]) / 2) + (scales[0] + scales[-1]) / 2


def _stacked(made: list[SetLine], wish: Wish) -> Block:
    column = made[0].line.direction == "ttb"
    inks = [tuple(item.scale * side for side in item.ink_xyxy) for item in made]
    longest = max((ink[3] - ink[1]) if column else (ink[2] - ink[0]) for ink in inks)
    places: list[tuple[float, float]] = []
    low = high = across = 0.0
    for number, (item, (x0, y0, x1, y1)) in enumerate(zip(made, inks, strict=True)):
        if number:  # columns follow each other from right to left
            step = wish.leading_em * (made[number - 1].scale + item.scale) / 2
            across += -step if column else step
        near, far = (x0, x1) if column else (y0, y1)
        low, high = (across + near, across + far) if number == 0 else (min(low, across + near), max(high, across + far))
        start, stop = (y0, y1) if column else (x0, x1)
        # Lines that are read from right to left begin there.
        align = 1.0 - wish.align if item.line.direction == "rtl" else wish.align
        along = align * (longest - (stop - start)) - start
        places.append((along, across))
    lines = [
        item.at(across - low, along) if column else item.at(along, across - low)
        for item, (along, across) in zip(made, places, strict=True)
    ]
    size = (high - low, longest) if column else (longest, high - low)
    return Block(lines, size, made[0].line.direction)
