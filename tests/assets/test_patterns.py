"""Patterns: check digits checked by other means, Chinese numerals, patterns of the user's own."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.assets.numerals import ean_digit, formal_amount, han_digits, han_number, id_check, luhn_digit
from synthtext.assets.pattern_codes import address_zh, book, card, email, identity_zh, plate_zh, url
from synthtext.assets.pattern_numbers import amount_formal
from synthtext.assets.pattern_times import date, date_en
from synthtext.assets.patterns import Pattern, check_pattern, shipped_patterns, user_pattern
from synthtext.rng import Draws, Streams

EVERY = shipped_patterns(("zh", "zh-hant", "en"))


def numbers(index: int) -> Draws:
    return Streams(7, index).column("write")


def luhn_holds(number: str) -> bool:
    """The check as ISO/IEC 7812-1 words it, by a table of doubled digits."""
    doubled = "0246813579"
    return sum(int(doubled[int(d)] if at % 2 else d) for at, d in enumerate(reversed(number))) % 10 == 0


@pytest.mark.parametrize("pattern", EVERY, ids=[pattern.name for pattern in EVERY])
def test_shipped_patterns__every_one_gives_clean_and_different_text(pattern: Pattern) -> None:
    texts = [pattern.make(numbers(at)) for at in range(60)]

    assert len(set(texts)) > 12
    assert texts == [pattern.make(numbers(at)) for at in range(60)]
    for text in texts:
        assert text == text.strip() != ""
        assert "  " not in text
        assert unicodedata.is_normalized("NFC", text)
        assert not set(text) & set("\t\n{}")


def test_shipped_patterns__by_language_and_direction() -> None:
    assert {pattern.language for pattern in shipped_patterns(("en",))} == {"any", "en"}
    assert all(pattern.columns for pattern in shipped_patterns(("zh", "en"), columns=True))


def test_shipped_patterns__traditional_is_not_simplified() -> None:
    simplified = set(
        "价优会员国场宝实尔层广庆应开张总户时机栋楼气汇满热现电码约级线罗联节计订设证评课负货贰车边这选邮间阳陆页项预额风"
    )
    texts = [
        label + pattern.make(numbers(at))
        for pattern in shipped_patterns(("zh-hant",))
        if pattern.language == "zh-hant"
        for at in range(40)
        for label in (pattern.labels or ("",))
    ]

    assert not simplified & set("".join(texts))


HAN = [
    (0, "零"),
    (7, "七"),
    (10, "十"),
    (15, "十五"),
    (20, "二十"),
    (105, "一百零五"),
    (110, "一百一十"),
    (1001, "一千零一"),
    (2026, "二千零二十六"),
    (10000, "一万"),
    (10010, "一万零一十"),
    (12345, "一万二千三百四十五"),
    (100000005, "一亿零五"),
]


@pytest.mark.parametrize(("number", "text"), HAN)
def test_han_number__known(number: int, text: str) -> None:
    assert han_number(number) == text


def test_han_digits__year() -> None:
    assert han_digits("2026") == "二〇二六"
    assert han_digits("2026", zero="零") == "二零二六"


AMOUNTS = [
    (0, "零元整"),
    (5, "伍分"),
    (50, "伍角整"),
    (100, "壹元整"),
    (1000, "壹拾元整"),
    (12305, "壹佰贰拾叁元零伍分"),
    (12350, "壹佰贰拾叁元伍角整"),
    (1230000, "壹万贰仟叁佰元整"),
    (100050000, "壹佰万零伍佰元整"),
    (680132, "陆仟捌佰零壹元叁角贰分"),
]


@pytest.mark.parametrize(("cents", "text"), AMOUNTS)
def test_formal_amount__known(cents: int, text: str) -> None:
    assert formal_amount(cents) == text


def test_check_digits__published_examples() -> None:
    assert luhn_digit("7992739871") == "3"
    assert luhn_digit("411111111111111") == "1"
    assert id_check("11010519491231002") == "X"
    assert id_check("44052418800101001") == "4"
    assert ean_digit("978030640615") == "7"
    assert ean_digit("400638133393") == "1"


def test_identity_zh__check_character() -> None:
    for at in range(200):
        number = identity_zh(numbers(at))
        # GB 11643: the sum of a_i * 2^(i-1) over all places, counted from the right, is 1 modulo 11.
        values = [10 if char == "X" else int(char) for char in reversed(number)]
        assert len(number) == 18
        assert sum(value * 2**place for place, value in enumerate(values)) % 11 == 1


def test_card__whole_numbers_pass_luhn() -> None:
    seen = 0
    for at in range(200):
        text = card(numbers(at))
        if "*" not in text:
            seen += 1
            assert luhn_holds(text.replace(" ", ""))
    assert seen > 100


def test_book__check_digit() -> None:
    for at in range(100):
        digits = [int(char) for char in book(numbers(at)) if char.isdigit()]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


FORMS = [
    (plate_zh, r"[\u4e00-\u9fff][A-Z][·  ]?[A-HJ-NP-Z0-9]{4,6}[学警挂]?"),
    (date, r"[\d/.: -]{5,16}"),
    (date_en, r"[A-Za-z0-9 ,.-]{5,20}"),
    (url, r"(https?://)?(www\.)?[a-z0-9.]+\.[a-z]+(/[a-z0-9]+)?"),
    (email, r"[a-z0-9._]*@[a-z0-9._]+"),
    (address_zh, r"[\u4e00-\u9fff0-9]{2,30}"),
]


@pytest.mark.parametrize(("make", "form"), FORMS, ids=[make.__name__ for make, _ in FORMS])
def test_patterns__have_their_form(make, form: str) -> None:  # type: ignore[no-untyped-def]
    for at in range(100):
        assert re.fullmatch(form, make(numbers(at)))


USER = [
    ("digits", "No.###", r"No\.\d{3}"),
    ("letters", "@@-??", r"[A-Z]{2}-[a-z]{2}"),
    ("any", "<*>", r"<[甲乙]>"),
    ("escapes", r"\#\@\?\*\\#", r"#@\?\*\\\d"),
    ("plain", "票价：12元", r"票价：12元"),
]


@pytest.mark.parametrize(("name", "pattern", "form"), USER, ids=[row[0] for row in USER])
def test_user_pattern__places(name: str, pattern: str, form: str) -> None:
    made = user_pattern(pattern, "甲乙")

    for at in range(20):
        assert re.fullmatch(form, made.make(numbers(at)))


@pytest.mark.parametrize("pattern", ["", "  ", "A\\", "#\\\\\\"])
def test_check_pattern__faults(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        check_pattern(pattern)


@given(st.text(min_size=1, max_size=12).filter(str.strip), st.integers(0, 999))
def test_user_pattern__any_escaped_text_is_itself(text: str, index: int) -> None:
    escaped = "".join("\\" + char for char in text)

    assert user_pattern(escaped, "x").make(numbers(index)) == text


def test_amount_formal__says_once_what_it_is() -> None:
    made = [amount_formal(Streams(0, index).column("write")) for index in range(300)]
    assert not any("大写" in text for text in made)  # its labels say so
    assert 60 < sum(text.startswith("人民币") for text in made) < 140
