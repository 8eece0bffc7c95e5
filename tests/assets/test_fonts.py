"""Faces: what they really draw, how they are told apart, and which one writes a text."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from synthtext.assets.catalogue import folder_fonts, load_fonts, shipped_fonts
from synthtext.assets.faces import file_digest, probe_file
from synthtext.assets.fonts import FontLibrary, FontsSpec, open_fonts
from synthtext.assets.glyphs import Face
from synthtext.errors import AssetError
from synthtext.rng import Streams
from synthtext.values import Writing


def _box(width: int, height: int = 700, left: int = 50) -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((left, 0))
    for point in ((left, height), (left + width, height), (left + width, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def _builder(glyphs: dict[str, Glyph], cmap: dict[int, str], family: str = "Test Face") -> FontBuilder:
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", *(name for name in glyphs if name != ".notdef")]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(cmap)
    builder.setupGlyf({".notdef": _box(400)} | glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(order, (1000, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    return builder


@pytest.fixture
def tricky(tmp_path: Path) -> Path:
    """A face whose cmap promises more than its outlines hold."""
    cmap = {ord("A"): "A", ord("B"): "blank", ord("C"): "box", 0x20: "blank"}
    cmap |= dict.fromkeys(range(19968, 19978), "same") | {0x4E20: "own"}
    glyphs = {"A": _box(600), "blank": Glyph(), "box": _box(400), "same": _box(800), "own": _box(810)}
    path = tmp_path / "tricky.ttf"
    _builder(glyphs, cmap).save(path)
    return path


def test_probe_file__counts_only_what_has_ink_of_its_own(tricky: Path) -> None:
    info = probe_file(tricky, file_digest(tricky), None)[0]
    assert info.chars == {"A", "\u4e20"}  # not: a blank, the .notdef box, ten ideographs that share one shape


def test_probe_file__cached_result_is_the_same(tricky: Path, tmp_path: Path) -> None:
    digest = file_digest(tricky)
    fresh = probe_file(tricky, digest, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert probe_file(tricky, digest, tmp_path / "cache") == fresh
    next((tmp_path / "cache").iterdir()).write_text("half a fi")
    assert probe_file(tricky, digest, tmp_path / "cache") == fresh


def test_load_fonts__a_collection_gives_each_face(tmp_path: Path, tricky: Path) -> None:
    second = tmp_path / "second.ttf"
    _builder({"Z": _box(300)}, {ord("Z"): "Z"}, "Second").save(second)
    collection = TTCollection()
    collection.fonts = [TTFont(tricky), TTFont(second)]
    path = tmp_path / "both.ttc"
    collection.save(path)
    faces = load_fonts(path)
    assert [font.name for font in faces] == ["both#0", "both#1"]
    assert faces[1].chars == {"Z"}
    assert Face(faces[1]).render(1, 100).mask.shape == (70, 30)


def test_load_fonts__a_variable_face_is_drawn_at_several_weights(tmp_path: Path) -> None:
    builder = _builder({"I": _box(100)}, {ord("I"): "I"})
    builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
    wider = TupleVariation({"wght": (0, 1, 1)}, [(0, 0), (0, 0), (300, 0), (300, 0)] + [(0, 0)] * 4)
    builder.setupGvar({"I": [wider], ".notdef": []})
    path = tmp_path / "variable.ttf"
    builder.save(path)
    faces = load_fonts(path)
    assert [font.name for font in faces] == [f"variable@wght={weight}" for weight in (300, 400, 700, 900)]
    assert sum(font.weight for font in faces) == pytest.approx(1.0)
    widths = [Face(font).render(1, 100).mask.shape[1] for font in faces]
    assert widths == [10, 10, 28, 40]
    inks = [Face(font).ink(1)[2] - Face(font).ink(1)[0] for font in faces]
    assert inks == pytest.approx([0.1, 0.1, 0.28, 0.4], abs=0.002)


def test_load_fonts__finds_faces_that_draw_capitals_only(tmp_path: Path) -> None:
    letters = "aAeErRgG"
    cmap = {ord(char): char.upper() for char in letters}
    path = tmp_path / "capitals.ttf"
    _builder({char: _box(200 + 50 * n) for n, char in enumerate("AERG")}, cmap).save(path)
    assert load_fonts(path)[0].unicase
    plain = shipped_fonts().fonts
    assert not next(font for font in plain if font.name == "OpenSans-400").unicase


def test_folder_fonts__reports_what_cannot_be_used_and_goes_on(tmp_path: Path, tricky: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(tricky.read_bytes()[:200])
    (tmp_path / "text.otf").write_text("not a font")
    catalogue = folder_fonts([tmp_path])
    assert [font.name for font in catalogue.fonts] == ["tricky"]
    assert sorted(Path(path).name for path, _ in catalogue.broken) == ["broken.ttf", "text.otf"]
    with pytest.raises(AssetError, match="no such file or folder"):
        folder_fonts([tmp_path / "gone"])


def test_shipped_fonts__licences_and_files_are_all_there(repository: Path) -> None:
    import json

    entries = json.loads((repository / "fonts" / "manifest.json").read_text("utf-8"))["fonts"]
    files = {path.relative_to(repository / "fonts").as_posix() for path in (repository / "fonts").rglob("*.?tf")}
    assert {entry["file"] for entry in entries} == files
    for entry in entries:
        assert entry["license"]
        assert (repository / "fonts" / entry["license_file"]).is_file(), entry["file"]
    photos = json.loads((repository / "backgrounds" / "manifest.json").read_text("utf-8"))["backgrounds"]
    shipped = {
        path.relative_to(repository / "backgrounds").as_posix() for path in (repository / "backgrounds").rglob("*.jpg")
    }
    assert {entry["file"] for entry in photos} == shipped
    assert all(entry["license"] and entry["attribution"] for entry in photos)


def _library(*sets: str) -> FontLibrary:
    from synthtext.assets.charset import load_charset
    from synthtext.config import load_config

    config = load_config("rec-zh", sets=sets)
    return open_fonts(config.fonts, load_charset("zh_en").chars)[0]


def test_choose__every_char_has_a_face_in_the_stack() -> None:
    library = _library()
    assert library.missing() == []
    for index in range(300):
        text = "优惠℃①AZ→～"
        writing, stack = library.choose(Streams(0, index).column("fonts"), Writing(text, "test"))
        for char in writing.text:
            assert any(char in font.chars for font in stack.faces), (char, stack.faces[0].name)


def test_choose__never_upper_cases_an_anchor() -> None:
    library = _library()
    for index in range(400):
        writing, _ = library.choose(Streams(0, index).column("fonts"), Writing("quick", "test", anchors="q"))
        assert "q" in writing.text


def test_choose__uses_every_core_face() -> None:
    library = _library()
    seen = set()
    for index in range(3000):
        text = "优惠大促销" if index % 2 else "Grand 24"
        seen.add(library.choose(Streams(0, index).column("fonts"), Writing(text, "test"))[1].faces[0].name)
    wide = {font.name for font in shipped_fonts().fonts if "Hans" in font.scripts}
    latin = {font.name for font in shipped_fonts().fonts if font.scripts >= {"Latn"} and not font.reserved}
    assert wide <= seen
    assert len(latin - seen) <= 3, latin - seen  # digits-only and capitals-only faces cannot write this text


def test_open_fonts__patterns_that_leave_nothing_say_so() -> None:
    with pytest.raises(AssetError, match="leave no face"):
        open_fonts(FontsSpec(include=("Nope*",)), ["a"])


def test_open_fonts__own_faces_come_first_and_shipped_ones_stand_in(tmp_path: Path) -> None:
    path = tmp_path / "own.ttf"
    cmap = {code: f"g{code}" for code in range(ord("A"), ord("Z") + 1)}
    _builder({f"g{code}": _box(300 + code) for code in cmap}, cmap).save(path)
    library, _ = open_fonts(FontsSpec(dirs=(str(tmp_path),)), [chr(code) for code in range(ord("A"), ord("z") + 1)])
    assert [font.name for font in library.primary] == ["own"]
    _, stack = library.choose(Streams(0, 0).column("fonts"), Writing("ABc", "test"))
    assert stack.faces[0].name == "own"
    assert any("c" in font.chars for font in stack.faces[1:])
    alone, _ = open_fonts(FontsSpec(dirs=(str(tmp_path),), fallback="none"), ["A", "B", "c"])
    assert alone.missing() == ["c"]
