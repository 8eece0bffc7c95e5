"""Languages and scripts: every preset keeps its rules, and lines are shaped as another library shapes them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont, features
from script_lines import EM, LARGE, LINES, MOST, NAMES, PLAIN, drawn_layer, tight

from synthtext.assets.catalogue import load_fonts, shipped_fonts
from synthtext.assets.charset import load_charset
from synthtext.assets.corpus import load_words
from synthtext.assets.glyphs import GlyphStore
from synthtext.assets.languages import LanguageSpec, load_language, shipped_languages
from synthtext.assets.library import open_assets
from synthtext.config import load_config
from synthtext.errors import AssetError, ConfigError
from synthtext.geometry import Image, Warp
from synthtext.paths import data_dir
from synthtext.pipeline import Batch
from synthtext.quads import is_convex, side_lengths
from synthtext.rng import Streams
from synthtext.scripts import graphemes, is_plain, wanted_scripts
from synthtext.spec import Range
from synthtext.stages.arrange import LayoutSpec, arrange
from synthtext.stages.raster import DrawnInstance
from synthtext.stages.segment import segment
from synthtext.stages.shape import shape
from synthtext.stages.write import TextSpec, open_texts, write
from synthtext.values import FontStack, Writing

GOLDEN = Path(__file__).parent / "golden" / "scripts"
PRESETS = ("rec-ja", "rec-ko", "rec-ar", "rec-hi", "rec-th", "rec-ru", "rec-vi", "rec-el", "rec-zh-hant")


def _by_raqm(face: str, text: str, backwards: bool) -> Image:
    font = ImageFont.truetype(str(data_dir("fonts") / face), LARGE, layout_engine=ImageFont.Layout.RAQM)
    picture = Pillow.new("L", (LARGE * (len(text) + 4), 4 * LARGE), 0)
    direction = "rtl" if backwards else "ltr"
    ImageDraw.Draw(picture).text((LARGE, LARGE), text, 255, font, direction=direction)
    return tight(np.asarray(picture))


@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow has no raqm to compare with")
@pytest.mark.parametrize(("name", "face", "text", "backwards"), LINES, ids=NAMES)
def test_shaping__is_that_of_another_library(name: str, face: str, text: str, backwards: bool, tmp_path: Path) -> None:
    """Pillow's raqm (fribidi and HarfBuzz of its own) draws the same line in the same order."""
    ours, theirs = tight(drawn_layer(face, text, backwards, LARGE).mask), _by_raqm(face, text, backwards)
    assert ours.shape[1] == pytest.approx(theirs.shape[1], abs=8)
    assert ours.shape[0] == pytest.approx(theirs.shape[0], abs=8)
    # Hinting and whole-pixel advances move theirs by a pixel or two.
    theirs = cv2.resize(theirs, ours.shape[::-1])
    soft = [cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 4.0) for mask in (ours, theirs)]
    difference = float(np.abs(soft[0] - soft[1]).sum() / soft[0].sum())
    if difference >= MOST:
        cv2.imwrite(str(tmp_path / "ours.png"), ours)
        cv2.imwrite(str(tmp_path / "theirs.png"), theirs)
    assert difference < MOST, f"{name}: see {tmp_path}"


@pytest.mark.parametrize(("name", "face", "text", "backwards"), LINES, ids=NAMES)
def test_quads__each_chars_ink_lies_in_its_own(name: str, face: str, text: str, backwards: bool) -> None:
    """Draw the glyphs of a char alone: they fill its box and nothing beyond it."""
    layer = drawn_layer(face, text, backwards)
    line, instance = layer.line, DrawnInstance(layer, Warp.identity())
    assert list(line.chars) == [cluster for cluster in graphemes(text) if not cluster.isspace()]
    assert line.direction == ("rtl" if backwards else "ltr")
    boxes = instance.ink_boxes
    shared = {first + part for first, parts in line.ligatures for part in range(abs(parts))}
    fonts = (load_fonts(data_dir("fonts") / face)[0],)
    store = GlyphStore(fonts)
    for number in range(len(line.chars)):
        if number in shared:
            continue
        alone = np.zeros_like(layer.mask)
        for _font, glyph, char, x_em, y_em, sideways in line.glyphs:
            if char == number:
                made = store.mask(fonts[0], glyph, EM, sideways)
                x = round(x_em * EM) + made.left + layer.origin[0]
                y = round(y_em * EM) + made.top + layer.origin[1]
                window = alone[y : y + made.mask.shape[0], x : x + made.mask.shape[1]]
                np.maximum(window, made.mask, out=window)
        rows, columns = np.nonzero(alone)
        found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert found == pytest.approx(tuple(boxes[number]), abs=2), line.chars[number]
        assert not (alone > layer.mask).any()
    # All ink belongs to somebody.
    owned = np.zeros(layer.mask.shape, bool)
    for x0, y0, x1, y1 in boxes.astype(int):
        owned[y0:y1, x0:x1] = True
    assert not (layer.mask > 0)[~owned].any()
    cells = instance.cell_quads
    assert is_convex(cells).all()
    assert side_lengths(cells).min() >= 1
    if backwards:
        first = [number for number, char in enumerate(line.chars) if not is_plain(char)]
        assert np.corrcoef(first, boxes[first, 0])[0, 1] < -0.9


def test_quads__of_a_ligature_run_backwards_too() -> None:
    layer = drawn_layer("scripts/NotoNaskhArabic-Regular.ttf", "سلام", True)
    assert layer.line.chars == ("س", "ل", "ا", "م")
    lefts = DrawnInstance(layer, Warp.identity()).ink_boxes[:, 0]
    assert (np.diff(lefts) < 0).all()


def test_arrange__joined_letters_stay_joined() -> None:
    """Letter spacing would tear Arabic and Devanagari apart; spaces may still grow."""
    wide = LayoutSpec(spacing_chance=1, letter_spacing_em=Range(0.3, 0.3), jitter_chance=1, jitter_em=Range(0.2, 0.2))
    for face, text in (("scripts/Amiri-400.ttf", "كتاب"), ("scripts/Mukta-500.ttf", "नमस्ते")):
        fonts = (load_fonts(data_dir("fonts") / face)[0],)
        store = GlyphStore(fonts)
        runs = shape(segment(Writing(text, "test", "rtl"), FontStack(fonts)), store)
        draws = Streams(0, 0).column("arrange")
        assert arrange(draws, wide, text, runs, "rtl").glyphs == arrange(draws, PLAIN, text, runs, "rtl").glyphs


def test_segment__letters_join_across_faces_and_a_grapheme_has_one() -> None:
    by_name = {font.name: font for font in shipped_fonts().fonts}
    stack = FontStack((by_name["NotoNaskhArabic-Regular"], by_name["NotoSans-Regular"]))
    runs = segment(Writing("سعر (5) kg", "test", "rtl"), stack)
    assert [run.text for run in runs] == ["kg", ") ", "5", "(", "سعر "]
    assert [run.direction for run in runs] == ["ltr", "rtl", "ltr", "rtl", "rtl"]
    assert {run.font.name for run in runs if "ع" in run.text} == {"NotoNaskhArabic-Regular"}
    marks = FontStack((by_name["OpenSans-400"], by_name["NotoSansThai-Regular"]))
    assert [run.font.name for run in segment(Writing("aน้ำ", "test"), marks)] == [
        "OpenSans-400",
        "NotoSansThai-Regular",
    ]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets__draw_what_they_say(preset: str) -> None:
    config = load_config(preset)
    assets = open_assets(config, 0)
    assert not [warning for warning in assets.warnings if "no face" in warning]
    allowed = assets.charset.members | {" "}
    scripts = wanted_scripts(assets.charset.members)
    make = Batch(3, config, assets)
    faces: set[str] = set()
    own = 0
    backwards = 0
    for index in range(240):
        sample = make(index)
        text, line = sample.text, sample.instances[0]
        assert set(text) <= allowed, text
        assert line.chars == tuple(cluster for cluster in graphemes(text) if cluster != " ")
        assert len(line.chars) == len(line.ink_quads) == len(line.cell_quads)
        assert is_convex(line.ink_quads).all()
        assert sample.provenance.attempt < 4
        faces.update(sample.provenance.fonts)
        own += any(ord(char) > 0x7F and char.isalnum() for char in text)
        backwards += line.direction == "rtl"
    assert own > 150
    assert (backwards > 150) == (preset == "rec-ar")
    fonts = {font.name: font for font in assets.fonts.all}
    assert all(not fonts[name].reserved or fonts[name].reserved & scripts for name in faces)
    main = {name for name in faces if fonts[name].scripts & scripts - {"Latn"}} or faces
    assert len(main) >= 5, main


@pytest.mark.parametrize("tag", [tag for tag in shipped_languages() if tag not in ("zh", "zh-hant", "en")])
def test_languages__have_words_names_and_forms_of_their_own(tag: str) -> None:
    language = load_language(tag)
    assert language is not None
    assert len(set(language.words())) > 4_000
    assert len(language.phrases()) > 100 == len(set(language.phrases())) or len(set(language.phrases())) > 90
    draws = Streams(0, 1).column("write")
    for _, make in language.makers():
        texts = [make(draws) for _ in range(60)]
        assert not any(set("{}#") & set(text) for text in texts)
    preset = load_config(f"rec-{tag}")
    charset = load_charset(preset.charset)
    for line in language.phrases():
        assert charset.members | {" "} >= set(line), line
    texts = open_texts(preset.text, charset, charset.members)
    found = {write(Streams(5, index).column("write"), texts, "").source for index in range(200)}
    assert {"words", "mixed", "patterns", "names", "random"} <= found


def test_random_strings__never_hold_a_sign_by_itself() -> None:
    for name in ("thai", "devanagari", "arabic", "bengali"):
        charset = load_charset(name)
        tag = {"thai": "th", "devanagari": "hi", "arabic": "ar", "bengali": "hi"}[name]
        spec = TextSpec.model_validate({"languages": {tag: 1}, "mix": {"random": 1}, "native_digits": 0.5})
        texts = open_texts(spec, charset, charset.members)
        for index in range(300):
            text = write(Streams(0, index).column("write"), texts, "").text
            for cluster in graphemes(text):
                assert cluster[0].isalnum() or not cluster[0].isalpha()
                assert len(graphemes("a" + cluster)) == 2, (text, cluster)


def test_native_digits__replace_all_of_a_text_or_none() -> None:
    charset = load_charset("thai")
    spec = TextSpec.model_validate({"languages": {"th": 1}, "mix": {"patterns": 1}, "native_digits": 0.5})
    texts = open_texts(spec, charset, charset.members)
    made = [write(Streams(0, index).column("write"), texts, "").text for index in range(300)]
    thai = [text for text in made if set(text) & set("๐๑๒๓๔๕๖๗๘๙")]
    assert len(thai) > 50
    assert sum(bool(set(text) & set("0123456789")) for text in made) > 50
    assert not any(set(text) & set("0123456789") for text in thai)


def test_language__of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "tlh.yaml").write_text(
        "name: Klingon\nlatin: true\nwords: [tlh.txt]\npatterns: [{forms: ['{n} vatlh']}]\n", "utf-8"
    )
    (tmp_path / "tlh.txt").write_text("tlhIngan\nnuqneH\nQapla'\nbatlh\n", "utf-8")
    spec = TextSpec.model_validate({"languages": {str(tmp_path / "tlh.yaml"): 1}, "mix": {"words": 1, "patterns": 1}})
    charset = load_charset("english")
    texts = open_texts(spec, charset, charset.members)
    made = " ".join(write(Streams(0, index).column("write"), texts, "").text for index in range(80)).lower()
    assert "nuqneh" in made
    assert "vatlh" in made


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: X\nwords: [gone.txt]\n", "there is no file gone.txt beside it"),
        ("name: X\npatterns: [{forms: ['{yeer}']}]\n", "'{yeer}' has {yeer}, which is not known; use {y}, "),
        ("name: X\npatterns: [{forms: ['{month}']}]\n", "{month} needs the list `months`"),
        ("name: X\nwrods: []\n", "wrods: no such setting; known are name, spaces"),
        ("name: X\nmonths: [a, b]\n", "months: 2 months; write all 12, or none"),
        ("name: X\nnames: {pet: 1}\n", "names: 'pet' is no kind of name; there are person"),
        ("- x\n", "expected `key: value` lines"),
        ("name: [\n", "not valid YAML"),
    ],
)
def test_language__faults_are_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    spec = TextSpec.model_validate({"languages": {str(path): 1}})
    charset = load_charset("english")
    with pytest.raises(AssetError) as caught:
        open_texts(spec, charset, charset.members)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_language__unknown_names_are_refused() -> None:
    with pytest.raises(ConfigError, match="no language is called 'jp'; "):
        load_config("rec-ja", sets=["text.languages={jp: 1}"])


def test_script_without_a_face__is_said_before_anything_is_made(tmp_path: Path) -> None:
    path = tmp_path / "khmer.txt"
    path.write_text("\n".join("កខគឃងចឆជឈញដឋឌឍណតថទធនបផពភមយរលវសហឡអabc0123456789"), "utf-8")
    with pytest.raises(AssetError, match=r"33 letters of Khmer, and no face draws .*--fonts DIR"):
        open_assets(load_config("rec-en", {"charset": str(path)}), 0)


def test_fonts__scripts_can_be_named() -> None:
    names = {font.name for font in open_assets(load_config("rec-zh", sets=["fonts.scripts=[Hant]"]), 0).fonts.all}
    assert "NotoSansTC-Regular" in names
    assert "NotoSansSC-Regular" not in names
    with pytest.raises(ConfigError, match="'jpan' is no ISO 15924 tag"):
        load_config("rec-ja", sets=["fonts.scripts=[jpan]"])


@pytest.mark.parametrize("name", ["ja", "el"])
def test_language_spec__every_setting_is_used_somewhere(name: str) -> None:
    language = load_language(name)
    assert language is not None
    assert set(language.spec.model_fields_set) <= set(LanguageSpec.model_fields)


@pytest.mark.parametrize(("name", "face", "text", "backwards"), LINES, ids=NAMES)
def test_lines__look_as_they_did(name: str, face: str, text: str, backwards: bool, tmp_path: Path) -> None:
    """Tiny pictures of every script; to make them again, delete them and run this test twice."""
    mask = 255 - tight(drawn_layer(face, text, backwards, 32).mask)
    golden = GOLDEN / f"{name}.png"
    if not golden.is_file():
        golden.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(golden), mask)
        pytest.fail(f"{golden} was missing and is made now; look at it, then run again")
    expected = cv2.imread(str(golden), cv2.IMREAD_GRAYSCALE)
    assert expected is not None
    expected = 255 - tight(255 - np.asarray(expected, np.uint8))  # how much room there is round the ink does not matter
    if expected.shape != mask.shape or np.abs(expected.astype(int) - mask).mean() > 1.0:
        cv2.imwrite(str(tmp_path / "expected.png"), expected)
        cv2.imwrite(str(tmp_path / "found.png"), mask)
        pytest.fail(f"{name} is drawn differently: compare expected.png and found.png in {tmp_path}")


def test_wordfreq__missing_is_one_line_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    with pytest.raises(AssetError, match=r"wordfreq is not installed; run `pip install 'synthtext\[corpus\]'`"):
        open_assets(load_config("rec-ko", sets=["text.wordfreq=true"]), 0)


def test_wordfreq__gives_words_where_it_knows_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"봄바람": 0.01, "가을비": 0.005, "7": 0.2}
    known = SimpleNamespace(available_languages=lambda: {"ko": ""}, get_frequency_dict=lambda tag, wordlist: counted)
    monkeypatch.setitem(sys.modules, "wordfreq", known)
    allowed = load_charset("korean").members
    assert {word for word, _ in load_words("ko", allowed, wordfreq=True)} == {"봄바람", "가을비"}
    assert len(load_words("hi", load_charset("devanagari").members, wordfreq=True)) > 3_000
