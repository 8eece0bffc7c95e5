"""Makes the pictures of the guides: a contact sheet for each preset, a strip for each effect.

Run `python docs/make_pictures.py` in the checkout after a change that alters what samples look like.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import cv2
import numpy as np
from effect_strengths import STRENGTHS
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from synthtext.api import load_config, open_assets, preset_names, samples
from synthtext.decoration.table import DECORS
from synthtext.effects.table import EFFECTS, Effect
from synthtext.geometry import Image
from synthtext.labels.maps import MapStyle
from synthtext.lettering.table import STYLES
from synthtext.paths import data_dir
from synthtext.preview import INK_COLOR, LINE_COLOR, contact_sheet, draw_quads
from synthtext.stages.bend import Kind

OUT = Path(__file__).resolve().parent / "images"
EFFECT_LIMIT = 30_000
BEND_LIMIT = 45_000
SHEET_LIMIT = 200_000
SHEET_W = 1200
PLAIN_SAMPLE = 25

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
_BEND_H = 72
_BEND_SAMPLE = 200
_TITLE_W = 120
_TITLE_H = 22
_GROUND = (244, 244, 241)


def main() -> None:
    """Write all pictures, or with `--effects` those of effects alone."""
    for folder in ("effects", "colours", "lettering", "bends"):
        (OUT / folder).mkdir(parents=True, exist_ok=True)
    plain = _plain_crop()
    for effect in EFFECTS:
        _write(OUT / "effects" / f"{effect.name}.jpg", effect_strip(effect, plain), EFFECT_LIMIT)
    if "--effects" in sys.argv[1:]:
        return
    for number, name in enumerate(preset_names()):
        _write(OUT / f"{name}.jpg", preset_sheet(name, 24 * number), SHEET_LIMIT)
    _write(OUT / "score-maps.jpg", maps_sheet(), SHEET_LIMIT)
    for page, names in SITUATIONS.items():
        _write(OUT / "colours" / f"{page}.jpg", situation_sheet(names), SHEET_LIMIT)
    _write(OUT / "colours" / "sources.jpg", source_sheet(), SHEET_LIMIT)
    for section, table in (("lettering", STYLES), ("decorate", DECORS)):
        for group in dict.fromkeys(style.group for style in table):
            members = [style.name for style in table if style.group == group]
            _write(OUT / "lettering" / f"{group}.jpg", style_sheet(section, members), SHEET_LIMIT)
    for kind in get_args(Kind):
        _write(OUT / "bends" / f"{kind}.jpg", bend_strip(kind), BEND_LIMIT)


def bend_strip(kind: str) -> Image:
    """Return crops whose text is bent in one way, and below them the same crops with their labels."""
    quiet = [f"effects.{effect.name}.chance=0" for effect in EFFECTS]
    config = load_config(
        "rec-en-word",
        sets=[
            *quiet,
            "bend.chance=1",
            f"bend.kinds={{{kind}: 1}}",
            "bend.light=[0.3, 0.5]",
            "text.length={min: 6, max: 11, mean: 8}",
            "text.mix={words: 1}",
            f"crop.height={_BEND_H}",
            "ink.contrast=[40, 80]",
            "place.perspective_chance=0",
            "intrude.side_chance=0",
            "background.kinds={photo: 0.3, paper: 0.3, fabric: 0.4}",
        ],
    )
    strip = np.empty((2 * _BEND_H + 3 * _GAP, _ROW_W + _TITLE_W, 3), np.uint8)
    strip[:] = _GROUND
    left = _GAP
    for made in samples(config, 30, start=_BEND_SAMPLE):
        picture, instance = made.image, made.instances[0]
        width = picture.shape[1]
        if left + width + _GAP > strip.shape[1]:
            continue
        labelled = draw_quads(draw_quads(picture, instance.ink_quads, INK_COLOR), instance.polygon, LINE_COLOR)
        for row, shown in enumerate((picture, labelled)):
            top = _GAP + row * (_BEND_H + _GAP)
            strip[top : top + _BEND_H, left : left + width] = shown
        left += width + _GAP
    return strip[:, :left]


def maps_sheet() -> Image:
    """Return two scenes with their lines and score maps."""
    config = load_config("scene", sets=["page.sizes={640x480: 1}", "page.lines=[8, 14]", "page.em_px=[18, 60]"])
    return contact_sheet(list(samples(config, 2, start=2)), 2, "lines", maps=MapStyle())


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


def style_sheet(section: str, names: Sequence[str]) -> Image:
    """Return a row of crops for each style or decoration, with its name."""
    chances = ["ink.stroke", "ink.shadow", "ink.opacity", "place.rotation", "place.perspective", "place.slant"]
    quiet = ["effects=[]", "intrude.side_chance=0", *(f"{name}_chance=0" for name in chances)]
    quiet += ["fonts.styles={pixel: 0, handwriting: 0, script: 0}", "ink.contrast=[40, 80]"]
    return _titled_rows([_crops_row([*quiet, f"{section}.{name}.chance=1"], name) for name in names], names)


def _crops_row(sets: Sequence[str], shows: str = "") -> Image:
    """Return crops side by side, as many as there is room for; those alone that show a style, where one is named."""
    config = load_config("rec-zh", sets=["text.length={min: 2, max: 7, mean: 4}", *sets])
    row = np.empty((48, _ROW_W, 3), np.uint8)
    row[:] = _GROUND
    left = 0
    for made in samples(config, 40, start=100):
        image = made.image
        if shows and shows not in made.provenance.effects:
            continue
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
    pictures = [crop, *(effect.apply(crop, values) for values in STRENGTHS[effect.name])]
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
        chances = ["ink.stroke", "ink.shadow", "ink.opacity", "ink.bold", "layout.jitter"]
        chances += ["place.rotation", "place.perspective", "place.slant"]
        config = load_config(
            "rec-zh",
            {"text.corpora": [str(corpus)]},
            [
                *(f"{name}_chance=0" for name in chances),
                "effects={}",
                "lettering={}",
                "decorate={}",
                "text.mix={lines: 1}",
                "text.full_width=0",
                "fonts.include=[NotoSansSC-Regular]",
                "intrude.side_chance=0",
                "background.kinds={photo: 1}",
                "ink.source={tone: 1}",
                "ink.tones={dark: 1, vivid: 1}",
                "ink.contrast=[70, 90]",
            ],
        )
        return next(samples(config, 1, start=PLAIN_SAMPLE)).image


def _write(path: Path, picture: Image, limit: int) -> None:
    quality = 85
    while True:
        _, data = cv2.imencode(
            ".jpg",
            cv2.cvtColor(picture, cv2.COLOR_RGB2BGR),
            (
                cv2.IMWRITE_JPEG_QUALITY,
                quality,
                cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
                cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
            ),
        )
        if len(data) < limit:
            break
        quality -= 5
    path.write_bytes(data.tobytes())
    sys.stdout.write(f"{path.relative_to(OUT.parent)}: {len(data) / 1000:.0f} kB, quality {quality}\n")


if __name__ == "__main__":
    main()
