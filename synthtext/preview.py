"""Samples to look at: a sheet of crops with their texts, and quads drawn on the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import cv2
import freetype
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from synthtext.geometry import Floats, Image
from synthtext.labels.maps import MapStyle, score_maps
from synthtext.paths import data_dir
from synthtext.values import Color, Sample, TextInstance
from synthtext.writers.disk import file_error, replace_file

Boxes = Literal["chars", "words", "lines"]

INK_COLOR: Color = (0, 170, 60)
CELL_COLOR: Color = (245, 150, 30)
WORD_COLOR: Color = (40, 110, 230)
LINE_COLOR: Color = (225, 30, 40)
IGNORED_COLOR: Color = (150, 150, 150)
REGION_COLOR: Color = (255, 60, 40)
AFFINITY_COLOR: Color = (60, 140, 255)

_SHEET_W = 1680
_LEAST_CELL_W = 96
_COLUMNS, _TALL_COLUMNS = 3, 12
_MOST_CELL_H = 960
_GAP = 14
_GROUND: Color = (244, 244, 241)
_CAPTION_COLOR: Color = (40, 40, 44)
_CAPTION_PX = 15
_CAPTION_H = 24
_CAPTION_FACES = (
    "zh/NotoSansSC-Regular.otf",
    "scripts/NotoSans-Regular.ttf",
    "ja/NotoSansJP-Regular.otf",
    "ko/NotoSansKR-Regular.otf",
    "zh_hant/NotoSansTC-Regular.otf",
    "scripts/Amiri-400.ttf",
    "scripts/Mukta-500.ttf",
    "scripts/Prompt-400.ttf",
    "scripts/Rubik-700.ttf",
    "scripts/NotoSansBengali-Regular.ttf",
    "scripts/NotoSansTamil-Regular.ttf",
    "scripts/NotoSansTelugu-Regular.ttf",
)
_SHIFT = 4  # polylines take coordinates in sixteenths of a pixel


def contact_sheet(
    samples: Sequence[Sample],
    columns: int = 4,
    boxes: Boxes | None = None,
    captions: bool = True,
    maps: MapStyle | None = None,
) -> Image:
    """Return a sheet (H, W, 3) uint8 RGB with the samples in rows, left to right.

    Pictures stand at their own size; only those wider than a column, or very tall ones, are reduced.

    Args:
        columns: samples in a row.
        boxes: what to outline: `chars` with ink and cell quads, `words` or `lines`.
        captions: write each sample's text under it; pages have too many.
        maps: lay CRAFT's score maps over the pictures: characters in red, what links them in blue.

    Raises:
        ValueError: no samples, or no columns.
    """
    if not samples or columns < 1:
        raise ValueError("a contact sheet needs at least one sample and one column")
    captions = captions and all(len(sample.instances) == 1 for sample in samples)
    most_w = max(_LEAST_CELL_W, (_SHEET_W - _GAP) // columns - _GAP)
    pictures = [picture(sample, boxes, most_w, maps) for sample in samples]
    cell_w = max(shown.shape[1] for shown in pictures)
    if captions:  # a column of text is narrower than its caption
        longest = max(_caption_font(_caption_face(sample.text)).getlength(sample.text) for sample in samples)
        cell_w = min(most_w, max(cell_w, math.ceil(longest)))
    below = _CAPTION_H if captions else 0
    rows = [range(start, min(start + columns, len(pictures))) for start in range(0, len(pictures), columns)]
    heights = [max(pictures[n].shape[0] for n in row) + below for row in rows]
    size_wh = _GAP + min(columns, len(pictures)) * (cell_w + _GAP), _GAP + sum(heights) + _GAP * len(rows)
    sheet = np.empty((size_wh[1], size_wh[0], 3), np.uint8)
    sheet[:] = _GROUND
    places: list[tuple[int, int]] = []
    top = _GAP
    for row, height in zip(rows, heights, strict=True):
        for column, number in enumerate(row):
            shown, left = pictures[number], _GAP + column * (cell_w + _GAP)
            sheet[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
            places.append((left, top + shown.shape[0]))
        top += height + _GAP
    return _captioned(sheet, [sample.text for sample in samples], places, cell_w) if captions else sheet


def usual_columns(samples: Sequence[Sample]) -> int:
    """Return how many samples stand well in a row: three, of columns of text as many as have room."""
    tall = sum(sample.size_wh[1] > 2 * sample.size_wh[0] for sample in samples)
    return _TALL_COLUMNS if 2 * tall > len(samples) else _COLUMNS


def write_sheet(path: Path, sheet: Image) -> None:
    """Write a sheet as PNG, or as JPEG where the name says so.

    Raises:
        RunError: the disk refuses.
    """
    suffix = ".jpg" if path.suffix.lower() in (".jpg", ".jpeg") else ".png"
    _, data = cv2.imencode(suffix, cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    try:
        replace_file(path, data.tobytes())
    except OSError as error:
        raise file_error(error, path) from error


def draw_quads(image: Image, quads: Floats, color: Color, thickness: int = 1) -> Image:
    """Return a copy of the image with outlines drawn on it.

    Args:
        image: (H, W, 3) uint8 RGB.
        quads: (N, P, 2) float32 pixels, or one (P, 2); in the edge convention.
        thickness: of the lines, pixels.
    """
    drawn = image.copy()
    outlines = np.asarray(quads, np.float32)
    outlines = outlines.reshape(-1, *outlines.shape[-2:])
    # OpenCV counts from pixel centres; far outside its fixed-point numbers would overflow.
    points = np.clip(outlines - 0.5, -(2.0**14), 2.0**14) * 2.0**_SHIFT
    cv2.polylines(drawn, list(np.round(points).astype(np.int32)), True, color, thickness, cv2.LINE_AA, _SHIFT)
    return drawn


def picture(sample: Sample, boxes: Boxes | None = None, most_w: int = _SHEET_W, maps: MapStyle | None = None) -> Image:
    """Return a sample's image in colour, reduced to a width if it is wider, with its outlines and score maps.

    Args:
        boxes, maps: as `contact_sheet`.
    """
    image = sample.image
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)  # type: ignore[assignment]
    if maps is not None:
        image = _heated(image, sample, maps)
    height, width = image.shape[:2]
    scale = min(1.0, most_w / width, _MOST_CELL_H / height)
    if scale < 1.0:
        fitted_wh = max(1, round(width * scale)), max(1, round(height * scale))
        image = cv2.resize(image, fitted_wh, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    for instance in sample.instances if boxes else ():
        image = _outlined(image, instance, boxes, scale)
    return image


def _heated(image: Image, sample: Sample, maps: MapStyle) -> Image:
    """Return the image, darkened, with heat over it."""
    size_wh = sample.size_wh
    region, affinity = (
        cv2.resize(heat.astype(np.float32), size_wh, interpolation=cv2.INTER_NEAREST)
        for heat in score_maps(sample.instances, size_wh, replace(maps, depth="float32"))
    )
    shown = image.astype(np.float32) * 0.55
    for heat, color in ((region, REGION_COLOR), (affinity, AFFINITY_COLOR)):
        weight = 0.75 * np.asarray(heat)[:, :, None]
        shown = shown * (1.0 - weight) + np.array(color, np.float32) * weight
    return np.round(shown).astype(np.uint8)


def _outlined(image: Image, instance: TextInstance, boxes: Boxes | None, scale: float) -> Image:
    ratio = np.float32(scale)
    if boxes == "chars":
        image = draw_quads(image, instance.cell_quads * ratio, CELL_COLOR)
        image = draw_quads(image, instance.ink_quads * ratio, INK_COLOR)
    elif boxes == "words":
        for word in instance.word_polygons:
            image = draw_quads(image, word * ratio, WORD_COLOR)
    color = LINE_COLOR if instance.ignore is None else IGNORED_COLOR
    return draw_quads(image, instance.polygon * ratio, color)


def _captioned(sheet: Image, texts: Sequence[str], places: Sequence[tuple[int, int]], width_px: int) -> Image:
    """Return the sheet with a text, cut to a width, under each place (left, top)."""
    canvas = Pillow.fromarray(sheet)
    pen = ImageDraw.Draw(canvas)
    for text, (left, top) in zip(texts, places, strict=True):
        font = _caption_font(_caption_face(text))
        pen.text((left, top + 3), _cut(text, font, width_px), _CAPTION_COLOR, font)
    return np.array(canvas)


def _cut(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> str:
    """Return the longest beginning of a text that is no wider, with an ellipsis where something was cut."""
    if font.getlength(text) <= width_px:
        return text
    kept = text
    while kept and font.getlength(kept + "…") > width_px:
        kept = kept[: min(len(kept) - 1, int(len(kept) * width_px / font.getlength(kept)) + 1)]
    return kept + "…"


def _caption_face(text: str) -> str:
    """Return the shipped face that draws most of a text."""
    return max(_CAPTION_FACES, key=lambda name: sum(_has(name, char) for char in text))


@lru_cache(maxsize=8192)
def _has(name: str, char: str) -> bool:
    return bool(_face(name).get_char_index(char))


@lru_cache(maxsize=len(_CAPTION_FACES))
def _face(name: str) -> freetype.Face:
    return freetype.Face(str(data_dir("fonts") / name))


@lru_cache(maxsize=len(_CAPTION_FACES))
def _caption_font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(data_dir("fonts") / name), _CAPTION_PX)
