"""Banks: random pictures that are made once and cut at a drawn place; making them afresh costs a hundred times more.

Every bank is the same in every process and wraps round at its edges.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

_SIDE = 512
_LENGTH = 8192
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def scatter(unit: float, count: int) -> list[float]:
    """Return `count` numbers in [0, 1) that follow from one, for details that need no range of their own.

    SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), begun at the number's bits.
    """
    state = int(unit * (1 << 53))
    made = []
    for _ in range(count):
        state = (state + _MIX) & _MASK
        bits = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
        made.append(((bits ^ (bits >> 31)) >> 11) * 2.0**-53)
    return made


def cut(bank: Image, size_hw: tuple[int, int], at_x: float, at_y: float, zoom: float = 1.0) -> Image:
    """Return a window of a bank, enlarged.

    Args:
        bank: (n, n) uint8, repeated twice each way, so that windows up to half of it lie in one piece.
        at_x, at_y: where, in [0, 1).
        zoom: pixels of the result a pixel of the bank.
    """
    height, width = size_hw
    side = bank.shape[0] // 2
    rows, columns = max(2, round(height / zoom)), max(2, round(width / zoom))
    top, left = int(at_y % 1.0 * side), int(at_x % 1.0 * side)
    if max(rows, columns) <= side:
        window = bank[top : top + rows, left : left + columns]
    else:
        window = bank[np.ix_(np.arange(top, top + rows) % side, np.arange(left, left + columns) % side)]
    if window.shape == size_hw:
        return window
    return cv2.resize(window, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


@lru_cache(maxsize=8)
def clouds(octaves: int = 4) -> Image:
    """Return smooth noise, (1024, 1024) uint8 for `cut`; all levels are equally frequent, lumps are 64 wide."""
    rng = Generator(Philox(key=31_337 + octaves))
    total = np.zeros((_SIDE, _SIDE), np.float32)
    for octave in range(octaves):
        cells = 8 << octave
        grid = rng.standard_normal((cells, cells), np.float32)
        around = np.pad(grid, 2, mode="wrap")
        step = _SIDE // cells
        fine = cv2.resize(around, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += fine[2 * step : 2 * step + _SIDE, 2 * step : 2 * step + _SIDE] * np.float32(0.5**octave)
    ranks = np.empty(total.size, np.float64)
    ranks[np.argsort(total, axis=None, kind="stable")] = np.linspace(0.0, 255.0, total.size)
    return np.tile(np.rint(ranks).astype(np.uint8).reshape(total.shape), (2, 2))


@lru_cache(maxsize=1)
def specks() -> Image:
    """Return dust, hairs and scratches on black, (1024, 1024) uint8 for `cut`; the level of each is its rank."""
    numbers = Generator(Philox(key=4_711))
    bank = np.zeros((_SIDE, _SIDE), np.uint8)
    for _ in range(1500):
        x, y, radius, level = numbers.random(4)
        _wrapped(bank, [(x * _SIDE, y * _SIDE)], 0.45 + 1.3 * radius**4, int(40 + 215 * level))
    for _ in range(70):
        x, y, turn, bend, length, level = numbers.random(6)
        steps = np.arange(int(4 + 20 * length))
        angle = 2 * np.pi * turn + (bend - 0.5) * 0.35 * steps
        points = np.stack([x * _SIDE + 2 * np.cumsum(np.cos(angle)), y * _SIDE + 2 * np.cumsum(np.sin(angle))], 1)
        _wrapped(bank, points.tolist(), 0.5, int(40 + 215 * level))
    for _ in range(24):
        x, y, turn, length, level = numbers.random(5)
        reach = (20 + 120 * length) * np.array([np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)])
        start = np.array([x, y]) * _SIDE
        _wrapped(bank, [start.tolist(), (start + reach).tolist()], 0.4, int(40 + 170 * level))
    return np.tile(bank, (2, 2))


def _wrapped(bank: Image, points: list[list[float]] | list[tuple[float, float]], radius: float, level: int) -> None:
    """Draw a dot or a line onto a bank; what leaves it at one side comes back at the other."""
    shift = 4
    layer = np.zeros((3 * _SIDE, 3 * _SIDE), np.uint8) if len(points) > 1 else np.zeros((_SIDE, _SIDE), np.uint8)
    if len(points) == 1:
        centre = (round(points[0][0] * 16), round(points[0][1] * 16))
        cv2.circle(layer, centre, round(radius * 16), level, -1, cv2.LINE_AA, shift)
        np.maximum(bank, layer, out=bank)
        return
    places = np.rint((np.array(points) + _SIDE) * 16).astype(np.int32)
    cv2.polylines(layer, [places], False, level, 1, cv2.LINE_AA, shift)
    folded = layer.reshape(3, _SIDE, 3, _SIDE).max(axis=(0, 2))
    np.maximum(bank, folded, out=bank)


@lru_cache(maxsize=1)
def _waves() -> Floats:
    values = Generator(Philox(key=271_828)).standard_normal(_LENGTH, np.float32)
    smooth = np.convolve(np.concatenate([values[-3:], values, values[:3]]), np.array([1, 6, 15, 20, 15, 6, 1]) / 64)
    made: Floats = (smooth[6:-6] / smooth.std()).astype(np.float32)
    return made


def wave(length: int, at: float, zoom: float = 1.0) -> Floats:
    """Return (length,) float32 smooth noise of mean 0 and deviation 1; bumps are about 5 `zoom` pixels long."""
    bank = _waves()
    count = max(2, round(length / zoom))
    start = int(at % 1.0 * len(bank))
    window = np.take(bank, np.arange(start, start + count), mode="wrap")
    made: NDArray[np.float32] = cv2.resize(window[None], (length, 1), interpolation=cv2.INTER_LINEAR)[0]
    return made
