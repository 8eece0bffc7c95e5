"""Forms speak the languages that are asked for, and are laid out from the right where people read from there."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from synthtext.api import load_config
from synthtext.assets.library import open_assets
from synthtext.assets.papers import FIELDS, load_papers
from synthtext.errors import AssetError
from synthtext.paths import data_dir
from synthtext.pipeline import sample
from synthtext.values import TextInstance

_SCRIPTS = {
    "ko": ("korean", "HANGUL"),
    "ja": ("japanese", "HIRAGANA KATAKANA CJK"),
    "ru": ("cyrillic", "CYRILLIC"),
    "el": ("greek_modern", "GREEK"),
    "ar": ("arabic", "ARABIC"),
    "hi": ("devanagari", "DEVANAGARI"),
    "th": ("thai", "THAI"),
    "vi": ("vietnamese", "LATIN"),
    "zh-hant": ("zh_hant_en", "CJK"),
}


def _forms(language: str, charset: str, count: int = 5) -> list[tuple[TextInstance, ...]]:
    config = load_config("form", sets=(f"text.languages={{{language}: 1}}", f"charset={charset}", "effects={}"))
    assets = open_assets(config, 3)
    return [sample(3, index, config, assets).instances for index in range(count)]


def _is_of(char: str, scripts: str) -> bool:
    return unicodedata.name(char, "").split()[0] in scripts.split()


@pytest.mark.parametrize("language", _SCRIPTS)
def test_forms__are_in_the_language_asked_for(language: str) -> None:
    charset, scripts = _SCRIPTS[language]
    pages = _forms(language, charset)
    letters = "".join(char for page in pages for one in page for char in one.text if char.isalpha())
    assert sum(_is_of(char, scripts) for char in letters) > 0.75 * len(letters)
    if language != "zh-hant":
        assert not any(_is_of(char, "CJK") for char in letters) or language == "ja"
    assert all(len(page) > 5 for page in pages)
    assert {one.category for page in pages for one in page} == {"printed", "filled"}


def test_forms__in_english_alone_hold_no_chinese() -> None:
    texts = [one.text for page in _forms("en", "zh_en", 12) for one in page]
    assert not any(_is_of(char, "CJK") for text in texts for char in text)


def test_forms__in_arabic_have_values_left_of_their_names() -> None:
    names = {name.replace(" ", "") for name in load_papers("ar").fields.values()}
    left = right = 0
    for page in _forms("ar", "arabic", 8):
        for one, after in pairwise(page):
            if one.text.rstrip(":").replace(" ", "") in names and after.category == "filled":
                left += bool(after.quad[:, 0].mean() < one.quad[:, 0].mean())
                right += bool(after.quad[:, 0].mean() >= one.quad[:, 0].mean())
    assert left >= 10
    assert right == 0


def test_banner__slogans_are_chinese_only_where_chinese_is_asked_for() -> None:
    for language, some in (("zh", True), ("en", False)):
        config = load_config("banner", sets=(f"text.languages={{{language}: 1}}", "text.mix={words: 1}", "effects={}"))
        assets = open_assets(config, 3)
        texts = "".join(one.text for index in range(10) for one in sample(3, index, config, assets).instances)
        assert any(_is_of(char, "CJK") for char in texts) == some


@pytest.mark.parametrize("path", sorted((data_dir("charsets") / "papers").glob("*.yaml")), ids=lambda path: path.stem)
def test_load_papers__every_shipped_file_is_whole(path: Path) -> None:
    papers = load_papers(path.stem)
    assert set(FIELDS) == set(papers.fields)
    assert len(set(papers.fields.values())) == len(FIELDS)


def test_load_papers__says_what_is_wrong(tmp_path: Path) -> None:
    own = tmp_path / "eo.yaml"
    own.write_text("name: Esperanto\nlatin: true\n", "utf-8")
    with pytest.raises(AssetError, match=r"no papers in language .*eo.yaml.*name a file of them as `papers`"):
        load_papers(str(own))
    text = (data_dir("charsets") / "papers" / "el.yaml").read_text("utf-8")
    for number, (old, new, said) in enumerate(
        (
            ("  Name: ", "  Nam: ", "fields: 'Name' has no name"),
            ("Γάλα=165", "Γάλα", "goods: 'Γάλα' is no thing with a price"),
            ("{d}/{m}/{y}", "{d}/{month}/{y}", "dates: '{d}/{month}/{y}' has a part that is not known"),
        )
    ):
        (tmp_path / f"{number}.yaml").write_text(text.replace(old, new), "utf-8")
        own = tmp_path / f"own{number}.yaml"
        own.write_text(f"name: Own\npapers: {number}.yaml\n", "utf-8")
        with pytest.raises(AssetError, match=said.replace("{", r"\{").replace("}", r"\}")):
            load_papers(str(own))


def test_forms__tell_that_a_corpus_is_not_used(tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("one line\nanother line\n", "utf-8")
    config = load_config("form", sets=(f"text.corpora=[{lines}]",))
    assert any("your corpus is not used" in warning for warning in open_assets(config, 1).warnings)
    assert np.all([not warning.startswith("forms") for warning in open_assets(load_config("form"), 1).warnings])
