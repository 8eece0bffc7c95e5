"""Scenes whose captions are known: a carrier, a colour and a direction of text on a shipped photograph, all crossed.

Any carrier comes with any colour in any direction, so that a query of two attributes is true for few scenes and no
attribute gives another one away.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from synthtext.geometry import Image as Pixels

ROOT = Path(__file__).resolve().parents[2]
SIZE_PX = 96
CARRIERS = {
    "pennant": "锦旗",
    "banner": "横幅",
    "LED ticker": "滚动屏",
    "neon sign": "霓虹灯",
    "sticker": "贴纸",
    "receipt": "小票",
}
COLOURS = {
    "red": ("红", (215, 30, 35)),
    "green": ("绿", (40, 190, 60)),
    "blue": ("蓝", (45, 80, 225)),
    "yellow": ("黄", (250, 220, 40)),
    "white": ("白", (250, 250, 250)),
    "black": ("黑", (15, 15, 15)),
}
DIRECTIONS = {"horizontal": "横排", "vertical": "竖排"}
_LETTERS = "ABDEFGHKLMNPRSTUVXYZ2345678大小中人口上下天日月山水田目王"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen."""

    carrier: str
    colour: str
    direction: str

    @property
    def caption(self) -> str:
        """In English."""
        return f"a {self.carrier} with {self.direction} {self.colour} text"

    @property
    def chinese(self) -> str:
        """In Chinese."""
        return f"{CARRIERS[self.carrier]}上有{DIRECTIONS[self.direction]}的{COLOURS[self.colour][0]}字"

    def captions(self) -> list[str]:
        """All that may be said of it, from all of it to two attributes."""
        zh = COLOURS[self.colour][0]
        return [
            self.caption,
            f"a {self.carrier} with {self.colour} text",
            f"{self.colour} text on a {self.carrier}",
            f"{self.direction} {self.colour} text",
            f"a {self.carrier} with {self.direction} text",
            self.chinese,
            f"{CARRIERS[self.carrier]}上有{zh}字",
            f"{DIRECTIONS[self.direction]}的{zh}字",
            f"{CARRIERS[self.carrier]}上有{DIRECTIONS[self.direction]}的字",
        ]


ALL = tuple(Scene(*parts) for parts in itertools.product(CARRIERS, COLOURS, DIRECTIONS))


def draw(scene: Scene, seed: int) -> Pixels:
    """Return (SIZE_PX, SIZE_PX, 3) uint8 RGB; another seed, another picture of the same scene."""
    rng = np.random.default_rng([seed, ALL.index(scene)])
    page = _photograph(rng)
    tall = scene.direction == "vertical"
    long, short = rng.integers(72, 92), rng.integers(34, 46)
    wide, high = (short, long) if tall else (long, short)
    carrier = _carrier(scene.carrier, int(wide), int(high), rng)
    text = _text(scene, int(wide), int(high), rng)
    _lettered(carrier, text, scene)
    angle = float(rng.uniform(-9, 9))
    turned = carrier.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    at = [int(rng.integers(0, max(1, SIZE_PX - side))) for side in turned.size]
    page.paste(turned, (at[0], at[1]), turned)
    image = np.asarray(page, np.float32)
    image = image * rng.uniform(0.85, 1.12) + rng.normal(0, 5, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def bare(seed: int) -> Pixels:
    """Return (SIZE_PX, SIZE_PX, 3) uint8 RGB of a photograph on which nothing is written: whole, or a part of one."""
    rng = np.random.default_rng([seed, len(ALL)])
    if rng.integers(2):
        image = np.asarray(_photograph(rng), np.float32)
    else:
        photographs = _photographs()
        whole = photographs[int(rng.integers(0, len(photographs)))]
        image = cv2.resize(whole, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    image = image * rng.uniform(0.85, 1.12) + rng.normal(0, 5, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def _text(scene: Scene, wide: int, high: int, rng: np.random.Generator) -> Image.Image:
    """Return a mask of some letters that fills most of the carrier."""
    tall = scene.direction == "vertical"
    size = int(min(wide, high) * 0.72)
    count = max(2, int(max(wide, high) * 0.86 / size))
    letters = [_LETTERS[i] for i in rng.integers(0, len(_LETTERS), count)]
    mask = Image.new("L", (wide, high), 0)
    pen = ImageDraw.Draw(mask)
    font = _font(size)
    for place, letter in enumerate(letters):
        along = (place + 0.5) * max(wide, high) / count
        at = (wide / 2, along) if tall else (along, high / 2)
        pen.text(at, letter, 255, font, anchor="mm")
    return mask


def _carrier(kind: str, wide: int, high: int, rng: np.random.Generator) -> Image.Image:
    """Return an RGBA picture of something to write on; its own colour says nothing about that of the text."""
    grounds = {"LED ticker": (45, 45, 50), "neon sign": (70, 40, 80), "receipt": (200, 200, 195)}
    cloth = tuple(int(v) for v in rng.integers(95, 165, 3))
    picture = Image.new("RGBA", (wide, high), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    ground = grounds.get(kind, cloth)
    if kind == "pennant":
        cut = high * 0.16
        pen.polygon([(0, 0), (wide - 1, 0), (wide - 1, high - cut), (wide / 2, high - 1), (0, high - cut)], ground)
        pen.line([(0, high - cut), (wide / 2, high - 2), (wide - 1, high - cut)], (230, 190, 60), 4)
        pen.rectangle([0, 0, wide - 1, 3], (120, 80, 40))
    elif kind == "sticker":
        pen.rounded_rectangle([0, 0, wide - 1, high - 1], min(wide, high) // 2, ground, (255, 255, 255), 4)
    elif kind == "banner":
        pen.rectangle([0, 0, wide - 1, high - 1], ground)
        for corner in ((3, 3), (wide - 4, 3), (3, high - 4), (wide - 4, high - 4)):
            pen.ellipse([corner[0] - 3, corner[1] - 3, corner[0] + 3, corner[1] + 3], (245, 245, 245), (20, 20, 20))
        for fold in range(0, max(wide, high), 9):
            start, end = ((fold, 0), (fold, high)) if wide > high else ((0, fold), (wide, fold))
            pen.line([start, end], tuple(max(0, v - 28) for v in ground), 2)
    elif kind == "receipt":
        pen.rectangle([0, 0, wide - 1, high - 1], ground)
        step = 5
        edge = [(x, high - 1 - (x // step % 2) * 4) for x in range(0, wide, step)]
        pen.line(edge, (120, 120, 120), 2)
        for row in range(3, high, 4):
            pen.line([(3, row), (wide - 4, row)], (150, 150, 148), 1)
    else:
        pen.rectangle([0, 0, wide - 1, high - 1], ground, (15, 15, 15), 2)
    return picture


def _lettered(carrier: Image.Image, text: Image.Image, scene: Scene) -> None:
    colour = COLOURS[scene.colour][1]
    if scene.carrier == "LED ticker":
        dots = Image.new("L", text.size, 0)
        pen = ImageDraw.Draw(dots)
        for x, y in itertools.product(range(1, text.width, 4), range(1, text.height, 4)):
            carrier.putpixel((x, y), (85, 85, 85, 255))
            pen.ellipse([x - 1, y - 1, x + 1, y + 1], 255)
        text = Image.fromarray(np.minimum(np.asarray(text), np.asarray(dots)))
    elif scene.carrier == "neon sign":
        halo = text.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3))
        carrier.paste(colour, mask=halo.point(lambda v: int(v * 0.7)))
        core = np.asarray(text.filter(ImageFilter.MinFilter(3)))
        edge = np.clip(np.asarray(text).astype(int) - core // 2, 0, 255).astype(np.uint8)
        text = Image.fromarray(edge)
    carrier.paste(colour, mask=text)


def _photograph(rng: np.random.Generator) -> Image.Image:
    photographs = _photographs()
    image = photographs[int(rng.integers(0, len(photographs)))]
    side = int(rng.integers(SIZE_PX, min(image.shape[:2])))
    top, left = (int(rng.integers(0, extent - side + 1)) for extent in image.shape[:2])
    cut = cv2.resize(image[top : top + side, left : left + side], (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
    return Image.fromarray(cut)


@cache
def _photographs() -> list[Pixels]:
    files = sorted((ROOT / "backgrounds/cc0").glob("*.jpg"))[::3]
    images = [cv2.imread(str(file), cv2.IMREAD_REDUCED_COLOR_4)[:, :, ::-1] for file in files]
    return [np.ascontiguousarray(image) for image in images if min(image.shape[:2]) > SIZE_PX + 8]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    file = next(iter(sorted((ROOT / "fonts/zh").glob("*Sans*Bold*")) or sorted((ROOT / "fonts/zh").glob("*.otf"))))
    return ImageFont.truetype(file, size)


def sheet(images: list[Pixels], columns: int = 12) -> Pixels:
    """Return pictures in a grid."""
    rows = math.ceil(len(images) / columns)
    page = np.full((rows * (SIZE_PX + 2), columns * (SIZE_PX + 2), 3), 255, np.uint8)
    for place, image in enumerate(images):
        y, x = place // columns * (SIZE_PX + 2), place % columns * (SIZE_PX + 2)
        page[y : y + SIZE_PX, x : x + SIZE_PX] = image
    return page
