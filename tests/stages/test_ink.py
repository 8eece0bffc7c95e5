"""From text to ink: shaping, arranging, rastering, and the quads that say where each character lies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import uharfbuzz as hb

from synthtext.assets import packed
from synthtext.assets.arena import create_arena, remove_arena
from synthtext.assets.catalogue import shipped_fonts
from synthtext.assets.glyphs import GlyphStore
from synthtext.errors import Rejected
from synthtext.geometry import Warp
from synthtext.quads import is_convex, side_lengths
from synthtext.rng import Streams
from synthtext.stages.arrange import LayoutSpec, arrange, count_chars
from synthtext.stages.raster import DrawnInstance, em_tier, project, raster
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.values import Font, FontStack, TextLayer, TextLine, TextRun, Writing

PLAIN = LayoutSpec(spacing_chance=0, jitter_chance=0)


@pytest.fixture(scope="module")
def fonts() -> dict[str, Font]:
    return {font.name: font for font in shipped_fonts(tiers=("core", "optional")).fonts}


@pytest.fixture(scope="module")
def store(fonts: dict[str, Font]) -> GlyphStore:
    return GlyphStore(tuple(fonts.values()))


def _line(
    text: str, faces: list[Font], store: GlyphStore, direction: str = "ltr", spec: LayoutSpec = PLAIN
) -> TextLine:
    writing = Writing(text, "test", direction)  # type: ignore[arg-type]
    runs = shape(segment(writing, FontStack(tuple(faces))), store)
    return arrange(Streams(0, 0).column("arrange"), spec, text, runs)


def _drawn(
    text: str, faces: list[Font], store: GlyphStore, em_px: int = 56, direction: str = "ltr"
) -> tuple[TextLayer, DrawnInstance]:
    layer = raster(_line(text, faces, store, direction), em_px, store)
    return layer, DrawnInstance(layer, Warp.identity())


@pytest.mark.parametrize(
    ("text", "chars", "words"),
    [
        ("ab", ("a", "b"), (0, 0)),
        ("a b", ("a", "b"), (0, 1)),
        ("张 三，好", ("张", "三", "，", "好"), (0, 1, 1, 1)),
        ("e\u0301a", ("e\u0301", "a"), (0, 0)),
        ("น้ำ", ("น้ำ",), (0,)),
    ],
)
def test_count_chars__counts_graphemes_and_words(text: str, chars: tuple[str, ...], words: tuple[int, ...]) -> None:
    found_chars, found_words, char_at = count_chars(text)
    assert found_chars == chars
    assert found_words == words
    assert len(char_at) == len(text)


def test_shape__ideographs_alone_are_what_harfbuzz_says(fonts: dict[str, Font], store: GlyphStore) -> None:
    """The quick way for runs of ideographs may never differ from full shaping."""
    rng = np.random.default_rng(3)
    for font in fonts.values():
        if "Hans" not in font.scripts:
            continue
        pool = sorted(char for char in font.chars if "\u4e00" <= char <= "\u9fff")
        for _ in range(20):
            text = "".join(rng.choice(pool, 12))
            run = shape([TextRun(text, 0, font)], store)[0]
            face = store.face(font)
            buffer = hb.Buffer()
            buffer.add_str(text)
            buffer.guess_segment_properties()
            hb.shape(face.hb_font, buffer)
            assert [glyph[0] for glyph in run.glyphs] == [info.codepoint for info in buffer.glyph_infos], font.name
            advances = [position.x_advance / face.upem for position in buffer.glyph_positions]
            assert [glyph[4] for glyph in run.glyphs] == pytest.approx(advances), font.name


def test_shape__kerns(fonts: dict[str, Font], store: GlyphStore) -> None:
    font = fonts["Montserrat-900"]
    pair = shape([TextRun("AV", 0, font)], store)[0].glyphs[0][4]
    alone = shape([TextRun("AA", 0, font)], store)[0].glyphs[0][4]
    assert pair < alone - 0.02


def test_arrange__a_ligature_gives_each_char_its_part(fonts: dict[str, Font], store: GlyphStore) -> None:
    latin = [name for name in fonts if {"f", "i"} <= fonts[name].chars]
    found = [name for name in latin if len(shape([TextRun("fi", 0, fonts[name])], store)[0].glyphs) == 1]
    assert found, "no shipped face has an fi ligature"
    _, instance = _drawn("fi", [fonts[found[0]]], store)
    boxes = instance.ink_boxes
    assert instance.chars == ("f", "i")
    assert boxes[0, 2] == pytest.approx(boxes[1, 0], abs=1)
    assert (boxes[:, 2] > boxes[:, 0]).all()


@pytest.mark.parametrize("direction", ["ltr", "ttb"])
@pytest.mark.parametrize("text", ["优惠大促销", "Ag 一-.张", "AVATAR To", "12月，优惠"])
def test_raster__each_chars_ink_lies_in_its_quad(
    text: str, direction: str, fonts: dict[str, Font], store: GlyphStore
) -> None:
    """Leave one char out, draw again: what is gone is that char's ink."""
    faces = [fonts["NotoSansSC-Regular"]]
    line = _line(text, faces, store, direction)
    whole = raster(line, 56, store)
    instance = DrawnInstance(whole, Warp.identity())
    for number in range(len(line.chars)):
        others = [glyph for glyph in line.glyphs if glyph[2] != number]
        canvas = np.zeros_like(whole.mask)
        for font, glyph, _, x_em, y_em, sideways in others:
            mask = store.mask(font, glyph, 56, sideways)
            x = round(x_em * 56) + mask.left + whole.origin[0]
            y = round(y_em * 56) + mask.top + whole.origin[1]
            window = canvas[y : y + mask.mask.shape[0], x : x + mask.mask.shape[1]]
            np.maximum(window, mask.mask, out=window)
        rows, columns = np.nonzero(whole.mask.astype(int) - canvas > 40)
        x0, y0, x1, y1 = instance.ink_boxes[number]
        assert columns.min() >= x0
        assert columns.max() < x1
        assert rows.min() >= y0
        assert rows.max() < y1
        assert (columns.max() + 1 - columns.min(), rows.max() + 1 - rows.min()) == pytest.approx(
            (x1 - x0, y1 - y0), abs=3
        )


@pytest.mark.parametrize("direction", ["ltr", "ttb"])
def test_cell_boxes__line_up_and_hold_the_ink(direction: str, fonts: dict[str, Font], store: GlyphStore) -> None:
    _, instance = _drawn("一丨。Ag优", [fonts["NotoSansSC-Regular"]], store, direction=direction)
    ink, cells = instance.ink_boxes, instance.cell_boxes
    assert (cells[:, :2] <= ink[:, :2]).all()
    assert (cells[:, 2:] >= ink[:, 2:]).all()
    across = 0 if direction == "ttb" else 1
    assert len(set(cells[:, across])) == 1
    assert len(set(cells[:, across + 2])) == 1
    assert is_convex(instance.cell_quads).all()
    assert side_lengths(instance.cell_quads).min() >= 1


def test_instance__has_a_quad_a_word(fonts: dict[str, Font], store: GlyphStore) -> None:
    _, instance = _drawn("ab cd  e".replace("  ", " "), [fonts["OpenSans-400"]], store)
    assert instance.word_texts == ["ab", "cd", "e"]
    assert instance.word_quads.shape == (3, 4, 2)
    assert (np.diff(instance.word_quads[:, 0, 0]) > 0).all()
    np.testing.assert_allclose(instance.quad[0], instance.word_quads[0][0], atol=20)


@pytest.mark.parametrize("tilted", [False, True])
def test_project__ink_lands_where_its_quads_do(tilted: bool, fonts: dict[str, Font], store: GlyphStore) -> None:
    line = _line("口", [fonts["NotoSansSC-Regular"]], store)
    layer = raster(line, 56, store)
    turn = 0.06 if tilted else 0.0
    from_em = Warp(np.array([[37.3, -37.3 * turn, 9.7], [37.3 * turn, 37.3, 44.1], [0, 0, 1.0]]))
    mask, warp = project(layer, from_em, (80, 60))
    rows, columns = np.nonzero(mask > 100)
    quad = DrawnInstance(layer, warp).quad
    assert columns.min() == pytest.approx(quad[:, 0].min(), abs=1.5)
    assert columns.max() + 1 == pytest.approx(quad[:, 0].max(), abs=1.5)
    assert rows.min() == pytest.approx(quad[:, 1].min(), abs=1.5)
    assert rows.max() + 1 == pytest.approx(quad[:, 1].max(), abs=1.5)
    # and the picture is where the placement wanted it
    np.testing.assert_allclose(
        warp.matrix[:2, 2] + 0,
        (from_em.matrix @ [-layer.origin[0] / 56, -layer.origin[1] / 56, 1])[:2],
        atol=0.51,
    )


def test_segment__never_draws_a_character_that_no_face_has(fonts: dict[str, Font]) -> None:
    with pytest.raises(Rejected, match="no face"):
        segment(Writing("ก", "test"), FontStack((fonts["OpenSans-400"],)))


def test_segment__falls_back_for_single_characters(fonts: dict[str, Font]) -> None:
    brush, sans = fonts["MaShanZheng-Regular"], fonts["NotoSansSC-Regular"]
    assert "℃" not in brush.chars
    runs = segment(Writing("气温℃高", "test"), FontStack((brush, sans)))
    assert [(run.text, run.font.name) for run in runs] == [
        ("气温", brush.name), ("℃", sans.name), ("高", brush.name)
    ]  # fmt: skip


def test_segment__turns_latin_in_columns_but_not_short_numbers(fonts: dict[str, Font]) -> None:
    runs = segment(Writing("12月Abc日", "test", "ttb"), FontStack((fonts["NotoSansSC-Regular"],)))
    assert [(run.text, run.sideways) for run in runs] == [("12月", False), ("Abc", True), ("日", False)]


def test_segment__columns_take_punctuation_from_faces_with_vertical_forms(fonts: dict[str, Font]) -> None:
    brush, sans = fonts["MaShanZheng-Regular"], fonts["NotoSansSC-Regular"]
    runs = segment(Writing("好，的", "test", "ttb"), FontStack((brush, sans)))
    assert [run.font.name for run in runs] == [brush.name, sans.name, brush.name]


@pytest.mark.parametrize(
    ("needed", "pixel_em", "expected"), [(36, 0, 40), (52, 0, 40), (53, 0, 80), (30, 16, 32), (2000, 0, 320)]
)
def test_em_tier__is_the_next_size_that_need_not_be_enlarged_much(needed: float, pixel_em: int, expected: int) -> None:
    assert em_tier(needed, pixel_em) == expected


@pytest.fixture(params=["as built", "plain"])
def kind_of_arena(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the native module, where it is built, and without it."""
    if request.param == "plain":
        monkeypatch.setattr(packed, "native", None)


@pytest.mark.usefixtures("kind_of_arena")
def test_arena__gives_other_processes_the_same_bytes(fonts: dict[str, Font]) -> None:
    folder = create_arena(4 << 20)
    assert folder is not None
    try:
        ordered = tuple(fonts.values())
        first, second = GlyphStore(ordered, folder), GlyphStore(ordered, folder)
        alone = GlyphStore(ordered)
        for font in ordered[:6]:
            for glyph in range(1, 90):
                made, shared, plain = (s.mask(font, glyph, 40) for s in (first, second, alone))
                np.testing.assert_array_equal(made.mask, plain.mask)
                np.testing.assert_array_equal(shared.mask, plain.mask)
                assert (shared.left, shared.top) == (plain.left, plain.top)
        assert not shared.mask.flags.writeable or shared.mask.flags.owndata  # never the memory of others
    finally:
        remove_arena(folder)


@pytest.mark.usefixtures("kind_of_arena")
def test_arena__that_is_full_still_renders(fonts: dict[str, Font]) -> None:
    folder = create_arena(1 << 20)
    assert folder is not None
    try:
        store = GlyphStore(tuple(fonts.values()), folder)
        font = fonts["NotoSansSC-Regular"]
        for glyph in range(1, 700):
            store.mask(font, glyph, 80)
        np.testing.assert_array_equal(
            store.mask(font, 690, 80).mask, GlyphStore(tuple(fonts.values())).mask(font, 690, 80).mask
        )
    finally:
        remove_arena(folder)


@pytest.mark.parametrize("grown_px", [0.0, 2.0, 0.37])
def test_quad__of_a_straight_line_is_the_box_round_its_chars(
    fonts: dict[str, Font], store: GlyphStore, grown_px: float
) -> None:
    face = fonts["NotoSansSC-Regular"]
    layer, _ = _drawn("三角 fi，A", [face], store)
    layer = replace(layer, grown_px=grown_px)
    first, second = DrawnInstance(layer, Warp.identity()), DrawnInstance(layer, Warp.identity())
    boxes = second.ink_boxes
    x0, y0, x1, y1 = *boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)
    np.testing.assert_array_equal(first.quad, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32))
    np.testing.assert_array_equal(second.quad, first.quad)
