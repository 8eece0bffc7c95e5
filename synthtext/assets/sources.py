"""Opens all the sources of text that a configuration asks for, filtered to what can be written.

A source that cannot give a single text (no word of a language fits the charset) is left out; random strings
are always there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from synthtext.assets.clusters import random_strings
from synthtext.assets.corpus import (
    WordList,
    is_weighted,
    load_phrases,
    load_words,
    read_weighted,
)
from synthtext.assets.languages import load_language
from synthtext.assets.lines import Lines, is_large, open_lines
from synthtext.assets.mixing import COLUMN_FORMS, HAN_FORMS, LATIN_FORMS, SPACED_FORMS, MixedPhrases
from synthtext.assets.names import load_names
from synthtext.assets.patterns import Pattern, shipped_patterns, user_pattern
from synthtext.assets.pools import Choice, Languages, PatternPool, Pool
from synthtext.assets.textfiles import decode, read_bytes
from synthtext.assets.wording import HanPhrases, Phrases, RandomStrings, SpacedPhrases, Wording, is_wide
from synthtext.errors import AssetError
from synthtext.rng import Draws

_LOCALES: Mapping[str, str] = {"zh": "zh_CN", "zh-hant": "zh_TW", "en": "en_US"}
# The shipped address pattern is more like the real thing than faker's in Simplified Chinese.
_NAME_KINDS: Mapping[str, Mapping[str, float]] = {
    "zh": {"person": 3.0, "company": 2.0, "city": 1.0, "job": 1.5},
    "zh-hant": {"person": 3.0, "company": 2.0, "address": 1.5, "city": 1.0, "job": 1.5},
    "en": {"person": 3.0, "company": 2.0, "street": 1.5, "city": 1.0, "job": 1.5, "address": 0.5},
}
_NAME_LABELS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("zh", "person"): ("姓名：", "收件人：", "联系人：", "姓名", "作者：", "导演：", "主演：", "经理"),
    ("zh", "company"): ("销售方：", "制造商：", "单位：", "名称："),
    ("zh", "job"): ("职位：", "招聘", "诚聘"),
    ("zh-hant", "person"): ("姓名：", "收件人：", "聯絡人：", "作者：", "導演：", "主演："),
    ("zh-hant", "company"): ("製造商：", "單位：", "名稱："),
    ("zh-hant", "address"): ("地址：", "住址"),
    ("zh-hant", "job"): ("職位：", "誠徵"),
    ("en", "person"): ("Name: ", "Attn: ", "By ", "Dr. ", "Contact: "),
    ("en", "city"): ("Welcome to ", "City: "),
    ("en", "job"): ("Position: ", "Hiring: "),
}
_LATIN = re.compile("[A-Za-z]")
_SIGNS_WEIGHT, _FEW_SIGNS_WEIGHT = 7.0, 3.0
_FORMS_WEIGHT = 2.0
_SHARED_PATTERNS = 0.6
# What is written for a character that the charset lacks, if it has one of these.
_STAND_INS = {
    "¥": "￥Y",
    "￥": "¥Y",
    "〇": "零○",
    "–": "-",
    "—": "-",
    "′": "'",
    "″": '"',
    "°": "度",
    "×": "x",
    "～": "~",
    "~": "～-",
    "．": ".",
    "：": ":",
    "（": "(",
    "）": ")",
    "，": ",",
    "！": "!",
    "？": "?",
    "％": "%",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of the sources.

    Attributes:
        allowed: characters that may be written, U+0020 among them if texts may have spaces.
        chars: those of them that random strings are made of, in order.
        columns: texts for vertical columns.
    """

    languages: Mapping[str, float]
    allowed: frozenset[str]
    chars: str
    max_length: int
    punctuation: float
    digits: float
    columns: bool
    corpora: Sequence[str]
    patterns: Sequence[str]
    use_cache: bool
    wordfreq: bool = False

    def clean(self, text: str) -> str:
        """Return the text with stand-ins for what the charset lacks, "" if it cannot be written."""
        if self.allowed.issuperset(text):
            return text
        if " " in text and " " not in self.allowed:
            text = _closed_up(text)
        found = [char if char in self.allowed else self._stand_in(char) for char in text]
        return "".join(found) if all(found) else ""

    def _stand_in(self, char: str) -> str:
        return next((other for other in _STAND_INS.get(char, "") if other in self.allowed), "")


def _closed_up(text: str) -> str:
    """The text without its spaces, or "" if that would join two words of a spaced script."""
    words = text.split(" ")
    for left, right in pairwise(words):
        if left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum():
            return ""
    return "".join(words)


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources by their names in the mix, and what anchors are looked up in."""

    by_name: Mapping[str, Wording]
    strings: RandomStrings
    words: tuple[WordList, ...]


def open_sources(request: Request, names: frozenset[str]) -> Sources:
    """Return the sources with these names (of the mix) that can give text.

    Raises:
        AssetError: a corpus of the user's own cannot be read or used.
    """
    words = {
        language: load_words(language, request.allowed, request.max_length, request.wordfreq)
        for language, weight in request.languages.items()
        if weight > 0
    }
    latin = words.get("en") or load_words("en", request.allowed, request.max_length, request.wordfreq)
    phrases = {language: _phrases(request, language, found) for language, found in words.items() if len(found)}
    found: dict[str, Wording | None] = {
        "words": Languages({k: (phrases[k], request.languages[k]) for k in phrases}) if phrases else None,
        "mixed": _mixed(request, phrases, latin) if "mixed" in names else None,
        "patterns": _patterns(request) if "patterns" in names else None,
        "names": _names(request) if "names" in names else None,
        "lines": UserTexts(request) if "lines" in names and request.corpora else None,
    }
    wide = [char for char in request.chars if is_wide(char) and char.isalpha()] if request.columns else []
    by_name: dict[str, Wording] = {name: source for name, source in found.items() if source is not None}
    lists = [found_words for found_words in words.values() if len(found_words)]
    if "en" not in words and len(latin):
        lists.append(latin)
    spaces = " " in request.allowed and not request.columns
    if wide:
        strings = RandomStrings(wide, request.digits, spaces)
    else:
        strings = random_strings(request.chars, request.allowed, request.digits, spaces, lists)
    return Sources({**by_name, "random": strings}, strings, tuple(lists))


class UserTexts:
    """The user's own files, each drawn from alike."""

    def __init__(self, request: Request) -> None:
        self._files: list[Lines | Pool] = [_open(Path(name).expanduser(), request) for name in request.corpora]

    def fit(self, draws: Draws, length: int) -> str:
        """Return a line or a piece of one, "" if none was found that is short enough."""
        source = draws.choice(self._files)
        if isinstance(source, Pool):
            return source.fit(draws, length)
        return source.draw(draws, (length + 1) // 2, length) or source.draw(draws, 1, length)


def _open(path: Path, request: Request) -> Lines | Pool:
    if is_large(path):
        return open_lines(path, request.allowed)
    text = decode(read_bytes(path), path)
    if not is_weighted(path, text):
        return open_lines(path, request.allowed, text)
    words = WordList(read_weighted(path, text), request.allowed, request.max_length)
    if not len(words):
        raise AssetError(
            f"{path}: no word has only characters of the charset and at most {request.max_length} of them;"
            " take another charset or raise text.length.max"
        )
    return Pool(words, request.max_length)


def _phrases(request: Request, language: str, words: WordList) -> Phrases:
    described = load_language(language)
    if described is not None:
        spec = described.spec
        if not spec.spaces:
            return HanPhrases(
                words,
                request.allowed,
                request.max_length,
                request.punctuation,
                request.columns,
                spec.glue,
                spec.ends,
            )
        return SpacedPhrases(
            words, request.allowed, request.max_length, request.punctuation, spec.joining, spec.ends, spec.comma
        )
    if language == "en":
        return SpacedPhrases(words, request.allowed, request.max_length, request.punctuation)
    return HanPhrases(words, request.allowed, request.max_length, request.punctuation, request.columns)


def _mixed(request: Request, phrases: Mapping[str, Phrases], latin: WordList) -> Wording | None:
    mixed: dict[str, tuple[Wording, float]] = {}
    for language, wording in phrases.items():
        described = load_language(language)
        if language == "en":
            forms = LATIN_FORMS
        elif described is not None and described.spec.spaces:
            forms = SPACED_FORMS
        else:
            forms = COLUMN_FORMS if request.columns else HAN_FORMS
        mixed[language] = (
            MixedPhrases(forms, wording, latin, request.allowed, request.max_length),
            request.languages[language],
        )
    return Languages(mixed) if mixed else None


def _patterns(request: Request) -> Wording | None:
    weights = {name: weight for name, weight in request.languages.items() if weight > 0}
    total = sum(weights.values()) or 1.0
    pools: list[tuple[Pool | PatternPool, float]] = []
    for pattern in [*shipped_patterns(tuple(weights), request.columns), *_described_patterns(request, tuple(weights))]:
        share = weights.get(pattern.language, 0.0) / total if pattern.language != "any" else _SHARED_PATTERNS
        labels = [label for label in pattern.labels if request.allowed.issuperset(label)]
        pools.append((PatternPool(pattern, request.clean, labels, request.max_length), pattern.weight * share))
    for language, weight in weights.items():
        signs = load_phrases(language, request.allowed, request.max_length)
        if len(signs):
            # The lists of the languages in files are short: drawn as often, each line would come round too soon.
            signs_weight = _SIGNS_WEIGHT if load_language(language) is None else _FEW_SIGNS_WEIGHT
            pools.append((Pool(signs, request.max_length), signs_weight * weight / total))
    shipped = sum(weight for _, weight in pools) or 1.0
    for text in request.patterns:
        own = PatternPool(user_pattern(text, request.chars), request.clean, (), request.max_length)
        pools.append((own, shipped / len(request.patterns)))
    choice = Choice(pools, request.max_length)
    return choice if choice else None


def _described_patterns(request: Request, languages: Sequence[str]) -> Iterator[Pattern]:
    for language in languages:
        described = load_language(language)
        for number, (forms, make) in enumerate(described.makers() if described is not None else ()):
            if forms.columns or not request.columns:
                weight = forms.weight * _FORMS_WEIGHT
                yield Pattern(f"{language}_{number}", make, language, weight, forms.labels, forms.columns)


def _names(request: Request) -> Wording | None:
    pools: list[tuple[Pool | PatternPool, float]] = []
    for language, weight in request.languages.items():
        if weight <= 0:
            continue
        described = load_language(language)
        locale = described.spec.faker if described is not None else _LOCALES[language]
        if locale is None:
            continue
        found = load_names(locale, use_cache=request.use_cache)
        kinds = described.spec.names if described is not None else _NAME_KINDS[language]
        for kind, share in kinds.items():
            # Where faker lacks something in a language it gives it in English.
            own = described is None or described.spec.latin
            entries = ((request.clean(name), 1.0) for name in found[kind] if own or not _LATIN.search(name))
            names = WordList(entries, request.allowed, request.max_length)
            known = _NAME_LABELS.get((language, kind), ())
            if described is not None:
                known = described.spec.name_labels.get(kind, ())
            labels = [label for label in known if request.allowed.issuperset(label)]
            if len(names):
                pools.append((Pool(names, request.max_length, labels), share * weight))
    choice = Choice(pools, request.max_length)
    return choice if choice else None
