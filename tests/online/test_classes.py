"""Class ids are PaddleOCR's, and targets run as the text stands."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.api import load_config, samples
from synthtext.labels.ppocr import write_dict
from synthtext.online import Classes
from synthtext.online.classes import as_it_stands

ABC = Classes(("a", "b", "c", " "))


def test_of__ids_are_the_lines_of_the_dictionary_after_the_blank() -> None:
    config = load_config("rec-zh")
    classes = Classes.of(config)
    lines = Path("charsets/zh_en.txt").resolve().read_text("utf-8").splitlines()
    paddle = ["blank", *lines, " "]  # what CTCLabelDecode makes of dict.txt with use_space_char
    assert len(classes) == len(paddle) == 6925
    assert classes.encode(lines[0] + lines[-1] + " ") == [1, len(lines), len(lines) + 1]
    assert [paddle[number] for number in classes.encode("今天 OK")] == list("今天 OK")
    assert write_dict(classes.chars).decode().splitlines() == lines


def test_of__no_space_where_texts_have_none() -> None:
    classes = Classes.of(load_config("rec-en-word"))
    assert " " not in classes.chars
    with pytest.raises(ValueError, match=r"'a b': ' ' \(U\+0020\) has no class"):
        classes.encode("a b")


@pytest.mark.parametrize(
    ("name", "ids", "text"),
    [
        ("empty", [], ""),
        ("blanks only", [0, 0, 0], ""),
        ("repeats are one", [1, 1, 2, 2, 2], "ab"),
        ("a blank parts repeats", [1, 0, 1, 1], "aa"),
        ("space", [1, 4, 4, 3], "a c"),
    ],
)
def test_decode__case(name: str, ids: list[int], text: str) -> None:
    assert ABC.decode(ids) == text


def test_decode__no_such_class() -> None:
    with pytest.raises(ValueError, match=r"class 5 does not exist; there are 5 \(0..4\)"):
        ABC.decode([1, 5])


@given(st.text("abc ", max_size=20))
def test_encode__what_a_perfect_head_would_say_is_read_back(text: str) -> None:
    ids = ABC.encode(text)
    steps = [step for number in ids for step in (number, number, 0)]
    assert ABC.decode(steps) == text
    assert ABC.text([*ids, 0, 0]) == text


def test_as_it_stands__follows_the_characters_from_left_to_right() -> None:
    seen = 0
    for sample in samples(load_config("rec-ar", sets=["bend.chance=0"]), 60):
        instance = sample.instances[0]
        stands = as_it_stands(instance.text, instance.direction)
        assert sorted(stands) == sorted(instance.text)
        letters = [char for char in stands if unicodedata.category(char) in ("Lo", "Nd", "Lu", "Ll")]
        middles = instance.cell_quads[:, :, 0].min(1) + instance.cell_quads[:, :, 0].max(1)
        chars = [instance.chars[place][0] for place in np.argsort(middles)]
        plain = [char for char in chars if unicodedata.category(char) in ("Lo", "Nd", "Lu", "Ll")]
        seen += letters == plain
    assert seen >= 54  # ligatures share a place; nearly all lines have none


def test_as_it_stands__leaves_other_text_alone() -> None:
    assert as_it_stands("Ab 12", "ltr") == "Ab 12"
    assert as_it_stands("上下", "ttb") == "上下"
    assert as_it_stands("אב 12", "rtl") == "12 בא"
