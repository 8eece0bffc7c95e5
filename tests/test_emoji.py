"""Glyphs with colours of their own: layered outlines and pictures in a font, drawn and labelled as one char each."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.sbixGlyph import Glyph as SbixGlyph
from fontTools.ttLib.tables.sbixStrike import Strike

from synthtext.assets.catalogue import folder_fonts
from synthtext.assets.glyphs import Face
from synthtext.assets.library import open_assets
from synthtext.config import load_config
from synthtext.pipeline import sample
from synthtext.stages.blend import blend
from synthtext.values import Ink

RED, GREEN = (220, 30, 30), (20, 180, 60)


def _box(x0: int, y0: int, x1: int, y1: int) -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((x0, y0))
    for point in ((x0, y1), (x1, y1), (x1, y0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def _font(path: Path, kind: str) -> None:
    """A face with 😀 (red with a green middle) and a family 👩‍👧 as one glyph (green)."""
    order = [".notdef", "space", "face", "woman", "girl", "family", "zwj", "back", "middle"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({0x20: "space", 0x1F600: "face", 0x1F469: "woman", 0x1F467: "girl", 0x200D: "zwj"})
    boxes = {"back": _box(100, 0, 900, 800), "middle": _box(300, 200, 700, 600)}
    whole = _box(100, 0, 900, 800)
    drawn = dict.fromkeys(("face", "woman", "girl", "family"), whole) | boxes
    builder.setupGlyf({name: drawn.get(name, Glyph()) for name in order})
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 100)) | {"middle": (1000, 300)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Tiny Emoji", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.addOpenTypeFeatures("feature ccmp { sub woman zwj girl by family; } ccmp;")
    if kind == "layers":
        layers = {"face": [("back", 0), ("middle", 1)], "woman": [("back", 0)], "girl": [("back", 0)]}
        builder.font["COLR"] = buildCOLR(layers | {"family": [("back", 1)]}, version=0)
        builder.font["CPAL"] = buildCPAL([[(*(value / 255 for value in color), 1.0) for color in (RED, GREEN)]])
    else:
        table = newTable("sbix")
        table.version, table.flags, table.strikes = 1, 1, {}
        strike = Strike(ppem=100, resolution=72)
        for name in ("face", "woman", "girl", "family"):
            picture = np.zeros((80, 80, 4), np.uint8)
            picture[:] = (*(GREEN if name == "family" else RED)[::-1], 255)
            if name == "face":
                picture[20:60, 20:60, :3] = GREEN[::-1]
            data = cv2.imencode(".png", picture)[1].tobytes()
            strike.glyphs[name] = SbixGlyph(
                glyphName=name, graphicType="png ", imageData=data, originOffsetX=10, originOffsetY=0
            )
        table.strikes[100] = strike
        builder.font["sbix"] = table
    builder.save(path)


@pytest.fixture(params=["layers", "pictures"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "faces").mkdir()
    _font(tmp_path / "faces" / "emoji.ttf", request.param)
    return tmp_path


def test_face__draws_a_glyph_in_its_own_colours(folder: Path) -> None:
    font = folder_fonts([folder / "faces"], use_cache=False).fonts[0]
    assert font.color
    assert font.style == "emoji"
    assert font.chars == set("😀👩👧")
    face = Face(font)
    glyph = face.hb_font.get_nominal_glyph(ord("😀"))
    picture = face.picture(glyph, 100)
    assert picture is not None
    assert (picture.rgba.shape[1], picture.left) == pytest.approx((80, 10), abs=1)
    assert picture.top == pytest.approx(-80, abs=1)
    assert tuple(picture.rgba[5, 5].astype(int)) == pytest.approx((*RED, 255), abs=3)
    assert tuple(picture.rgba[40, 40].astype(int)) == pytest.approx((*GREEN, 255), abs=3)
    assert face.ink(glyph) == pytest.approx((0.1, -0.8, 0.9, 0.0), abs=0.02)
    np.testing.assert_array_equal(face.render(glyph, 100).mask, picture.rgba[:, :, 3])


def test_sample__emoji_keep_their_colours_and_are_one_char_each(folder: Path) -> None:
    corpus = folder / "lines.txt"
    corpus.write_text("Hi 😀 you\nsee 👩‍👧 go\n", "utf-8")
    charset = folder / "charset.txt"
    letters = [chr(code) for code in range(0x21, 0x7F)]
    charset.write_text("\n".join([*letters, "😀", "👩", "👧", "\u200d"]) + "\n", "utf-8")
    config = load_config(
        "rec-en",
        {"charset": str(charset), "fonts.dirs": [str(folder / "faces")], "text.corpora": [str(corpus)]},
        sets=[
            "text.mix={lines: 1}",
            "text.languages={en: 1}",
            "text.length={min: 6, max: 12}",
            "effects={}",
            "intrude.side_chance=0",
            "ink.shadow_chance=0",
            "background.kinds={plain: 1}",
        ],
    )
    assets = open_assets(config, 0, use_cache=False)
    assert "\u200d" in assets.fonts.writable
    seen = set()
    for index in range(30):
        made = sample(0, index, config, assets)
        line = made.instances[0]
        for char, quad in zip(line.chars, line.ink_quads, strict=True):
            if char.isascii():
                continue
            seen.add(char)
            x, y = quad.mean(axis=0)
            found = made.image[int(y), int(x)]
            assert np.abs(found.astype(int) - GREEN).max() < 40, (index, char, found)
        assert "emoji" in made.provenance.effects or made.text.isascii()
    assert seen == {"😀", "👩‍👧"}


def test_blend__stamps_take_none_of_the_ink() -> None:
    surface = np.full((20, 40, 3), 100, np.uint8)
    mask = np.zeros((20, 40), np.uint8)
    mask[5:15, 5:35] = 255
    stamps = np.zeros((20, 40, 4), np.uint8)
    stamps[5:15, 20:35] = (128, 0, 0, 128)  # half-transparent red over nothing but the surface
    ink = Ink(fill=(0, 0, 255), opacity=1.0, stroke=None, stroke_px=0, shadow=None, contrast=50.0)
    made = blend(surface, np.where(stamps[:, :, 3] > 0, stamps[:, :, 3], mask), ink, stamps)
    assert tuple(made[10, 10]) == (0, 0, 255)
    assert tuple(made[10, 30].astype(int)) == pytest.approx((178, 50, 50), abs=2)
    assert tuple(made[2, 2]) == (100, 100, 100)
