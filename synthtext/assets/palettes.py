"""Colours of painted surfaces: those of signs, paper, cloth and walls, and drawing near them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.rng import Draws
from synthtext.spec import Weighted

Paint = tuple[float, float, float]
"""Red, green, blue, each 0..255."""

_PAINT: dict[Paint, float] = {
    (250, 250, 248): 4,  # white
    (232, 232, 228): 3,
    (206, 200, 188): 2.5,  # stone gray
    (18, 18, 20): 3,  # black
    (52, 54, 58): 2.5,
    (96, 98, 102): 2,
    (150, 152, 156): 2.5,  # gray
    (186, 172, 148): 1.5,  # beige
    (132, 112, 92): 1.2,  # taupe
    (82, 94, 106): 1.5,  # slate
    (92, 104, 88): 1,  # gray-green
    (200, 22, 30): 3,  # signal red
    (158, 18, 28): 2,
    (128, 44, 44): 1,  # oxide red
    (22, 70, 160): 2.5,  # road-sign blue
    (12, 34, 84): 1.5,
    (60, 150, 215): 1.2,
    (8, 110, 70): 2,  # motorway green
    (96, 170, 60): 0.8,
    (250, 204, 12): 2.4,  # taxi yellow
    (243, 140, 20): 1.5,  # orange
    (110, 40, 130): 0.8,  # purple
    (236, 110, 160): 0.8,  # pink
    (112, 70, 42): 1.2,  # brown
    (20, 160, 165): 0.8,  # teal
}
_PAPER: dict[Paint, float] = {
    (250, 250, 247): 5,  # copy paper
    (240, 238, 230): 3,
    (247, 240, 220): 3,  # cream
    (230, 214, 176): 1.5,  # aged
    (196, 160, 112): 1.5,  # kraft
    (176, 138, 92): 0.7,  # cardboard
    (222, 220, 214): 2,  # newsprint
    (250, 226, 226): 0.7,  # pink carbon copy
    (226, 238, 250): 0.7,  # blue carbon copy
    (252, 242, 180): 0.8,  # sticky note
    (208, 30, 36): 0.7,  # red packet
}
_CLOTH: dict[Paint, float] = {
    (186, 16, 28): 5,  # banner red
    (140, 12, 24): 2,
    (236, 232, 222): 3,  # undyed
    (206, 192, 160): 2,  # linen
    (52, 70, 108): 2,  # denim
    (24, 32, 60): 1.5,  # navy
    (30, 30, 32): 2,  # black
    (24, 92, 60): 1,  # green
    (232, 180, 40): 2,  # gold
    (110, 108, 106): 1,
    (70, 130, 190): 1,
    (120, 50, 110): 0.7,
    (230, 150, 170): 0.7,
}
_WALL: dict[Paint, float] = {
    (224, 220, 210): 3,  # whitewash
    (150, 148, 144): 3,  # concrete
    (104, 102, 100): 1.5,
    (196, 176, 140): 1.5,  # sandstone
    (170, 104, 80): 1,  # terracotta
    (92, 108, 120): 1,
    (212, 184, 92): 0.7,  # yellow wash
    (122, 146, 128): 0.7,  # green wash
}
_WOOD: dict[Paint, float] = {
    (196, 152, 98): 3,  # oak
    (222, 190, 142): 2,  # pine
    (130, 84, 50): 2,  # walnut
    (86, 52, 36): 1,
    (150, 140, 128): 1,  # weathered
}
_METAL: dict[Paint, float] = {(176, 178, 182): 3, (120, 122, 128): 2, (204, 178, 112): 1, (60, 62, 66): 1}

_ANCHORS: dict[str, Weighted[Paint]] = {
    "paint": Weighted(_PAINT),
    "paper": Weighted(_PAPER),
    "fabric": Weighted(_CLOTH),
    "wall": Weighted(_WALL),
    "wall-wood": Weighted(_WOOD),
    "wall-brushed": Weighted(_METAL),
}
_SPREAD = {"paint": 16.0, "paper": 7.0, "fabric": 16.0, "wall": 14.0}


def draw_color(draws: Draws, material: str) -> Paint:
    """Return a colour that a material comes in: `paint`, or a texture's name or kind."""
    kind = material.split("-", 1)[0]
    anchors = _ANCHORS.get(material) or _ANCHORS[kind]
    red, green, blue = anchors.draw(draws)
    spread = _SPREAD[kind]
    lightness = draws.signed(spread)
    return (
        min(255.0, max(0.0, red + lightness + draws.signed(spread * 0.5))),
        min(255.0, max(0.0, green + lightness + draws.signed(spread * 0.5))),
        min(255.0, max(0.0, blue + lightness + draws.signed(spread * 0.5))),
    )


def colored(gray: Image, color: Paint, contrast: float) -> Image:
    """Return (H, W, 3) RGB of a texture, (H, W) with mean 128 and deviation 32, in a colour.

    Args:
        contrast: standard deviation in gray levels on a white ground; on darker grounds less, as shading is.
    """
    planes = []
    for channel in color:
        gain = contrast * (0.3 + 0.7 / 255.0 * channel) / 32.0
        offset = channel - 128.0 * gain
        if offset < 0.0:
            planes.append(cv2.addWeighted(gray, gain, gray, 0.0, offset))
        else:  # the same for what is never below 0, and faster
            planes.append(cv2.convertScaleAbs(gray, alpha=gain, beta=offset))
    return cv2.merge(planes)  # type: ignore[return-value]


def blended(ramp: Image, stops: Sequence[Paint]) -> Image:
    """Return (H, W, 3) RGB from the first colour, where the (H, W) ramp is 0, to the second, at 255."""
    first, second = stops
    planes = [
        cv2.convertScaleAbs(ramp, alpha=(end - start) / 255.0, beta=start)
        for start, end in zip(first, second, strict=True)
    ]
    return cv2.merge(planes)  # type: ignore[return-value]


def flat(size_wh: tuple[int, int], color: Paint) -> Image:
    """Return (H, W, 3) RGB of one colour."""
    width, height = size_wh
    image = np.empty((height, width, 3), np.uint8)
    image[0] = (int(color[0]), int(color[1]), int(color[2]))
    image[1:] = image[0]
    return image
