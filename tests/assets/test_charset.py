"""Charsets: the shipped ones, files with faults, building and writing."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.assets.charset import (
    Charset,
    build_charset,
    charset_faults,
    load_charset,
    shipped_charsets,
    write_charset,
)
from synthtext.errors import AssetError


@pytest.mark.parametrize("name", shipped_charsets())
def test_load_charset__every_shipped_one(name: str) -> None:
    charset = load_charset(name)

    assert len(charset.members) == len(charset.chars) == len(charset) > 0
    assert all(unicodedata.normalize("NFC", char) == char and len(char) == 1 for char in charset.chars)


def test_load_charset__known_sizes() -> None:
    sizes = {name: len(load_charset(name)) for name in ("digits", "english", "zh_en", "zh_hant_en")}

    assert sizes == {"digits": 10, "english": 94, "zh_en": 6923, "zh_hant_en": 5561}


def test_load_charset__zh_hant_en_is_ascii_signs_and_big5() -> None:
    charset = load_charset("zh_hant_en")

    assert charset.chars[:94] == load_charset("english").chars
    assert charset.chars[-5401:] == load_charset("big5_level1").chars


def test_load_charset__unknown_name_says_what_is_near() -> None:
    with pytest.raises(AssetError, match=r"no charset is called 'zh-en'; did you mean zh_en .*shipped are arabic"):
        load_charset("zh-en")


def test_load_charset__missing_file() -> None:
    with pytest.raises(AssetError, match=r"no/such\.txt: there is no such file"):
        load_charset("no/such.txt")


FAULTS = [
    ("nothing", b"", "holds no character"),
    ("byte order mark", b"\xef\xbb\xbfa\nb\n", "line 1: starts with a byte order mark"),
    ("duplicate", b"a\nb\na\n", "line 3: 'a' (U+0061) was in line 1 already"),
    ("several characters", b"a\nbc\n", "line 2: holds 2 characters ('bc')"),
    ("blank line", b"a\n\nb\n", "line 2: is blank"),
    ("space", b"a\n \nb\n", "line 2: holds white space only"),
    ("ideographic space", "a\n\u3000\n".encode(), "line 2: holds white space only"),
    ("not NFC", "\uf900\n".encode(), "line 1: U+F900 is not stable under NFC, labels would hold U+8C48"),
    ("decomposed", "e\u0301\n".encode(), "line 1: U+0065 U+0301 is not stable under NFC"),
    ("control", b"a\n\x07\n", "line 2: U+0007 is a control"),
    ("invisible", "a\n\u200b\n".encode(), "line 2: U+200B is a control or invisible character"),
    ("unassigned", "a\n\u0378\n".encode(), "line 2: U+0378 is unassigned"),
    ("not UTF-8", "中\n文\n".encode("gbk"), "line 1: byte 0xD6 is not UTF-8"),
]


@pytest.mark.parametrize(("name", "data", "message"), FAULTS, ids=[row[0] for row in FAULTS])
def test_load_charset__fault_names_file_and_line(name: str, data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(data)

    with pytest.raises(AssetError) as caught:
        load_charset(str(path))

    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_charset_faults__one_line_each(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("a\na\n\nxy\nb\n", encoding="utf-8")

    assert [fault.split(": ")[1] for fault in charset_faults(path)] == ["line 2", "line 3", "line 4"]


def test_load_charset__windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes("b\r\n中\r\na\r\n".encode())

    assert load_charset(str(path)) == Charset("mine", ("b", "中", "a"))


def test_build_charset__by_frequency_then_first_seen() -> None:
    assert build_charset(["b a a\n", "a c b d"], "mine").chars == ("a", "b", "c", "d")


def test_build_charset__by_code_point_with_a_minimum() -> None:
    assert build_charset(["中a中ab"], "mine", min_count=2, order="codepoint").chars == ("a", "中")


def test_build_charset__paddleocr_dictionary_keeps_its_order(tmp_path: Path) -> None:
    path = tmp_path / "ppocr_keys.txt"
    path.write_text("'\n疗\n绚\nA\n \n", encoding="utf-8")

    assert build_charset([path], "paddle").chars == ("'", "疗", "绚", "A")


def test_build_charset__composes_and_leaves_out_what_cannot_be_drawn() -> None:
    assert build_charset(["\ufeffe\u0301\t\u200b\u3000x"], "mine").chars == ("\u00e9", "x")


def test_build_charset__nothing_left() -> None:
    with pytest.raises(AssetError, match="no character occurs 3 times"):
        build_charset(["ab"], "mine", min_count=3)


@given(st.text(max_size=40))
def test_build_charset__any_text_gives_a_charset_without_faults(text: str) -> None:
    try:
        charset = build_charset([text], "mine")
    except AssetError:
        return

    assert len(charset.members) == len(charset.chars)
    assert all(unicodedata.is_normalized("NFC", char) and not char.isspace() for char in charset.chars)


def test_write_charset__round_trip(tmp_path: Path) -> None:
    charset = Charset("mine", ("z", "中", "#", "a"))

    write_charset(tmp_path / "deep" / "mine.txt", charset)

    again = load_charset(str(tmp_path / "deep" / "mine.txt"))
    assert again == charset
    assert again.digest == charset.digest
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["mine.txt"]


def test_digest__depends_on_order() -> None:
    assert Charset("a", ("x", "y")).digest != Charset("a", ("y", "x")).digest
