"""What samples say: lengths, characters, anchors, determinism, and the promise of the balanced sampler."""

from __future__ import annotations

import dataclasses
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from synthtext.assets.charset import Charset, load_charset
from synthtext.assets.corpus import WordList
from synthtext.assets.lengths import length_shares
from synthtext.assets.wording import HanPhrases, SpacedPhrases
from synthtext.errors import AssetError
from synthtext.rng import Draws, Streams
from synthtext.stages.write import Texts, TextSpec, anchors_for, open_texts, required_count, write
from synthtext.values import Writing

SPECS: dict[str, tuple[str, dict[str, Any]]] = {
    "zh": ("zh_en", {}),
    "hant": ("zh_hant_en", {"languages": {"zh-hant": 0.85, "en": 0.15}}),
    "en": ("english", {"languages": {"en": 1}}),
    "en-word": (
        "english",
        {"languages": {"en": 1}, "spaces": False, "length": {"min": 1, "max": 16, "mean": 7}},
    ),
    "mixed": ("zh_en", {"mix": {"words": 0, "mixed": 1, "patterns": 0, "names": 0, "random": 0}}),
    "vertical": ("zh_en", {"direction": "ttb", "languages": {"zh": 1}, "length": {"min": 2, "max": 12}}),
    "per_char": ("zh_en", {"per_char": 10, "anchors": 2}),
    "digits": ("digits", {}),
    "level 1": ("gb2312_level1", {}),
    "thai": ("thai", {"languages": {}}),
    "japanese": ("japanese", {"languages": {}, "full_width": 1.0}),
    "long": ("zh_en", {"length": {"min": 20, "max": 60, "mean": 45}}),
    "one": ("zh_en", {"length": {"min": 1, "max": 1}}),
    "upper": ("english", {"languages": {"en": 1}, "case": {"as_is": 0, "upper": 1, "lower": 0, "title": 0}}),
}


@pytest.fixture(scope="module")
def opened() -> Callable[[str], Texts]:
    found: dict[str, Texts] = {}

    def get(name: str) -> Texts:
        if name not in found:
            charset_name, fields = SPECS[name]
            charset = load_charset(charset_name)
            found[name] = open_texts(TextSpec.model_validate(fields), charset, charset.members)
        return found[name]

    return get


def numbers(index: int, seed: int = 5) -> Draws:
    return Streams(seed, index).column("write")


def writings(texts: Texts, count: int, seed: int = 5) -> list[Writing]:
    return [write(numbers(at, seed), texts, anchors_for(seed, at, texts)) for at in range(count)]


@pytest.mark.parametrize("name", SPECS)
def test_write__keeps_its_promises(name: str, opened: Callable[[str], Texts]) -> None:
    texts = opened(name)
    length = texts.spec.length
    allowed = load_charset(SPECS[name][0]).members | ({" "} if texts.spec.spaces else set())

    for writing in writings(texts, 1500):
        text = writing.text
        assert length.min <= len(text) <= length.max
        assert allowed.issuperset(text)
        assert text == text.strip() != ""
        assert "  " not in text
        assert unicodedata.is_normalized("NFC", text)
        assert writing.direction == texts.spec.direction
        assert all(text.count(char) >= writing.anchors.count(char) for char in writing.anchors)


@pytest.mark.parametrize("name", ["zh", "hant", "en", "en-word", "vertical", "per_char", "long"])
def test_write__mean_length(name: str, opened: Callable[[str], Texts]) -> None:
    texts = opened(name)
    lengths = [len(writing.text) for writing in writings(texts, 6000)]

    assert sum(lengths) / len(lengths) == pytest.approx(texts.spec.length.wanted_mean, rel=0.05)


def test_write__every_length_comes(opened: Callable[[str], Texts]) -> None:
    counts = Counter(len(writing.text) for writing in writings(opened("zh"), 6000))

    assert set(counts) == set(range(1, 24))
    assert min(counts.values()) > 60


def test_write__same_numbers_same_text(opened: Callable[[str], Texts]) -> None:
    texts = opened("zh")
    charset = load_charset("zh_en")
    again = open_texts(texts.spec, charset, charset.members, use_cache=False)

    assert writings(texts, 400) == writings(again, 400)
    assert writings(texts, 50, seed=6) != writings(texts, 50)


def test_write__sources_come_by_their_weights(opened: Callable[[str], Texts]) -> None:
    texts = opened("zh")
    counts = Counter(writing.source for writing in writings(texts, 6000))
    weights = texts.spec.mix

    assert counts["random"] / 6000 == pytest.approx(weights.random, abs=0.03)
    assert counts["patterns"] / 6000 == pytest.approx(weights.patterns, abs=0.03)
    # Texts too short for a mixed form become words.
    assert (counts["words"] + counts["mixed"]) / 6000 == pytest.approx(weights.words + weights.mixed, abs=0.03)


def test_write__is_varied(opened: Callable[[str], Texts]) -> None:
    texts = [writing.text for writing in writings(opened("zh"), 3000) if len(writing.text) > 5]

    assert len(set(texts)) > 0.93 * len(texts)


_BEFORE_CLOSING = re.compile(r"[，、；：。！？…·,.;:!?\-—][）」』》】〉”’)\]]")
_AFTER_OPENING = re.compile(r"[（「『《【〈“‘(\[]([，、；：。！？…·,.;:!?）」』》】〉”’)\]]|$)")
_TWICE = re.compile(r"[，、；：。！？][，、；：。！？·]|[,;:!?][,.;:]|[，、,·]$")


@pytest.mark.parametrize("name", ["zh", "hant", "en", "mixed", "vertical", "long"])
def test_write__marks_stand_where_they_may(name: str, opened: Callable[[str], Texts]) -> None:
    """No mark before what closes, none after what opens, no two of them, and nothing left open at the end."""
    found = [w.text for w in writings(opened(name), 4000) if w.source in ("words", "mixed")]
    assert len(found) > 1000
    for rule in (_BEFORE_CLOSING, _AFTER_OPENING, _TWICE):
        assert [text for text in found if rule.search(text)] == []


@pytest.mark.parametrize("lengths", [(2,), (5,), (3, 7)])
def test_phrases__few_lengths_leave_nothing_hanging(lengths: tuple[int, ...]) -> None:
    """A text can't be filled up with words of these lengths; it ends with a word all the same."""
    han = HanPhrases(WordList([("中文字词语句段"[:n], 1.0) for n in lengths]), load_charset("zh_en").members, 40)
    latin = SpacedPhrases(
        WordList([("abcdefg"[:n], 1.0) for n in lengths]), load_charset("english").members | {" "}, 40
    )
    for index in range(300):
        for length in (6, 11, 16, 23, 38):
            assert han.bare(numbers(index), length)[-1:] in "中文字词语句段"
            words = latin.bare(numbers(index), length).lower().split(" ")
            assert words[-1] == "abcdefg"[: len(words[-1])]


def test_write__english_words_are_whole(opened: Callable[[str], Texts]) -> None:
    texts = opened("en")
    known = {word.lower() for words in texts.sources.words for word, _ in words}
    known |= {
        "&",
        "of",
        "in",
        "on",
        "to",
        "for",
        "and",
        "the",
        "with",
        "from",
        "your",
        "our",
        "of the",
        "for the",
    }

    for writing in writings(texts, 2000):
        if writing.source == "words":
            for word in writing.text.lower().rstrip(".!?:").split():
                assert word.rstrip(",") in known


def test_write__no_space_when_spaces_are_off(opened: Callable[[str], Texts]) -> None:
    assert not any(" " in writing.text for writing in writings(opened("en-word"), 3000))


def test_write__upper_case_only(opened: Callable[[str], Texts]) -> None:
    for writing in writings(opened("upper"), 500):
        if not writing.anchors:
            assert writing.text == writing.text.upper()


def test_write__only_what_a_face_can_draw() -> None:
    charset = load_charset("zh_en")
    writable = frozenset(charset.chars[:3000])
    texts = open_texts(TextSpec(), charset, writable)

    assert all((writable | {" "}).issuperset(writing.text) for writing in writings(texts, 1000))


def test_write__takes_microseconds(opened: Callable[[str], Texts]) -> None:
    # 20 us on a quiet machine; the bound leaves room for a busy one.
    for name in ("zh", "en"):
        texts = opened(name)
        columns = [(numbers(at), anchors_for(5, at, texts)) for at in range(2000)]
        start = time.process_time()
        for draws, anchors in columns:
            write(draws, texts, anchors)
        assert (time.process_time() - start) / len(columns) < 100e-6


def test_anchors_for__every_char_once_a_round(opened: Callable[[str], Texts]) -> None:
    texts = opened("per_char")
    chars = texts.sampler.chars
    count = 3 * len(chars) // 2

    found = Counter("".join(anchors_for(9, at, texts) for at in range(count)))

    assert set(found) == set(chars)
    assert min(found.values()) == count * 2 // len(chars)
    assert max(found.values()) <= min(found.values()) + 1


def test_write__per_char_over_whole_rounds() -> None:
    charset = Charset("few", load_charset("zh_en").chars[:600])
    texts = open_texts(TextSpec(per_char=3, anchors=2), charset, charset.members)
    needed = required_count(texts.spec, len(texts.sampler.chars))

    made = writings(texts, needed)

    seen = Counter("".join(writing.text for writing in made))
    assert needed == 900
    assert min(seen[char] for char in charset.chars) >= 3
    assert all(len(writing.anchors) == 2 for writing in made)


@pytest.mark.parametrize(
    ("per_char", "anchors", "chars", "count"),
    [(None, 1, 100, 0), (1, 1, 6923, 6923), (1000, 4, 6923, 1730750), (5, 3, 2, 4)],
)
def test_required_count__known(per_char: int | None, anchors: int, chars: int, count: int) -> None:
    assert required_count(TextSpec(per_char=per_char, anchors=anchors), chars) == count


def test_anchors_for__only_random_strings_take_them_without_per_char(opened: Callable[[str], Texts]) -> None:
    for writing in writings(opened("zh"), 500):
        assert bool(writing.anchors) == (writing.source == "random")


def test_anchors_for__leaves_out_combining_marks(opened: Callable[[str], Texts]) -> None:
    assert not any(unicodedata.combining(char) for char in opened("thai").sampler.chars)


@settings(max_examples=60, deadline=None)
@given(
    anchors=st.text(alphabet="中国馕鬱Aaz09%（）《℃@.·-", min_size=1, max_size=8),
    index=st.integers(0, 2**40),
)
def test_write__anchors_survive_whatever_they_are(anchors: str, index: int) -> None:
    texts = _anything()
    writing = write(numbers(index), texts, anchors)

    assert writing.anchors == anchors
    assert all(writing.text.count(char) >= anchors.count(char) for char in anchors)


_OPENED: list[Texts] = []


def _anything() -> Texts:
    if not _OPENED:
        charset = load_charset("zh_en_full")
        spec = TextSpec(per_char=1, anchors=8, full_width=0.5, case={"as_is": 0, "upper": 1, "lower": 1, "title": 1})  # type: ignore[arg-type]
        _OPENED.append(open_texts(spec, charset, charset.members))
    return _OPENED[0]


def test_open_texts__own_lines_and_words(tmp_path: Path) -> None:
    lines, words = tmp_path / "lines.txt", tmp_path / "words.tsv"
    lines.write_bytes("欢迎光临本店\n今天天气很好我们出去玩\n".encode("gbk"))
    words.write_text("苹果汁\t9\n香蕉牛奶\t1\n", encoding="utf-8")
    spec = TextSpec.model_validate(
        {
            "corpora": [str(lines), str(words)],
            "mix": {"words": 0, "mixed": 0, "patterns": 0, "names": 0, "random": 0, "lines": 1},
            "length": {"min": 3, "max": 12},
        }
    )
    charset = load_charset("zh_en")

    made = writings(open_texts(spec, charset, charset.members), 300)

    own = Counter(writing.text for writing in made if writing.source == "lines")
    assert {"欢迎光临本店", "苹果汁", "香蕉牛奶"} <= set(own)
    assert sum(own.values()) > 270


def test_open_texts__own_patterns() -> None:
    spec = TextSpec.model_validate(
        {"patterns": ["QX-####"], "mix": {"words": 0, "mixed": 0, "patterns": 1, "names": 0, "random": 0}}
    )
    charset = load_charset("zh_en")

    made = writings(open_texts(spec, charset, charset.members), 600)

    assert sum("QX-" in writing.text.upper() for writing in made) > 80


def test_open_texts__missing_corpus(tmp_path: Path) -> None:
    charset = load_charset("digits")

    with pytest.raises(AssetError, match=r"none\.txt"):
        open_texts(TextSpec(corpora=(str(tmp_path / "none.txt"),)), charset, charset.members)


def test_open_texts__nothing_writable() -> None:
    with pytest.raises(AssetError, match="no font draws any of its 10 characters"):
        open_texts(TextSpec(), load_charset("digits"), frozenset("abc"))


BAD = [
    ("min above max", {"length": {"min": 9, "max": 3}}, "min 9 is above max 3"),
    ("mean outside", {"length": {"max": 5, "mean": 9}}, "mean 9 is outside 1..5"),
    ("weights outside", {"length": {"max": 5, "weights": {6: 1}}}, "no length of 1..5 has one above 0"),
    ("mean outside weights", {"length": {"mean": 2, "weights": {4: 1, 6: 1}}}, "mean 2 is outside the weights' 4..6"),
    ("too many anchors", {"length": {"max": 2}, "anchors": 3}, "3 anchors do not fit 2 characters"),
    ("per_char without anchors", {"per_char": 5, "anchors": 0}, "set anchors to 1 or more"),
    ("pattern", {"patterns": ["A\\"]}, "ends in a single backslash"),
    ("unknown language", {"languages": {"fr": 1}}, "zh"),
    ("unknown key", {"lenght": {}}, "lenght"),
]


@pytest.mark.parametrize(("name", "fields", "message"), BAD, ids=[row[0] for row in BAD])
def test_text_spec__faults(name: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TextSpec.model_validate(fields)

    assert message in str(caught.value)


def test_text_spec__mean_of_a_shorter_range() -> None:
    assert TextSpec.model_validate({"length": {"max": 8}}).length.wanted_mean == 4.5
    assert TextSpec().length.wanted_mean == 10.0
    assert TextSpec.model_validate({"length": {"weights": {2: 3, 6: 1, 40: 9}}}).length.wanted_mean == 3.0


def test_length_shares__are_the_weights_when_these_have_the_mean() -> None:
    assert length_shares(1, 5, 3.0, {2: 1, 3: 2, 4: 1}) == pytest.approx([0, 0.25, 0.75, 1])


def test_length_shares__weights_in_the_middle_of_a_long_range() -> None:
    assert length_shares(1, 200, 101.0, {100: 1, 102: 1})[99] == pytest.approx(0.5)


def test_length_shares__a_mean_tilts_the_weights() -> None:
    ends = [0.0, *length_shares(1, 5, 3.4, {2: 1, 3: 2, 4: 1}), 1.0]
    shares = dict(zip(range(1, 6), np.diff(ends), strict=True))
    assert sum(length * share for length, share in shares.items()) == pytest.approx(3.4)
    assert shares[1] == pytest.approx(0) == shares[5]
    assert shares[3] / shares[2] / 2 == pytest.approx(shares[4] / shares[3] * 2)  # one factor from length to length


def test_write__vertical_has_little_latin(opened: Callable[[str], Texts]) -> None:
    made = writings(opened("vertical"), 2000)
    latin = sum(any(char.isascii() and char.isalpha() for char in writing.text) for writing in made)

    assert latin < 0.06 * len(made)
    assert all(dataclasses.replace(writing).direction == "ttb" for writing in made)
