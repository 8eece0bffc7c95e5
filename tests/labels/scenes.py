"""Pictures with several lines of text, put together by hand: what a page's labels and files are tested on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthtext.geometry import Floats, Transform, Warp
from synthtext.instance import Direction
from synthtext.values import Provenance, Sample, TextInstance

PAGE_WH = (640, 360)


def instance(text: str, warp: Transform, direction: Direction = "ltr", char_px: float = 24.0) -> TextInstance:
    """Return a line of square characters, `char_px` each, that starts at the layer's origin; spaces are half as wide.

    Ink fills a character's cell but for a tenth on each side.
    """
    chars: list[str] = []
    words: list[int] = []
    cells: list[list[float]] = []
    at, word = 0.0, 0
    for char in text:
        if char == " ":
            at, word = at + 0.5 * char_px, word + 1
            continue
        chars.append(char)
        words.append(word)
        cells.append([0.0, at, char_px, at + char_px] if direction == "ttb" else [at, 0.0, at + char_px, char_px])
        at += char_px
    if direction == "rtl":
        cells = [[at - x1, y0, at - x0, y1] for x0, y0, x1, y1 in cells]
    boxes = np.array(cells, np.float32)
    margin = np.array([1, 1, -1, -1], np.float32) * np.float32(0.1 * char_px)
    return TextInstance(text, tuple(chars), tuple(words), boxes + margin, boxes, warp, direction)


def at(x: float, y: float, degrees: float = 0.0, scale: float = 1.0) -> Warp:
    """Return the warp that turns clockwise, scales, and moves the origin to a point."""
    turn = np.radians(degrees)
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    return Warp(np.array([[cos, -sin, x], [sin, cos, y], [0.0, 0.0, 1.0]]))


def tilted(x: float, y: float) -> Warp:
    """Return a warp with perspective whose origin lies at a point."""
    return Warp(np.array([[1.0, 0.15, x], [-0.1, 1.1, y], [2e-4, 4e-4, 1.0]]))


def page(index: int = 0) -> Sample:
    """Return a picture with a straight, a turned, a tilted, an upright and an ignored line; they differ by index."""
    shift = 3.0 * (index % 7)
    lines = (
        instance(f"中文 {index}", at(40 + shift, 30)),
        replace(instance("Hello, world", at(60, 120 + shift, 12.0), char_px=18.0), category="filled"),
        instance('Zürich "5, #3"', tilted(300, 60 + shift), char_px=20.0),
        instance("大減價", at(560 - shift, 100), "ttb", 40.0),
        replace(instance("tiny", at(30, 330), char_px=5.0), ignore="too small"),
    )
    width, height = PAGE_WH
    image = np.full((height, width, 3), 200, np.uint8)
    image[:, :, 1] = np.linspace(0, 255, width).astype(np.uint8)
    for line in lines:
        for x, y in line.cell_quads.mean(axis=1).astype(int).tolist():
            image[y - 2 : y + 2, x - 2 : x + 2] = 0
    made = Provenance(index, 0, "words", ("face",), "photo", ("blur",), 30.0, 24.0)
    return Sample(image, lines, made, 90)


def corners(*points: tuple[float, float]) -> Floats:
    """Return points as an outline (P, 2)."""
    return np.array(points, np.float32)
