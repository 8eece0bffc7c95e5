"""Pages of print: numbers before their items, marks of the script, and pages that are read from the right."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.pipeline import sample
from synthtext.values import TextInstance

_NUMBER = re.compile(r"\d+\.")


def _pages(*sets: str, count: int = 8) -> list[tuple[TextInstance, ...]]:
    config = load_config("document", sets=("effects={}", *sets))
    assets = open_assets(config, 3)
    return [sample(3, index, config, assets).instances for index in range(count)]


def _items(pages: Sequence[Sequence[TextInstance]]) -> list[tuple[TextInstance, TextInstance]]:
    """Return the numbers of lists, each with the line that follows it."""
    pairs = [(page[at], page[at + 1]) for page in pages for at in range(len(page) - 1)]
    return [(one, after) for one, after in pairs if _NUMBER.fullmatch(one.text)]


def test_document__numbers_come_before_their_items() -> None:
    items = _items(_pages())
    assert len(items) >= 5
    for number, line in items:
        height = abs(float(line.quad[3, 1] - line.quad[0, 1]))
        assert number.quad[:, 0].max() < line.quad[:, 0].mean()
        assert abs(float(number.quad[1, 1] - line.quad[0, 1])) < 1.2 * height


@pytest.mark.parametrize(
    ("language", "charset", "marks", "foreign"),
    [
        ("en", "zh_en", ",.", "，。；！？、"),
        ("ru", "cyrillic", ",.", "，。；！？、"),
        ("hi", "devanagari", ",।", "，。；！？、"),
        ("ar", "arabic", "،.", "，。；！？、"),
    ],
)
def test_document__marks_are_those_of_the_script(language: str, charset: str, marks: str, foreign: str) -> None:
    texts = "".join(
        one.text for page in _pages(f"text.languages={{{language}: 1}}", f"charset={charset}") for one in page
    )
    assert all(mark in texts for mark in marks)
    assert sum(texts.count(mark) for mark in foreign) < 0.002 * len(texts)


def test_document__in_english_alone_is_in_english() -> None:
    texts = "".join(one.text for page in _pages("text.languages={en: 1}") for one in page)
    # A heading may be a random string of the charset.
    assert sum("\u4e00" <= char <= "\u9fff" for char in texts) < 0.02 * len(texts)


def test_document__from_the_right_has_numbers_and_first_columns_there() -> None:
    pages = _pages("text.languages={ar: 1}", "charset=arabic", "text.direction=rtl", "page.sizes={960x1280: 1}")
    items = _items(pages)
    assert len(items) >= 3
    assert all(number.quad[:, 0].mean() > line.quad[:, 0].mean() for number, line in items)
    bodies = [[float(one.quad[:, 0].mean()) for one in page if len(one.text) > 12] for page in pages]
    firsts = [sum(body[: len(body) // 3]) > sum(body[-(len(body) // 3) :]) for body in bodies if len(body) > 8]
    assert len(firsts) >= 6
    assert all(firsts)
