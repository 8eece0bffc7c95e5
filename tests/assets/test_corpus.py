"""Word lists and lines: encodings, junk, large files, weights, cutting."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.assets import lines as lines_module
from synthtext.assets.charset import load_charset
from synthtext.assets.corpus import WordList, is_weighted, load_phrases, load_words, read_weighted
from synthtext.assets.lines import cut, open_lines
from synthtext.assets.textfiles import UNPACKED_LIMIT, decode, read_text
from synthtext.errors import AssetError
from synthtext.rng import Draws, Streams
from synthtext.scripts import graphemes

SIMPLIFIED = "今天天气很好，我们去公园散步。\n中华人民共和国万岁！\n请勿吸烟\n"
TRADITIONAL = "今天天氣很好，我們去公園散步。\n歡迎光臨臺北車站\n請勿吸煙\n"


def numbers(index: int = 0) -> Draws:
    return Streams(3, index).column("write")


ENCODED = [
    ("utf-8", SIMPLIFIED, SIMPLIFIED.encode()),
    ("utf-8 with mark", SIMPLIFIED, b"\xef\xbb\xbf" + SIMPLIFIED.encode()),
    ("utf-16 little", SIMPLIFIED, b"\xff\xfe" + SIMPLIFIED.encode("utf-16-le")),
    ("utf-16 big", SIMPLIFIED, b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be")),
    ("gbk", SIMPLIFIED, SIMPLIFIED.encode("gbk")),
    (
        "gb18030 with a rare character",
        SIMPLIFIED + "\U00020bb7\n",
        (SIMPLIFIED + "\U00020bb7\n").encode("gb18030"),
    ),
    ("big5", TRADITIONAL, TRADITIONAL.encode("big5")),
    ("ascii", "abc\n", b"abc\n"),
    ("windows line ends", "a\nb\n", b"a\r\nb\r\n"),
    ("empty", "", b""),
]


@pytest.mark.parametrize(("name", "text", "data"), ENCODED, ids=[row[0] for row in ENCODED])
def test_decode__finds_the_encoding(name: str, text: str, data: bytes) -> None:
    assert decode(data, Path("corpus.txt")) == text


JUNK = [
    ("PNG", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "line 3: holds NUL bytes"),
    (
        "random bytes",
        bytes([0xFF, 0x81, 0x20, 0xFE, 0xFF]) * 30,
        "line 1: byte 0xFF is not UTF-8, nor is it GB18030",
    ),
    ("control character", b"fine\nbell\x07\n", "line 2: control character U+0007"),
    ("UTF-32", "\ufeffab".encode("utf-32"), "is UTF-32"),
    (
        "UTF-8 with a slip",
        ("好" * 40000 + "\n").encode() + b"\xff\xff",
        "line 2: byte 0xFF is not UTF-8 like",
    ),
]


@pytest.mark.parametrize(("name", "data", "message"), JUNK, ids=[row[0] for row in JUNK])
def test_decode__junk_says_file_and_line(name: str, data: bytes, message: str) -> None:
    with pytest.raises(AssetError) as caught:
        decode(data, Path("corpus.txt"))

    assert str(caught.value).startswith("corpus.txt: ")
    assert message in str(caught.value)


def test_read_text__gzip(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt.gz"
    path.write_bytes(gzip.compress(SIMPLIFIED.encode("gbk")))

    assert read_text(path) == SIMPLIFIED


def test_read_text__damaged_gzip(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 1000)[:-12])

    with pytest.raises(AssetError, match="not a whole gzip file"):
        read_text(path)


def test_read_text__gzip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt.gz"
    path.write_bytes(gzip.compress(b"a" * (UNPACKED_LIMIT + 10), compresslevel=1))

    with pytest.raises(AssetError, match="gunzip"):
        read_text(path)


def test_read_text__missing(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="there is no such file"):
        read_text(tmp_path / "none.txt")


def test_word_list__draws_by_weight() -> None:
    words = WordList([("aa", 1.0), ("bb", 3.0), ("ccc", 1.0)])
    draws = numbers()

    counts = Counter(words.draw(draws, 2) for _ in range(4000))

    assert set(counts) == {"aa", "bb"}
    assert counts["bb"] / 4000 == pytest.approx(0.75, abs=0.03)


@given(st.lists(st.tuples(st.text(max_size=6), st.floats(0.1, 9.0)), max_size=30))
def test_word_list__gives_back_what_it_holds(entries: list[tuple[str, float]]) -> None:
    words = WordList(entries)

    found = Counter(word for word, _ in words)

    assert found == Counter(word for word, _ in entries if word)
    assert sum(words.lengths.values()) == pytest.approx(sum(weight for word, weight in entries if word))


def test_word_list__leaves_out_other_characters_and_long_words() -> None:
    words = WordList([("ab", 1.0), ("ax", 1.0), ("abab", 1.0)], allowed=frozenset("ab"), max_length=3)

    assert [word for word, _ in words] == ["ab"]


@pytest.mark.parametrize(
    ("language", "charset", "least", "known"),
    [
        ("zh", "zh_en", 100_000, "我们"),
        ("zh-hant", "zh_hant_en", 95_000, "我們"),
        ("en", "english", 70_000, "water"),
    ],
)
def test_load_words__shipped(language: str, charset: str, least: int, known: str) -> None:
    allowed = load_charset(charset).members

    words = load_words(language, allowed)  # type: ignore[arg-type]

    assert len(words) > least
    assert known in {word for word, _ in words}
    assert all(allowed.issuperset(word) for word, _ in words)


def test_shipped_lists__hold_as_many_words_as_their_sources_say(repository: Path) -> None:
    folder = repository / "charsets" / "corpora"
    entries = json.loads((folder / "SOURCES.json").read_text("utf-8"))["corpora"]
    stated = {entry["file"]: re.match(r"([\d,]+) \w+ (?:Chinese )?words", entry["what"]) for entry in entries}
    counts = {name: int(found[1].replace(",", "")) for name, found in stated.items() if found}
    assert counts.keys() >= {"zh_words.tsv.gz", "zh_hant_words.tsv.gz", "en_words.txt.gz", "ja_words.tsv.gz"}
    for name, count in counts.items():
        words = [line.partition("\t")[0] for line in read_text(folder / name).splitlines()]
        assert len(words) == len(set(words)) == count, name


def test_load_words__traditional_has_no_simplified_characters() -> None:
    text = "".join(word for word, _ in load_words("zh-hant", load_charset("zh_hant_en").members))

    assert not set("们这国说时会对为发产").intersection(text)


def test_load_phrases__three_languages() -> None:
    allowed = load_charset("zh_en_full").members | {" "}

    for language, phrase in (("zh", "小心地滑"), ("zh-hant", "歡迎光臨"), ("en", "MIND THE GAP")):
        assert phrase in {text for text, _ in load_phrases(language, allowed)}  # type: ignore[arg-type]


def test_read_weighted__words_and_weights() -> None:
    path = Path("words.tsv")

    assert read_weighted(path, "苹果\t3\n香 蕉\t0.5\n\n梨\t0\n") == [("苹果", 3.0), ("香 蕉", 0.5)]


@pytest.mark.parametrize("line", ["x", "x\t", "x\tmany", "x\t-1", "\t3", "x\tnan", "x\tinf"])
def test_read_weighted__bad_line(line: str) -> None:
    with pytest.raises(AssetError, match=r"words\.tsv: line 2: expected a word, a tab and a weight"):
        read_weighted(Path("words.tsv"), f"fine\t1\n{line}\n")


def test_is_weighted__by_name_or_by_content() -> None:
    assert is_weighted(Path("a.tsv.gz"), "x")
    assert is_weighted(Path("a.txt"), "apple\t3\npear\t1.5\n")
    assert not is_weighted(Path("a.txt"), "img/1.jpg\thello\n")
    assert not is_weighted(Path("a.txt"), "")


def test_open_lines__gbk_corpus(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_bytes(SIMPLIFIED.encode("gbk"))
    lines = open_lines(path, load_charset("zh_en").members)

    found = {lines.draw(numbers(at), 1, 30) for at in range(60)}

    assert found == set(SIMPLIFIED.split())


def test_open_lines__pieces_without_other_characters(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text("你好\U0001f600世界 na\u00efve words here\n", encoding="utf-8")
    lines = open_lines(path, load_charset("zh_en").members | {" "})

    found = {lines.draw(numbers(at), 1, 30) for at in range(60)}

    assert found == {"你好", "世界", "words here"}


def test_open_lines__nothing_to_write(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text("中文\n", encoding="utf-8")

    with pytest.raises(AssetError, match="no line has a character"):
        open_lines(path, frozenset("abc"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("last_end", ["\n", ""])
def test_open_lines__mapped_file_gives_every_line_alike(
    encoding: str, last_end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "MAPPED_FROM", 10)
    monkeypatch.setattr(lines_module, "_CHUNK", 64)
    monkeypatch.setattr(lines_module, "_STRIDE", 4)
    written = [f"第{number}行文字" for number in range(100, 123)]
    path = tmp_path / "corpus.txt"
    path.write_bytes(("\n".join(written) + last_end).encode(encoding))
    lines = open_lines(path, load_charset("zh_en").members)

    found = Counter(lines.draw(numbers(at), 1, 30) for at in range(3000))

    assert set(found) == set(written)
    assert max(found.values()) < 4 * min(found.values())


def test_open_lines__mapped_junk_says_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAPPED_FROM", 10)
    path = tmp_path / "corpus.txt"
    path.write_bytes("好的\n".encode() * 60_000 + b"\xff\xfe\n")

    with pytest.raises(AssetError, match="line 60001: "):
        open_lines(path, load_charset("zh_en").members)


def test_open_lines__a_book_without_line_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "MAPPED_FROM", 10)
    path = tmp_path / "corpus.txt"
    path.write_text("春眠不觉晓，处处闻啼鸟。夜来风雨声，花落知多少。" * 3000, encoding="utf-8")
    lines = open_lines(path, load_charset("zh_en").members)

    found = [lines.draw(numbers(at), 4, 12) for at in range(50)]

    assert all(4 <= len(text) <= 12 for text in found)


def test_cut__no_word_in_halves_and_no_mark_in_front() -> None:
    line = "Drink more water, eat fresh fruit and sleep eight hours a day."
    words = set(line.replace(",", " ").replace(".", " ").split())

    for at in range(80):
        piece = cut(numbers(at), line, 20)
        assert 0 < len(piece) <= 20
        assert set(piece.replace(",", " ").replace(".", " ").split()) <= words
        assert piece[0].isalpha()


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("退款（见", ["退款（见"]),
        ("退款（☃）见第二条", ["退款", "见第二条"]),
        ("甲乙，☃。丙丁", ["甲乙，", "丙丁"]),
        ("see page ( ☃ ) below", ["see page", "below"]),
        ("字" * 150 + "，" + "字" * 49 + "（注一）", ["字" * 150 + "，", "字" * 49 + "（注一）"]),
        ("字" * 199 + "（注一）", ["字" * 199, "（注一）"]),
    ],
)
def test_open_lines__pieces_do_not_end_with_what_opens(line: str, pieces: list[str], tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text(line, encoding="utf-8")
    allowed = load_charset("zh_en").members - {"☃"} | {" "}

    lines = open_lines(path, allowed)

    assert lines._data.decode().split("\n") == pieces  # type: ignore[union-attr]


@given(st.text(alphabet="ab ，（“中文-[", min_size=12, max_size=60), st.integers(1, 11), st.integers(0, 99))
def test_cut__does_not_end_with_what_opens(line: str, length: int, index: int) -> None:
    assert not cut(numbers(index), line, length).endswith(("（", "“", "["))


@given(st.text(alphabet="ab ，。12中文-（）", min_size=12, max_size=60), st.integers(1, 11), st.integers(0, 99))
def test_cut__is_a_piece_of_the_line(line: str, length: int, index: int) -> None:
    piece = cut(numbers(index), line, length)

    assert len(piece) <= length
    assert piece in line


def test_wordlist__large_table_stays_small() -> None:
    made = random.Random(1)
    words = WordList(("".join(made.choices("天地玄黄宇宙洪荒", k=4)), 1.0) for _ in range(50_000))

    joined, cumulative = words.bucket(4)

    assert len(joined) == 200_000
    assert len(cumulative) == 50_000


@pytest.mark.parametrize(
    ("line", "charset"),
    [
        ("นักประชาสัมพันธ์ของบริษัทได้แถลงข่าวเรื่องน้ำท่วมที่กรุงเทพมหานคร", "thai"),
        ("क्षत्रिय विद्यार्थियों की स्थिति और संस्कृति के विद्वान", "devanagari"),
        ("مُحَمَّدٌ رَسُولُ اللَّهِ وَالَّذِينَ مَعَهُ أَشِدَّاءُ", "arabic"),
    ],
)
def test_cut__never_parts_a_sign_from_its_letter(line: str, charset: str) -> None:
    lengths = []
    for index in range(200):
        piece = cut(numbers(index), line, 9)
        assert set(graphemes(piece)) <= set(graphemes(line)), piece
        lengths.append(len(piece))
    assert max(lengths) <= 9
    assert np.mean(lengths) > 3.5  # a whole word may be longer than the piece
    assert load_charset(charset).members | {" "} >= set(line)
