"""The table of decorations, and drawing from it.

Decorations stand in groups by where they lie: behind the ink, beside or through it, over everything. A text gets at
most one of each group.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate

from pydantic import model_validator

from synthtext.decoration.base import DecorSpec, Extent, Frame, Room
from synthtext.decoration.plates import Box, Highlighter, Plate, box, box_room, highlighter, plate, plate_room
from synthtext.decoration.rules import (
    FieldLine,
    Rule,
    Strike,
    above,
    below,
    below_twice,
    double_underline,
    field_line,
    leader,
    overline,
    strike,
    underline,
    wavy_underline,
)
from synthtext.decoration.stamps import Seal, Tick, seal, tick
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, group_chances
from synthtext.values import TextLine

_GROUPS = ("behind", "beside", "over")
_NUMBERS = 5  # of the random column for each group; ranges beyond them come from the rest of it


def _no_room(**values: float) -> Room:
    return Room()


@dataclass(frozen=True, slots=True)
class Decor:
    """One decoration.

    Attributes:
        group: behind, beside or over the ink.
        function: draws it into a frame, with its numbers.
        room: the room that it needs round the ink, by its numbers.
        plate: it changes what the ink lies on, and the ink's colour is chosen against it alone.
    """

    name: str
    group: str
    function: Callable[..., None]
    spec: type[DecorSpec]
    room: Callable[..., Room] = _no_room
    plate: bool = False


DECORS: tuple[Decor, ...] = (
    Decor("plate", "behind", plate, Plate, plate_room, plate=True),
    Decor("highlighter", "behind", highlighter, Highlighter, plate=True),
    Decor("field_line", "behind", field_line, FieldLine, below),
    Decor("leader", "behind", leader, FieldLine, below),
    Decor("underline", "beside", underline, Rule, below),
    Decor("double_underline", "beside", double_underline, Rule, below_twice),
    Decor("wavy_underline", "beside", wavy_underline, Rule, below_twice),
    Decor("overline", "beside", overline, Rule, above),
    Decor("strike", "beside", strike, Strike),
    Decor("box", "beside", box, Box, box_room),
    Decor("seal", "over", seal, Seal),
    Decor("tick", "over", tick, Tick),
)


class DecorateSpec(Spec):
    """What is drawn round and over texts; what is not named never is."""

    plate: Plate = Plate()
    highlighter: Highlighter = Highlighter()
    field_line: FieldLine = FieldLine()
    leader: FieldLine = FieldLine()
    underline: Rule = Rule()
    double_underline: Rule = Rule()
    wavy_underline: Rule = Rule()
    overline: Rule = Rule()
    strike: Strike = Strike()
    box: Box = Box()
    seal: Seal = Seal()
    tick: Tick = Tick()

    @model_validator(mode="after")
    def _within_groups(self) -> DecorateSpec:
        for group in _GROUPS:
            names = [decor.name for decor in DECORS if decor.group == group]
            total = sum(group_chances([getattr(self, name).chance for name in names]))
            if total > 1.0 + 1e-9:
                raise ValueError(
                    f"the chances of {', '.join(names)} add up to {total:g}; a text gets one of them at most, so make "
                    "them 1 or less together"
                )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Dress:
    """The decorations drawn for a text, with their numbers; `luck` are numbers for what has no range of its own."""

    drawn: tuple[tuple[Decor, dict[str, float]], ...]
    luck: Draws

    @property
    def names(self) -> tuple[str, ...]:
        """Of the decorations."""
        return tuple(decor.name for decor, _ in self.drawn)

    def without(self, name: str) -> Dress | None:
        """Return the other decorations, None if there are none."""
        kept = tuple(one for one in self.drawn if one[0].name != name)
        return Dress(kept, self.luck) if kept else None

    @property
    def has_plate(self) -> bool:
        """Whether the ink lies on something else than the surface."""
        return any(decor.plate for decor, _ in self.drawn)

    def room(self, line: TextLine) -> TextLine:
        """Return the line with an ink box that holds its decorations: what a crop has to show."""
        extent = Extent.of(line)
        most = [decor.room(**values) for decor, values in self.drawn]
        extent = extent.grown(
            Room(
                max(room.before for room in most),
                max(room.above for room in most),
                max(room.after for room in most),
                max(room.below for room in most),
            )
        )
        if line.direction == "ttb":
            return replace(line, ink_xyxy=(-extent.bottom, extent.start, -extent.top, extent.end))
        return replace(line, ink_xyxy=(extent.start, extent.top, extent.end, extent.bottom))

    def draw(self, frame: Frame, *groups: str) -> None:
        """Draw the decorations of some groups into a frame."""
        for decor, values in self.drawn:
            if decor.group in groups:
                decor.function(frame, **values)


class Decoration:
    """The decorations of a configuration, ready to be drawn."""

    __slots__ = ("groups", "used")

    def __init__(self, spec: DecorateSpec) -> None:
        self.groups: list[_Group | None] = [_group(spec, name) for name in _GROUPS]
        self.used: bool = any(self.groups)

    def draw(self, draws: Draws) -> Dress | None:
        """Return what is drawn for a text, or None."""
        numbers = draws.units(_NUMBERS * len(_GROUPS))
        drawn: list[tuple[Decor, dict[str, float]]] = []
        for at, group in enumerate(self.groups):
            if group is None:
                continue
            own = numbers[at * _NUMBERS : (at + 1) * _NUMBERS]
            if own[0] < group.chances[-1]:
                decor, ranges = group.decors[bisect_right(group.chances, own[0])]
                units = own[1:] + [draws.unit() for _ in range(len(ranges) - len(own) + 1)]
                drawn.append((decor, {name: span.at(u) for (name, span), u in zip(ranges, units, strict=False)}))
        return Dress(tuple(drawn), draws) if drawn else None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    chances: list[float]
    decors: list[tuple[Decor, tuple[tuple[str, Range], ...]]]


def _group(spec: DecorateSpec, name: str) -> _Group | None:
    decors = [decor for decor in DECORS if decor.group == name and getattr(spec, decor.name).chance > 0]
    if not decors:
        return None
    chances = list(accumulate(group_chances([getattr(spec, decor.name).chance for decor in decors])))
    return _Group(chances, [(decor, getattr(spec, decor.name).ranges()) for decor in decors])
