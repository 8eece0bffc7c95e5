"""Bend: let a line leave its straight baseline, or lay it in folds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from synthtext.curves import Bend, Ribbon, Ripples, Sway, arc, bulge, flutter, stood, stood_turns, wave
from synthtext.geometry import Matrix, Transform, Warp
from synthtext.quads import box_quads
from synthtext.rng import Draws
from synthtext.scripts import JOINED, is_plain, script_of
from synthtext.spec import Range, Spec, Within
from synthtext.values import TextLine

Kind = Literal["arc", "circle", "wave", "rise", "steps", "flag", "bulge", "elastic", "cloth", "crumple"]

# The inner side of a curve is no tighter than a circle of this radius, em.
_LEAST_RADIUS_EM = 1.3
# Ripples that rise by more than this in all would fold over; a flag's letters would be torn.
_STEEPEST = 0.62
# A wave is no longer than so many times the text, or nothing would be seen of it, but no shorter than a few letters.
_LONGEST_WAVE, _SHORTEST_WAVE_EM = 1.6, 2.6
_LEAST_DEPTH_EM = 0.55
# These kinds show only when the first and the last char stand so far apart.
_LONG: frozenset[Kind] = frozenset({"arc", "circle", "wave", "rise", "steps", "flag", "bulge"})
_LEAST_SPAN_EM = 0.4
_OUTLINE_EM, _OUTLINE_POINTS = 0.25, 64


def _usual_kinds() -> dict[Kind, float]:
    return {
        "arc": 5,
        "circle": 1,
        "wave": 1.5,
        "rise": 1,
        "steps": 0.7,
        "flag": 1.5,
        "bulge": 1,
        "elastic": 1,
        "cloth": 1.2,
        "crumple": 0.8,
    }


class BendSpec(Spec):
    """Text that does not lie on a straight line.

    Attributes:
        chance: how often.
        kinds: weights of the kinds.
        deepest: a bent line is at most so many times as high as its ink alone (as wide, for columns); longer texts
            are bent less.
        sag: share of arcs and circles that hang through, their ends up.
        arc_deg, circle_deg: how far the baseline turns from end to end.
        wave_deg, wave_em: how steep the baseline gets, and how long a wave is, that of a flag too.
        rise_deg: slope of a baseline on which letters stay upright, up or down.
        step_em: how much higher or lower a letter stands than the one before it.
        flag_em: how far a flag goes up and down.
        bulge: how much larger letters are in the middle than at the ends, or the other way round.
        elastic_em, elastic_wave_em: how far ink strays, and over which distance.
        fold_em: distance of the folds of cloth and the creases of paper.
        fold_depth: how steep they are.
        light: how much brighter or darker their flanks are.
    """

    chance: Annotated[float, Field(ge=0, le=1)] = 0.0
    kinds: dict[Kind, Annotated[float, Field(ge=0)]] = Field(default_factory=_usual_kinds)
    deepest: Annotated[float, Field(ge=1.1, le=10)] = 3.0
    sag: Annotated[float, Field(ge=0, le=1)] = 0.35
    arc_deg: Annotated[Range, Within(0, 120)] = Range(20.0, 90.0)
    circle_deg: Annotated[Range, Within(60, 240)] = Range(110.0, 200.0)
    wave_deg: Annotated[Range, Within(0, 45)] = Range(8.0, 24.0)
    wave_em: Annotated[Range, Within(1, 40)] = Range(3.5, 9.0)
    rise_deg: Annotated[Range, Within(0, 40)] = Range(4.0, 15.0)
    step_em: Annotated[Range, Within(0, 0.8)] = Range(0.08, 0.3)
    flag_em: Annotated[Range, Within(0, 1)] = Range(0.08, 0.28)
    bulge: Annotated[Range, Within(0, 1.5)] = Range(0.2, 0.7)
    elastic_em: Annotated[Range, Within(0, 0.2)] = Range(0.02, 0.06)
    elastic_wave_em: Annotated[Range, Within(0.4, 10)] = Range(0.8, 2.5)
    fold_em: Annotated[Range, Within(0.5, 20)] = Range(1.6, 4.5)
    fold_depth: Annotated[Range, Within(0, 0.6)] = Range(0.15, 0.42)
    light: Annotated[Range, Within(0, 0.8)] = Range(0.12, 0.4)

    @model_validator(mode="after")
    def _some_kind(self) -> BendSpec:
        if not any(self.kinds.values()):
            raise ValueError("kinds: every weight is 0; raise at least one, or set chance to 0")
        return self


def bend(
    draws: Draws, spec: BendSpec, line: TextLine, shown_xyxy: tuple[float, float, float, float] | None = None
) -> TextLine:
    """Return the line, bent or as it is.

    Args:
        shown_xyxy: box of the straight line that a crop has to show; its ink when left out.
    """
    if draws.unit() >= spec.chance:
        return line
    kind = _kind(spec.kinds, draws.unit())
    strip = _Strip(line, spec.deepest)
    if kind in _LONG and strip.middles.max() - strip.middles.min() < _LEAST_SPAN_EM:
        return line
    numbers, shape, turns = _KINDS[kind](draws, spec, strip)
    light = None
    if kind in ("cloth", "crumple"):
        angle, strength = 2.0 * math.pi * draws.unit(), spec.light.draw(draws)
        light = (math.cos(angle), math.sin(angle), strength)
        numbers["light"] = strength
    elif strip.column:
        shape, turns = stood(shape), None if turns is None else stood_turns(turns)
    shown = shown_xyxy or line.ink_xyxy
    outline = _outline(shown, strip, shape) if turns is None or shown != line.ink_xyxy else np.empty((0, 2))
    if turns is not None:
        outline = np.concatenate([outline, _turned_outline(line, strip, turns)])
    return replace(line, bend=Bend(kind, numbers, shape, outline, turns, light))


class _Strip:
    """A line as bends see it: along x with y down, whichever way it runs.

    Attributes:
        x0, x1, y0, y1: its ink.
        room: how far it may go up and down beyond the height of its ink.
        middles: (N,) where each char stands along the line; chars of one glyph stand together.
        joined: letters touch, so none may be moved by itself.
    """

    def __init__(self, line: TextLine, deepest: float) -> None:
        left, top, right, bottom = line.ink_xyxy
        self.column = line.direction == "ttb"
        self.x0, self.x1 = (top, bottom) if self.column else (left, right)
        self.y0, self.y1 = (-right, -left) if self.column else (top, bottom)
        self.length = max(0.1, self.x1 - self.x0)
        self.room = (deepest - 1.0) * max(_LEAST_DEPTH_EM, self.y1 - self.y0)
        self.middles = 0.5 * (np.array(line.starts) + np.array(line.ends))
        for first, parts in line.ligatures:
            together = slice(first, first + abs(parts))
            self.middles[together] = self.middles[together].mean()
        self.joined = not is_plain(line.text) and any(script_of(char) in JOINED for char in line.text)

    def bottom(self) -> float:
        """Return the y of the line's feet: the baseline, or the left side of a column."""
        return self.y1 if self.column else min(self.y1, 0.0)


_Bent = tuple[dict[str, float], Transform, Matrix | None]


def _kind(kinds: dict[Kind, float], unit: float) -> Kind:
    at = unit * sum(kinds.values())
    for name, weight in kinds.items():
        at -= weight
        if at < 0:
            return name
    return next(name for name, weight in kinds.items() if weight)


def _round(draws: Draws, spec: BendSpec, strip: _Strip, span_deg: Range) -> _Bent:
    """Return an arc: letters keep their form, unless they touch."""
    sags, angle = draws.chance(spec.sag), math.radians(span_deg.draw(draws))
    # What lies on the inner side keeps its distances, and what lies outside of it parts.
    level = 0.9 * strip.y0 + 0.1 * strip.y1 if sags else strip.bottom()
    inner = level - strip.y0 if sags else strip.y1 - level
    angle = min(angle, strip.length / (_LEAST_RADIUS_EM + inner))
    angle = _eased(angle, lambda a: strip.length / a * (1.0 - math.cos(0.5 * a)), strip.room)
    path = arc(strip.x0, strip.x1, -angle if sags else angle, level)
    return {"turn_deg": math.degrees(-angle if sags else angle)}, path, _letters(path, strip)


def _arc(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    return _round(draws, spec, strip, spec.arc_deg)


def _circle(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    return _round(draws, spec, strip, spec.circle_deg)


def _wave(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    angle, phase = math.radians(spec.wave_deg.draw(draws)), 2.0 * math.pi * draws.unit()
    length = min(spec.wave_em.draw(draws), max(_LONGEST_WAVE * strip.length, _SHORTEST_WAVE_EM))
    swing = length / (2.0 * math.pi)
    angle = min(angle, 0.5 * strip.room / swing, swing / (_LEAST_RADIUS_EM + 0.5 * (strip.y1 - strip.y0)))
    path = wave(strip.x0, strip.x1, angle, length, phase, 0.5 * (strip.y0 + strip.y1))
    return {"turn_deg": math.degrees(angle), "wave_em": length}, path, _letters(path, strip)


def _rise(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    falls, angle = draws.chance(0.4), math.radians(spec.rise_deg.draw(draws))
    slope = min(math.tan(angle), strip.room / strip.length)
    slope = slope if falls else -slope
    shape = Warp(np.array([[1.0, 0.0, 0.0], [slope, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    return {"rise_deg": -math.degrees(math.atan(slope))}, shape, None


def _steps(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    """Return stairs, or letters that stand higher and lower in turn."""
    stairs, falls, step = draws.chance(0.5), draws.chance(0.4), spec.step_em.draw(draws)
    places, ranks = np.unique(strip.middles, return_inverse=True)
    if stairs or strip.joined:
        step = min(step, strip.room / max(1, len(places) - 1))
        heights = np.arange(len(places), dtype=np.float64) * (step if falls else -step)
        heights -= 0.5 * heights[-1]
        shape: Transform = Sway(places, np.ones(len(places)), heights, 0.0)
    else:
        step = min(step, strip.room)
        heights = np.where(np.arange(len(places)) % 2, 0.5, -0.5) * (step if falls else -step)
        shape = Warp.identity()
    if strip.joined:
        return {"step_em": step}, shape, None
    turns = np.tile(np.eye(3), (len(ranks), 1, 1))
    turns[:, 1, 2] = heights[ranks]
    return {"step_em": step}, shape, turns


def _flag(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    reach, phase = spec.flag_em.draw(draws), 2.0 * math.pi * draws.unit()
    length = min(spec.wave_em.draw(draws), max(_LONGEST_WAVE * strip.length, _SHORTEST_WAVE_EM))
    reach = min(reach, 0.5 * strip.room, _STEEPEST * length / (2.0 * math.pi))
    return {"reach_em": reach, "wave_em": length}, flutter(strip.x0, strip.x1, reach, length, phase), None


def _bulge(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    pinched, more, where = draws.chance(0.4), spec.bulge.draw(draws), draws.unit()
    more = 1.0 / (1.0 + more) - 1.0 if pinched else more
    level = (strip.y0, 0.5 * (strip.y0 + strip.y1), strip.bottom())[int(3.0 * where)]
    return {"bulge": more}, bulge(strip.x0, strip.x1, more, level), None


def _elastic(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    reach, length = spec.elastic_em.draw(draws), spec.elastic_wave_em.draw(draws)
    u = np.array(draws.units(16)).reshape(4, 4)
    turns, ways = 2.0 * math.pi * u[:, 0], 2.0 * math.pi * u[:, 1]
    lengths = length * (0.75 + 0.75 * u[:, 2])
    waves = _directions(turns) * (2.0 * math.pi / lengths)[:, None]
    moves = _directions(ways) * reach / math.sqrt(2.0)
    shape = Ripples(waves, 2.0 * math.pi * u[:, 3], moves).eased(_STEEPEST)
    return {"reach_em": reach, "wave_em": length}, shape, None


def _cloth(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    """Return folds that run more or less across the line, seen from one side."""
    length, depth, view = spec.fold_em.draw(draws), spec.fold_depth.draw(draws), 2.0 * math.pi * draws.unit()
    u = np.array(draws.units(9)).reshape(3, 3)
    turns = np.array([0.7, 1.4, 2.4]) * (u[:, 0] - 0.5) + (0.5 * math.pi if strip.column else 0.0)
    lengths = length * np.array([1.0, 0.62, 1.7]) * (0.85 + 0.3 * u[:, 1])
    heights = depth * np.array([0.5, 0.22, 0.28]) * lengths / (2.0 * math.pi)
    moves = heights[:, None] * (math.cos(view), math.sin(view))
    waves = _directions(turns) * (2.0 * math.pi / lengths)[:, None]
    shape = Ripples(waves, 2.0 * math.pi * u[:, 2], moves, lean=0.45).eased(_STEEPEST)
    return {"fold_em": length, "depth": depth}, shape, None


def _crumple(draws: Draws, spec: BendSpec, strip: _Strip) -> _Bent:
    """Return flat facets of paper between creases that run in all directions."""
    length, depth, view = spec.fold_em.draw(draws), spec.fold_depth.draw(draws), 2.0 * math.pi * draws.unit()
    u = np.array(draws.units(12)).reshape(4, 3)
    turns = math.pi * (np.arange(4) + u[:, 0]) / 4.0
    lengths = length * (0.8 + 1.2 * u[:, 1])
    heights = depth * 0.3 * lengths / 4.0
    moves = heights[:, None] * (math.cos(view), math.sin(view))
    waves = _directions(turns) * (2.0 * math.pi / lengths)[:, None]
    shape = Ripples(waves, 2.0 * math.pi * u[:, 2], moves, sharp=True).eased(_STEEPEST)
    return {"fold_em": length, "depth": depth}, shape, None


_KINDS: dict[Kind, Callable[[Draws, BendSpec, _Strip], _Bent]] = {
    "arc": _arc,
    "circle": _circle,
    "wave": _wave,
    "rise": _rise,
    "steps": _steps,
    "flag": _flag,
    "bulge": _bulge,
    "elastic": _elastic,
    "cloth": _cloth,
    "crumple": _crumple,
}


def _letters(path: Ribbon, strip: _Strip) -> Matrix | None:
    """Return a matrix for each char; None where letters touch, which only bending their pixels keeps together."""
    return None if strip.joined else path.turns(strip.middles)


def _eased(angle: float, extent: Callable[[float], float], room: float) -> float:
    """Return the angle, or the largest below it whose extent fits into the room."""
    if angle <= 0.0 or extent(angle) <= room:
        return max(1e-4, angle)
    low, high = 1e-4, angle
    for _ in range(14):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if extent(middle) <= room else (low, middle)
    return low


def _directions(angles: Matrix) -> Matrix:
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _outline(box_xyxy: tuple[float, float, float, float], strip: _Strip, shape: Transform) -> Matrix:
    """Return (N, 2) points on the two long sides of a bent box, and in the middle of the short ones."""
    x0, y0, x1, y1 = box_xyxy
    along = np.linspace(0.0, 1.0, min(_OUTLINE_POINTS, 8 + int(strip.length / _OUTLINE_EM)))
    across = np.array([0.0, 0.5, 1.0])
    x, y = (across[:, None], along) if strip.column else (along, across[:, None])
    grid = np.stack(np.broadcast_arrays(x0 + (x1 - x0) * x, y0 + (y1 - y0) * y), axis=-1)
    grid = np.concatenate([grid[::2].reshape(-1, 2), grid[1, [0, -1]]])
    return shape.push(grid)


def _turned_outline(line: TextLine, strip: _Strip, turns: Matrix) -> Matrix:
    """Return (N, 2) corners of all chars after their turns, each as high as the line."""
    boxes = np.empty((len(turns), 4), np.float32)
    along = 1 if strip.column else 0
    boxes[:] = line.ink_xyxy
    boxes[:, along], boxes[:, along + 2] = line.starts, line.ends
    # At its ends a line's ink may stop before the advance does, or hang over.
    boxes[np.argmin(line.starts), along] = strip.x0
    boxes[np.argmax(line.ends), along + 2] = strip.x1
    quads = box_quads(boxes)
    turned: Matrix = np.einsum("nab,nkb->nka", turns[:, :2, :2], quads) + turns[:, None, :2, 2]
    return turned.reshape(-1, 2)
