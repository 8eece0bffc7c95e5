"""Running text is broken where a typesetter would break it."""

from __future__ import annotations

import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.pipeline import sample
from synthtext.rng import Streams
from synthtext.scenes.paragraphs import broken, paragraph


@pytest.mark.parametrize(
    ("text", "room", "first", "expected"),
    [
        ("", 5.0, 5.0, []),
        ("天地玄黄宇宙洪荒", 3.0, 3.0, ["天地玄", "黄宇宙", "洪荒"]),
        ("天地玄黄宇宙洪荒", 3.0, 1.0, ["天", "地玄黄", "宇宙洪", "荒"]),
        ("天地玄。黄宇宙", 3.0, 3.0, ["天地玄。", "黄宇宙"]),
        ("one two three", 4.4, 4.4, ["one two", "three"]),
        ("extraordinary", 2.0, 2.0, ["extraordinary"]),
        ("天地玄ABC黄", 4.0, 4.0, ["天地玄", "ABC黄"]),
    ],
)
def test_broken__table(text: str, room: float, first: float, expected: list[str]) -> None:
    assert broken(text, room, first) == expected


def test_paragraph__keeps_to_one_script() -> None:
    texts = open_assets(load_config("document"), 0).texts
    draws = Streams(0, 0, 0).column("place")
    han = paragraph(draws, texts, 120, wide=True)
    latin = paragraph(draws, texts, 6_000, wide=False)
    assert sum("一" <= char <= "鿿" for char in han) > 80
    assert not any("一" <= char <= "鿿" for char in latin)
    assert latin[0].isupper()
    assert latin[-1] in ".!?"


def test_sample__document_lines_fill_their_column() -> None:
    config = load_config("document", sets=("effects={}",))
    assets = open_assets(config, 0)
    full = 0
    for index in range(4):
        lengths = sorted(len(one.text) for one in sample(0, index, config, assets).instances)
        full += sum(length >= 0.85 * lengths[int(0.9 * len(lengths))] for length in lengths)
    assert full >= 40
