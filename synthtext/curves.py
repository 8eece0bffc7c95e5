"""Curves that text follows: transforms from a straight line to a bent one, in em of the line.

A line lies along x, with its baseline at y = 0 and y down; `stood` turns a shape for columns, which run along y.
What a shape may do to each letter (turn it whole, or bend its pixels) is told by the `Bend` that holds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from synthtext.geometry import Floats, Matrix, Transform, Warp

# Ribbons are worked out at so many places; in between their angle is linear.
_NODES = 97
_COARSE = 8
_ROUNDS = 5
_SETTLED = 40
_STILL = 2e-5
_CREASE = 14.0
_ASIN = 2.0 / math.pi

_TO_COLUMN = Warp(np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]))


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """How a line is bent.

    Attributes:
        kind: what the bend is called.
        numbers: what was drawn for it.
        shape: from the straight line to the bent one, em.
        outline: (N, 2) float64: points round the bent ink, em.
        turns: (N, 3, 3) float64: each char is moved by its own matrix and keeps its form; None where `shape` itself
            bends the ink.
        light: x and y of where light comes from, and how strong it is; the surface then lies in the same folds.
    """

    kind: str
    numbers: dict[str, float]
    shape: Transform
    outline: Matrix
    turns: Matrix | None = None
    light: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """What `Bend.turns` and `Bend.shape` are in the pixels of a layer: from where ink would lie on a straight line."""

    chars: Matrix
    shape: Transform

    def shifted(self, x: float, y: float) -> Turns:
        """Return the same turns in a layer whose origin was moved."""
        there = Warp.shift(x, y)
        back = there.inverse()
        return Turns(there.matrix @ self.chars @ back.matrix, back.then(self.shape).then(there))


def stood(shape: Transform) -> Transform:
    """Return what a shape does to a column, which runs down y with its upper side to the right."""
    return _TO_COLUMN.inverse().then(shape).then(_TO_COLUMN)


def stood_turns(turns: Matrix) -> Matrix:
    """Return (N, 3, 3) matrices of a line as those of a column."""
    turned: Matrix = _TO_COLUMN.matrix @ turns @ _TO_COLUMN.inverse().matrix
    return turned


@dataclass(frozen=True, slots=True, eq=False)
class Ribbon(Transform):
    """A line that follows a path; straight across the path, and true to length along it.

    A path is told by its direction at each length (Whewell), so letters keep their distances by construction.

    Args:
        start, step: the lengths along the line for which the path is known; beyond them it goes straight on.
        angles: (K,) float64: direction of the path there, radians, clockwise on screen.
        middle: length whose place does not move.
        level: y of the line that follows the path; above and below it letters come closer or part.
    """

    start: float
    step: float
    angles: Matrix
    middle: float
    level: float
    _places: Matrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        halves = 0.5 * (self.angles[1:] + self.angles[:-1])
        places = np.zeros((len(self.angles), 2))
        np.cumsum(self.step * np.cos(halves), out=places[1:, 0])
        np.cumsum(self.step * np.sin(halves), out=places[1:, 1])
        object.__setattr__(self, "_places", places)
        (at,), _ = self.follow(np.array([self.middle]))
        places += (self.middle - at[0], self.level - at[1])

    def follow(self, lengths: Matrix) -> tuple[Matrix, Matrix]:
        """Return (N, 2) places of the path and (N,) its directions at lengths along the line."""
        last = len(self.angles) - 1
        at = (lengths - self.start) * (1.0 / self.step)
        cell = np.clip(at.astype(np.intp), 0, last - 1)
        inside = np.clip(at, 0.0, last) - cell
        here = self.angles[cell]
        angles = here + inside * (self.angles[cell + 1] - here)
        halves = 0.5 * (here + angles)
        beyond = at - cell - inside
        along = np.stack(
            [
                inside * np.cos(halves) + beyond * np.cos(angles),
                inside * np.sin(halves) + beyond * np.sin(angles),
            ],
            axis=1,
        )
        return self._places[cell] + self.step * along, angles

    def turns(self, lengths: Matrix) -> Matrix:
        """Return (N, 3, 3) matrices that move what stands at these lengths onto the path, turned with it."""
        places, angles = self.follow(lengths)
        turned = np.zeros((len(lengths), 3, 3))
        c, s = np.cos(angles), np.sin(angles)
        turned[:, 0, 0], turned[:, 0, 1], turned[:, 1, 0], turned[:, 1, 1], turned[:, 2, 2] = c, -s, s, c, 1.0
        turned[:, 0, 2] = places[:, 0] - c * lengths + s * self.level
        turned[:, 1, 2] = places[:, 1] - s * lengths - c * self.level
        return turned

    def push(self, points: Matrix) -> Matrix:
        """Return where points of the straight line go."""
        places, angles = self.follow(points[:, 0])
        off = points[:, 1] - self.level
        return places + np.stack([-off * np.sin(angles), off * np.cos(angles)], axis=1)

    def pull(self, points: Matrix) -> Matrix:
        """Return where points come from: the foot of their perpendicular on the path, and how far off it they are."""
        coarse = self._places[::_COARSE]
        apart = points[:, None, :] - coarse
        lengths = self.start + self.step * _COARSE * np.einsum("nkd,nkd->nk", apart, apart).argmin(axis=1)
        bending = np.gradient(self.angles, self.step)
        for _ in range(_ROUNDS):
            places, angles = self.follow(lengths)
            away = points - places
            ahead = away[:, 0] * np.cos(angles) + away[:, 1] * np.sin(angles)
            off = away[:, 1] * np.cos(angles) - away[:, 0] * np.sin(angles)
            node = np.clip(np.rint((lengths - self.start) / self.step).astype(np.intp), 0, len(bending) - 1)
            inside = (lengths > self.start) & (lengths < self.start + self.step * (len(bending) - 1))
            lengths = lengths + ahead / np.maximum(0.2, 1.0 - np.where(inside, bending[node] * off, 0.0))
        places, angles = self.follow(lengths)
        away = points - places
        off = away[:, 1] * np.cos(angles) - away[:, 0] * np.sin(angles)
        return np.stack([lengths, self.level + off], axis=1)


def arc(x0: float, x1: float, angle: float, level: float) -> Ribbon:
    """Return the arc of a circle that turns by `angle` (radians, clockwise) from x0 to x1."""
    return Ribbon(x0, (x1 - x0) / (_NODES - 1), np.linspace(-0.5, 0.5, _NODES) * angle, 0.5 * (x0 + x1), level)


def wave(x0: float, x1: float, angle: float, length: float, phase: float, level: float) -> Ribbon:
    """Return a path that swings by `angle` (radians) to both sides, once every `length`."""
    at = np.linspace(x0, x1, _NODES)
    angles = angle * np.sin(2.0 * math.pi * (at - x0) / length + phase)
    return Ribbon(x0, (x1 - x0) / (_NODES - 1), angles, 0.5 * (x0 + x1), level)


@dataclass(frozen=True, slots=True, eq=False)
class Sway(Transform):
    """Upright strokes stay upright: what stands at x is stretched about `level` and shifted up or down.

    Args:
        at: (K,) float64, ascending; `scales` and `shifts` are known there and linear in between.
    """

    at: Matrix
    scales: Matrix
    shifts: Matrix
    level: float

    def push(self, points: Matrix) -> Matrix:
        """Return where points of the straight line go."""
        scales, shifts = self._there(points[:, 0])
        return np.stack([points[:, 0], self.level + (points[:, 1] - self.level) * scales + shifts], axis=1)

    def pull(self, points: Matrix) -> Matrix:
        """Return where points come from."""
        scales, shifts = self._there(points[:, 0])
        return np.stack([points[:, 0], self.level + (points[:, 1] - shifts - self.level) / scales], axis=1)

    def _there(self, x: Matrix) -> tuple[Matrix, Matrix]:
        return np.interp(x, self.at, self.scales), np.interp(x, self.at, self.shifts)


def flutter(x0: float, x1: float, reach: float, length: float, phase: float) -> Sway:
    """Return a line that goes up and down by `reach`, once every `length`, as on a flag."""
    at = np.linspace(x0, x1, _NODES)
    shifts = reach * np.sin(2.0 * math.pi * (at - x0) / length + phase)
    return Sway(at, np.ones(_NODES), shifts, 0.0)


def bulge(x0: float, x1: float, more: float, level: float) -> Sway:
    """Return a line that is larger in the middle by the share `more` (smaller when negative), about y = level."""
    at = np.linspace(x0, x1, _NODES)
    scales = 1.0 + more * (1.0 - np.linspace(-1.0, 1.0, _NODES) ** 2)
    return Sway(at, scales / scales.max(), np.zeros(_NODES), level)  # what is largest keeps its size


@dataclass(frozen=True, slots=True, eq=False)
class Ripples(Transform):
    """A sum of waves, each of which moves things along one vector; not so steep that anything folds over.

    Args:
        waves: (M, 2) float64: radians an em, in x and y.
        phases: (M,) float64.
        moves: (M, 2) float64: how far and where the crest of each moves what lies there, em.
        lean: 0 for sines; more lets crests lean over, as folds of cloth do.
        sharp: straight flanks and sharp crests, as creases of paper have.
    """

    waves: Matrix
    phases: Matrix
    moves: Matrix
    lean: float = 0.0
    sharp: bool = False

    def pull(self, points: Matrix) -> Matrix:
        """Return where points come from."""
        at = self._phases(points)
        return self._there(points, at, self._leaning(at))

    def push(self, points: Matrix) -> Matrix:
        """Return where points of the straight line go."""
        found = points
        slopes = np.einsum("mi,mj->mij", self.moves, self.waves).reshape(-1, 4)
        for turn in range(_SETTLED):
            at = self._phases(found)
            leaning = self._leaning(at)
            miss = points - self._there(found, at, leaning)
            if not miss.size or np.abs(miss).max() < _STILL:
                break
            if turn < _ROUNDS:
                # Newton's method; at a crease, where it may run to and fro, the plain steps below always settle.
                a, b, c, d = (self._rates(at, leaning) @ slopes).T
                a, d = a + 1.0, d + 1.0
                x, y = miss.T
                miss = np.stack([d * x - b * y, a * y - c * x], axis=1) / (a * d - b * c)[:, None]
            found = found + miss
        return found

    @property
    def steepness(self) -> float:
        """How far the waves move things at most, per em of distance."""
        rate = _ASIN if self.sharp else 1.0 + self.lean
        return float(rate * (np.hypot(*self.moves.T) * np.hypot(*self.waves.T)).sum())

    def eased(self, steepest: float) -> Ripples:
        """Return the same waves, made so flat that nothing moves by more than this share of a distance."""
        return self if self.steepness <= steepest else replace(self, moves=self.moves * (steepest / self.steepness))

    def slopes(self, points: Matrix) -> Matrix:
        """Return (N, 2): how steeply the waves rise at points of the bent line, in x and y."""
        at = self._phases(points)
        # Light passes from flank to flank of a crease over a width, or its edge would show steps.
        sharp = self.sharp
        rates = _ASIN * np.clip(_CREASE * np.cos(at), -1.0, 1.0) if sharp else self._rates(at, self._leaning(at))
        sizes = np.hypot(self.moves[:, 0], self.moves[:, 1])
        rising: Matrix = (rates * sizes) @ self.waves
        return rising

    def _phases(self, points: Matrix) -> Floats:
        """Return (N, M): how far each wave has come; sines of single precision take a sixtieth of the time."""
        return (points @ self.waves.T + self.phases).astype(np.float32)

    def _leaning(self, at: Floats) -> Floats:
        """Return how far each wave has come once its crests lean over."""
        if self.sharp:
            return at
        leaning: Floats = np.sin(at)
        leaning *= self.lean
        leaning += at
        return leaning

    def _there(self, points: Matrix, at: Floats, leaning: Floats) -> Matrix:
        """Return where points come from at which the waves have come so far."""
        if self.sharp:
            turns = at * np.float32(0.5 / math.pi) + np.float32(0.25)
            heights = 1.0 - 4.0 * np.abs(turns - np.floor(turns) - np.float32(0.5))
        else:
            heights = np.sin(leaning)
        moved: Matrix = points + heights @ self.moves
        return moved

    def _rates(self, at: Floats, leaning: Floats) -> Floats:
        """Return how fast each wave rises where it has come so far."""
        if self.sharp:
            rates: Floats = np.sign(np.cos(at))
            rates *= np.float32(_ASIN)
        else:
            rates = np.cos(leaning)
            rates *= 1.0 + self.lean * np.cos(at)
        return rates
