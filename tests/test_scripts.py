"""What scripts are, and which texts are plain."""

from __future__ import annotations

import pytest

from synthtext.api import load_config, samples
from synthtext.assets.charset import load_charset
from synthtext.scripts import capitals, graphemes, is_plain, main_chars, scripts_of, wanted_scripts


@pytest.mark.parametrize("name", ["zh_en", "zh_hant_en", "english", "japanese", "korean", "vietnamese", "cyrillic"])
def test_is_plain__whole_charsets(name: str) -> None:
    chars = [char for char in load_charset(name).chars if char <= "\uffff"]
    assert is_plain("".join(chars))
    assert graphemes("".join(chars)) == list(chars)


@pytest.mark.parametrize("text", ["e\u0301", "ก็", "हि", "السلام", "שלום", "👍", "か\u3099", "1️⃣"])
def test_is_plain__not_what_joins_or_runs_backwards(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("क्षत्रिय", ["क्ष", "त्रि", "य"]),
        ("น้ำที่", ["น้ำ", "ที่"]),
        ("مُحَمَّد", ["مُ", "حَ", "مَّ", "د"]),
        ("👩‍👩‍👧‍👦🇯🇵", ["👩‍👩‍👧‍👦", "🇯🇵"]),
    ],
)
def test_graphemes__as_a_reader_counts(text: str, expected: list[str]) -> None:
    assert graphemes(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("digits", set()),
        ("english", {"Latn"}),
        ("zh_en", {"Hans", "Latn"}),
        ("zh_hant_en", {"Hant", "Latn"}),
        ("japanese", {"Jpan", "Latn"}),
        ("japanese_full", {"Jpan", "Latn"}),
        ("korean", {"Kore", "Latn"}),
        ("arabic", {"Arab", "Latn"}),
        ("devanagari", {"Deva", "Latn"}),
        ("thai", {"Thai", "Latn"}),
    ],
)
def test_wanted_scripts__of_the_shipped_charsets(name: str, expected: set[str]) -> None:
    assert wanted_scripts(load_charset(name).members) == expected


def test_scripts_of__marks_and_spaces_take_their_neighbours() -> None:
    assert scripts_of("(a) ग१।") == ["Latn"] * 4 + ["Deva"] * 3
    assert "ก" in main_chars(frozenset("abcก"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc é", "ABC É"), ("Επί σε κύκλο", "ΕΠΙ ΣΕ ΚΥΚΛΟ"), ("Ώρα", "ΩΡΑ"), ("Ταϊτή", "ΤΑΪΤΗ"), ("ё ç", "Ё Ç")],
)
def test_capitals__greek_signs_have_no_accents(text: str, expected: str) -> None:
    assert capitals(text.upper()) == expected


def test_rec_el__capitals_have_no_accents() -> None:
    sets = [
        "text.case={upper: 1, as_is: 0}",
        "text.anchors=0",
        "text.mix={words: 1, mixed: 0, patterns: 0, names: 0, random: 0, lines: 0}",
    ]
    texts = [sample.text for sample in samples(load_config("rec-el", sets=sets), 40)]
    assert sum(text.isupper() for text in texts) > 30
    assert not any(set("ΆΈΉΊΌΎΏ") & set(text) for text in texts if text.isupper())
