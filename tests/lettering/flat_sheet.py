"""A sheet with one thick bar and one square on a flat ground, for looking at single styles."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthtext.assets.textures import texture_bank
from synthtext.lettering.base import Sheet
from synthtext.lettering.table import STYLES, Style
from synthtext.rng import Draws, Streams
from synthtext.values import Color, Ink

GROUND: Color = (120, 124, 128)
FACE = (slice(12, 36), slice(20, 60))
"""Rows and columns of the first face, 24 x 40 pixels; the second is a bar, 6 pixels high."""
BAR = (slice(20, 26), slice(80, 180))


def luck(index: int = 0) -> Draws:
    draws = Streams(11, index).column("lettering")
    draws.units(48)
    return draws


def make_sheet(fill: Color = (30, 40, 160), index: int = 0, ground: Color = GROUND) -> Sheet:
    mask = np.zeros((48, 200), np.uint8)
    mask[FACE] = 255
    mask[BAR] = 255
    surface = np.empty((48, 200, 3), np.uint8)
    surface[:] = ground
    textures: dict[str, list[Any]] = {}
    for texture in texture_bank_once():
        textures.setdefault(texture.kind, []).append(texture)
    return Sheet(
        surface=surface,
        mask=mask,
        ink=Ink(fill, 1.0, None, 0, None, 60.0),
        em_px=40.0,
        layer=None,  # type: ignore[arg-type]
        instance=None,  # type: ignore[arg-type]
        luck=luck(index),
        floor=18.0,
        textures=textures,
        photograph=_photograph,
    )


_BANK: list[Any] = []


def texture_bank_once() -> list[Any]:
    if not _BANK:
        _BANK.extend(texture_bank())
    return _BANK


def _photograph(size_wh: tuple[int, int], draws: Draws) -> np.ndarray:
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]]
    return np.stack([columns % 256, rows * 4 % 256, (rows + columns) % 200], axis=2).astype(np.uint8)


def style(name: str) -> Style:
    return next(found for found in STYLES if found.name == name)


def middle_values(found: Style, **given: float) -> dict[str, float]:
    return {name: span.at(0.5) for name, span in found.spec().ranges()} | given
