"""The chain: which effects happen to one picture, with which numbers, and in which order.

What an effect draws depends on its slot and on how many of the same effect are written before it; what a group
draws depends on its place among the groups of its level. Changing one entry moves no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import cv2

from synthtext.effects.base import Effect, draw
from synthtext.effects.cover import hidden_shares
from synthtext.effects.settings import EffectsSpec
from synthtext.effects.steps import MOST_GROUPS, OneOf, Step
from synthtext.effects.table import BY_NAME, EFFECTS, ORDER
from synthtext.errors import ConfigError
from synthtext.geometry import Image, Transform
from synthtext.instance import TextInstance
from synthtext.rng import Draws, Streams
from synthtext.spec import Range

# Columns of numbers beyond those of the stages and effects: for an effect's second and later entries, and for groups.
_REPEATS_COLUMN = 1 << 17
_GROUPS_COLUMN = 1 << 18


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the chain.

    Attributes:
        nth: how many entries of the same effect come before it.
        gated: whether its chance decides; a member of a group was chosen by the group.
    """

    effect: Effect
    chance: float
    ranges: tuple[tuple[str, Range], ...]
    nth: int
    gated: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of the chain.

    Attributes:
        level: number of the list that it stands in.
        place: among the groups of that list.
        cumulative: weights of its members, added up.
    """

    level: int
    place: int
    chance: float
    cumulative: tuple[float, ...]
    members: tuple[Link | Choice, ...]


@dataclass(slots=True)
class Shot:
    """A picture after its effects.

    Attributes:
        names: the effects that happened, in order.
        drawn: their numbers; the second blur of a picture is called `blur 2`.
        cover: (H, W) uint8, how much of every pixel is hidden, 255 for all; None when nothing covers anything.
        moved: the transform that all pixels went through; None when none was moved.
    """

    image: Image
    names: list[str] = field(default_factory=list)
    drawn: dict[str, dict[str, float]] = field(default_factory=dict)
    cover: Image | None = None
    moved: Transform | None = None

    def labels(self, instances: Iterable[TextInstance], ink: Image) -> list[TextInstance]:
        """Return the instances where they are after the effects, with what is hidden of them.

        Args:
            ink: (H, W) uint8, 255 where there was ink before the effects.
        """
        moved, cover = self.moved, self.cover
        made = [instance.moved(moved) for instance in instances] if moved is not None else list(instances)
        if cover is None:
            return made
        if moved is not None:
            ink = moved.image(ink, (ink.shape[1], ink.shape[0]), 0)
        return [instance.with_hidden(hidden_shares(ink, instance.ink_quads, cover)) for instance in made]


class Chain:
    """The effects of a configuration, ready to be drawn and applied.

    Attributes:
        functions: name -> the function of each effect in use; a clock may be put round them.

    Raises:
        ConfigError: an effect needs a package that is not installed.
    """

    __slots__ = ("_groups", "_in_order", "_nodes", "functions")

    def __init__(self, spec: EffectsSpec) -> None:
        for place, effect in spec.used():
            _check_installed(effect, ".".join(map(str, ("effects", *place))))
        self.functions = {effect.name: effect.function for _, effect in spec.used()}
        seen: Counter[str] = Counter()
        self._in_order = not spec.chain
        if spec.chain:
            self._nodes = _nodes(spec.chain, seen, 0)
        else:
            # A named effect keeps its own numbers whether or not a group has it too.
            seen.update(effect.name for effect in EFFECTS)
            own = ((effect, getattr(spec, effect.name)) for effect in EFFECTS)
            named = [Link(effect, one.chance, one.ranges(), 0, True) for effect, one in own if one.chance > 0]
            self._nodes = [*named, *_nodes(spec.one_of, seen, 0)]
        self._groups = any(isinstance(node, Choice) for node in self._nodes)

    def apply(self, streams: Streams, image: Image) -> Shot:
        """Return the image after the effects that were drawn."""
        shot = Shot(image)
        for drawn in self.draw(streams):
            self.take(shot, drawn)
        return shot

    def draw(self, streams: Streams) -> list[Drawn]:
        """Return the effects that happen, in order."""
        drawn: list[Drawn] = []
        _walk(self._nodes, streams, streams.effect_gates(), drawn)
        if self._in_order and self._groups:
            drawn.sort(key=_order)
        return drawn

    def take(self, shot: Shot, drawn: Drawn) -> None:
        """Let one of the effects happen."""
        link, draws = drawn
        effect, name = link.effect, link.effect.name
        values = draw(link.ranges, draws) if link.ranges else {}
        _apply(shot, effect, self.functions[name], values)
        count = shot.names.count(name)
        shot.names.append(name)
        shot.drawn[f"{name} {count + 1}" if count else name] = values


Drawn = tuple[Link, Draws]


def _order(drawn: Drawn) -> int:
    return ORDER[drawn[0].effect.name]


def _apply(shot: Shot, effect: Effect, function: Callable[..., Any], values: dict[str, float]) -> None:
    if effect.kind == "pixels":
        shot.image = function(shot.image, **values)
    elif effect.kind == "cover":
        shot.image, cover = function(shot.image, **values)
        shot.cover = cover if shot.cover is None else _both(shot.cover, cover)
    else:
        size_wh = shot.image.shape[1], shot.image.shape[0]
        transform: Transform = function(size_wh, **values)
        shot.image = transform.image(shot.image, size_wh, None)
        if shot.cover is not None:
            shot.cover = transform.image(shot.cover, size_wh, 0)
        shot.moved = transform if shot.moved is None else shot.moved.then(transform)


def _check_installed(effect: Effect, where: str) -> None:
    if effect.needs is None:
        return
    module, extra = effect.needs
    try:
        __import__(module)
    except ImportError:
        raise ConfigError(
            f"{where}: needs the package {module}, which is not installed; "
            f"pip install 'synthtext[{extra}]', or leave the effect out"
        ) from None


def _nodes(steps: Iterable[Step | OneOf], seen: Counter[str], level: int, gated: bool = True) -> list[Link | Choice]:
    made: list[Link | Choice] = []
    places = 0
    for step in steps:
        if isinstance(step, OneOf):
            below = level * MOST_GROUPS + places + 1
            members = tuple(_nodes(step.of, seen, below, gated=False))
            weights = tuple(accumulate(member.weight for member in step.of))
            made.append(Choice(level, places, step.chance, weights, members))
            places += 1
        else:
            made.append(Link(BY_NAME[step.name], step.chance, step.spec.ranges(), seen[step.name], gated))
            seen[step.name] += 1
    return made


def _walk(nodes: Iterable[Link | Choice], streams: Streams, gates: list[float], drawn: list[Drawn]) -> None:
    units: list[float] = []
    for node in nodes:
        if isinstance(node, Link):
            if node.nth:
                draws = _again(streams, node)
                if draws.unit() < node.chance:
                    drawn.append((node, draws))
            elif not node.gated or gates[node.effect.slot] < node.chance:
                drawn.append((node, streams.effect(node.effect.slot)))
        else:
            units = units or streams.overflow(_GROUPS_COLUMN, node.level + 1)
            _choose(node, units, streams, gates, drawn)


def _choose(group: Choice, units: list[float], streams: Streams, gates: list[float], drawn: list[Drawn]) -> None:
    """Walk through the member that the group chooses, if it happens at all."""
    gate, pick = units[2 * group.place : 2 * group.place + 2]
    # The members of a group have no chance of their own, so that a nested group happens when it is chosen.
    if gate < group.chance:
        wanted = pick * group.cumulative[-1]
        number = next(at for at, total in enumerate(group.cumulative) if wanted < total)
        _walk((group.members[number],), streams, gates, drawn)


def _again(streams: Streams, link: Link) -> Draws:
    """Return the numbers of an effect's second or later entry; the first of them is its gate."""
    column = _REPEATS_COLUMN + link.effect.slot
    return streams.beyond(column, (1 << 16) + link.nth)


def _both(one: Image, other: Image) -> Image:
    """Return how much is hidden by two covers that lie on each other."""
    shown = cv2.multiply(cv2.bitwise_not(one), cv2.bitwise_not(other), scale=1.0 / 255.0)
    return cv2.bitwise_not(shown)  # type: ignore[return-value]
