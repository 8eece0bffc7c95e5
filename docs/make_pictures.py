"""Makes the pictures of the guides: a contact sheet for each preset, a strip for each effect.

Run `python docs/make_pictures.py` in the checkout after a change that alters what samples look like.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from synthtext.api import load_config, open_assets, preset_names, samples
from synthtext.effects.table import EFFECTS, Effect
from synthtext.geometry import Image
from synthtext.paths import data_dir
from synthtext.preview import contact_sheet

OUT = Path(__file__).resolve().parent / "images"
EFFECT_LIMIT = 30_000
SHEET_LIMIT = 200_000
SHEET_W = 1200
PLAIN_SAMPLE = 18

# What is drawn in a strip: the arguments of the effect at three strengths.
STRENGTHS: dict[str, tuple[dict[str, float], ...]] = {
    "lines": (
        {"start": 0.75, "end": 0.6, "thickness_frac": 0.012, "value": 40, "hue": 0},
        {"start": 0.35, "end": 0.7, "thickness_frac": 0.025, "value": 200, "hue": 1},
        {"start": 0.6, "end": 0.3, "thickness_frac": 0.04, "value": 20, "hue": 0},
    ),
    "shade": (
        {"dark": 0.9, "bright": 1.0, "angle_deg": 0, "bend": 0},
        {"dark": 0.75, "bright": 1.1, "angle_deg": 30, "bend": 0},
        {"dark": 0.6, "bright": 1.15, "angle_deg": 0, "bend": 1},
    ),
    "blur": ({"sigma_frac": 0.006}, {"sigma_frac": 0.016}, {"sigma_frac": 0.028}),
    "motion_blur": (
        {"length_frac": 0.04, "angle_deg": 20},
        {"length_frac": 0.08, "angle_deg": 20},
        {"length_frac": 0.13, "angle_deg": 20},
    ),
    "resample": ({"scale": 0.85}, {"scale": 0.6}, {"scale": 0.38}),
    "exposure": (
        {"gain": 1.1, "bias": 10},
        {"gain": 1.25, "bias": 30},
        {"gain": 0.7, "bias": -30},
    ),
    "tint": (
        {"red": 1.05, "green": 1.0, "blue": 0.95},
        {"red": 1.12, "green": 1.0, "blue": 0.85},
        {"red": 0.85, "green": 1.0, "blue": 1.12},
    ),
    "noise": (
        {"sigma": 3, "color": 0, "at_x": 0.2, "at_y": 0.3},
        {"sigma": 8, "color": 0, "at_x": 0.2, "at_y": 0.3},
        {"sigma": 14, "color": 1, "at_x": 0.2, "at_y": 0.3},
    ),
    "jpeg": ({"quality": 70}, {"quality": 45}, {"quality": 28}),
}
TITLES = ("none", "weak", "medium", "strong")

# The situations of the table of colours, by the picture that shows them.
SITUATIONS = {
    "signs": ("road-sign", "street-plate", "licence-plate", "shop-sign", "plaque", "warning"),
    "screens": ("led", "lcd", "display", "terminal", "neon", "web"),
    "paper": ("print", "book", "receipt", "form", "pen", "stamp", "carton", "red-paper", "label", "blueprint"),
    "cloth": ("banner", "pennant", "clothing", "canvas-bag"),
    "walls": ("wall-paint", "stone", "metal", "chalk", "whiteboard"),
    "design": ("packaging", "medicine", "poster"),
    "photographs": ("subtitle", "caption", "title"),
}

_GAP = 10
_ROW_W = 760
_TITLE_W = 120
_TITLE_H = 22
_GROUND = (244, 244, 241)


def main() -> None:
    """Write all pictures."""
    for folder in ("effects", "colours"):
        (OUT / folder).mkdir(parents=True, exist_ok=True)
    plain = _plain_crop()
    for effect in EFFECTS:
        _write(OUT / "effects" / f"{effect.name}.jpg", effect_strip(effect, plain), EFFECT_LIMIT)
    for number, name in enumerate(preset_names()):
        _write(OUT / f"{name}.jpg", preset_sheet(name, 24 * number), SHEET_LIMIT)
    for page, names in SITUATIONS.items():
        _write(OUT / "colours" / f"{page}.jpg", situation_sheet(names), SHEET_LIMIT)
    _write(OUT / "colours" / "sources.jpg", source_sheet(), SHEET_LIMIT)


def situation_sheet(names: Sequence[str]) -> Image:
    """Return a row of crops for each situation of the table of colours, with its name."""
    table = open_assets(load_config("rec-zh", sets=["ink.source={pair: 1}"]), 0).schemes.table
    if table is None:
        raise ValueError("pairs are asked for, but no table was read")
    rows = []
    for name in names:
        on = {place.split("-")[0] for pair in table.pairs if pair.situation == name for place in pair.on}
        kinds = ", ".join(f"{kind}: 1" for kind in sorted(on))
        rows.append(
            _crops_row([f"ink.situations={{{name}: 1}}", "ink.source={pair: 1}", f"background.kinds={{{kinds}}}"])
        )
    return _titled_rows(rows, names)


def source_sheet() -> Image:
    """Return rows of crops on photographs for each source of colours."""
    names = ("tone", "palette", "pair")
    return _titled_rows(
        [_crops_row([f"ink.source={{{name}: 1}}", "background.kinds={photo: 1}"]) for name in names], names
    )


def _crops_row(sets: Sequence[str]) -> Image:
    """Return crops side by side, as many as there is room for."""
    config = load_config("rec-zh", sets=["text.length={min: 2, max: 7, mean: 4}", *sets])
    row = np.empty((48, _ROW_W, 3), np.uint8)
    row[:] = _GROUND
    left = 0
    for made in samples(config, 40, start=100):
        image = made.image
        if image.shape[0] == row.shape[0] and left + image.shape[1] <= _ROW_W:
            row[:, left : left + image.shape[1]] = image
            left += image.shape[1] + 6
    return row


def _titled_rows(rows: Sequence[Image], titles: Sequence[str]) -> Image:
    sheet = np.empty((_GAP + len(rows) * (48 + _GAP), _TITLE_W + _ROW_W + _GAP, 3), np.uint8)
    sheet[:] = _GROUND
    for number, row in enumerate(rows):
        top = _GAP + number * (48 + _GAP)
        sheet[top : top + 48, _TITLE_W : _TITLE_W + _ROW_W] = row
    canvas = Pillow.fromarray(sheet)
    pen = ImageDraw.Draw(canvas)
    font = ImageFont.truetype(str(data_dir("fonts") / "scripts" / "NotoSans-Regular.ttf"), 15)
    for number, title in enumerate(titles):
        pen.text((_GAP, _GAP + number * (48 + _GAP) + 14), title, (40, 40, 44), font)
    return np.array(canvas)


def effect_strip(effect: Effect, crop: Image) -> Image:
    """Return a crop without an effect and with it in three strengths, side by side, with titles."""
    pictures = [crop, *(effect.function(crop, **values) for values in STRENGTHS[effect.name])]
    height, width = crop.shape[:2]
    strip = np.empty((height + _TITLE_H + 2 * _GAP, (width + _GAP) * len(pictures) + _GAP, 3), np.uint8)
    strip[:] = _GROUND
    for number, picture in enumerate(pictures):
        left = _GAP + number * (width + _GAP)
        strip[_GAP + _TITLE_H : _GAP + _TITLE_H + height, left : left + width] = picture
    canvas = Pillow.fromarray(strip)
    pen = ImageDraw.Draw(canvas)
    font = ImageFont.truetype(str(data_dir("fonts") / "scripts" / "NotoSans-Regular.ttf"), 15)
    for number, title in enumerate(TITLES):
        pen.text((_GAP + number * (width + _GAP), _GAP - 4), title, (40, 40, 44), font)
    return np.array(canvas)


def preset_sheet(name: str, start: int) -> Image:
    """Return a contact sheet of 24 samples of a preset (of 9 pages), from sample `start` on."""
    config = load_config(name)
    made = list(samples(config, 24 if config.page is None else 9, start=start))
    # Columns stand in one row; there is no room for their texts below them.
    column = config.text.direction == "ttb"
    sheet = contact_sheet(made, 24 if column else 3, captions=not column)
    scale = min(1.0, SHEET_W / sheet.shape[1])
    size_wh = round(sheet.shape[1] * scale), round(sheet.shape[0] * scale)
    return cv2.resize(sheet, size_wh, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _plain_crop() -> Image:
    """Return a crop that no effect has touched."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder) / "line.txt"
        corpus.write_text("春风又绿", "utf-8")
        quiet = [f"effects.{effect.name}.chance=0" for effect in EFFECTS]
        chances = ["ink.stroke", "ink.shadow", "ink.opacity", "place.rotation", "place.perspective", "place.slant"]
        quiet += [f"{name}_chance=0" for name in chances]
        config = load_config(
            "rec-zh",
            {"text.corpora": [str(corpus)]},
            [
                *quiet,
                "text.mix={lines: 1}",
                "text.full_width=0",
                "intrude.side_chance=0",
                "background.kinds={photo: 1}",
                "ink.contrast=[60, 80]",
            ],
        )
        return next(samples(config, 1, start=PLAIN_SAMPLE)).image


def _write(path: Path, picture: Image, limit: int) -> None:
    quality = 85
    while True:
        _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), (cv2.IMWRITE_JPEG_QUALITY, quality))
        if len(data) < limit:
            break
        quality -= 5
    path.write_bytes(data.tobytes())
    sys.stdout.write(f"{path.relative_to(OUT.parent)}: {len(data) / 1000:.0f} kB, quality {quality}\n")


if __name__ == "__main__":
    main()
