"""Words with weights: the shipped lists, lists of the user's own, and pools of any short texts.

A `WordList` is sorted into buckets by length and holds each bucket as one string, so that 100,000 words take
1 MB and a word of a given length costs one bisection. Lines of running text are `lines.Lines`.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path

from synthtext.assets.frequencies import frequent_words
from synthtext.assets.languages import load_language
from synthtext.assets.textfiles import read_text, tidy
from synthtext.errors import AssetError
from synthtext.paths import data_dir
from synthtext.rng import Draws

# Frequent words would crowd out the others: weights are the square root of the frequency.
_DAMPING = 0.5
_CJK_FILES = {"zh": "zh_words.tsv.gz", "zh-hant": "zh_hant_words.tsv.gz"}
_PHRASE_FILES = {"zh": "zh_phrases.txt", "zh-hant": "zh_hant_phrases.txt", "en": "en_phrases.txt"}
# The words of signs, labels and screens together weigh this much of the whole English list.
_COMMON_SHARE = 0.6
_COMMON_RANK = 20.0
_NAME_WEIGHT = 0.3


class WordList:
    """Texts with weights, by length.

    Args:
        entries: (text, weight > 0); a text that comes twice counts twice.
        allowed: texts with any other character are left out; None for all.
        max_length: longer texts are left out; None for all.
    """

    __slots__ = ("_buckets",)

    def __init__(
        self,
        entries: Iterable[tuple[str, float]],
        allowed: frozenset[str] | None = None,
        max_length: int | None = None,
    ) -> None:
        words: dict[int, list[str]] = {}
        weights: dict[int, array[float]] = {}
        for word, weight in entries:
            length = len(word)
            if not 0 < length <= (max_length or length) or not (allowed is None or allowed.issuperset(word)):
                continue
            words.setdefault(length, []).append(word)
            weights.setdefault(length, array("d")).append(weight)
        self._buckets = {
            length: ("".join(words[length]), array("d", accumulate(weights[length]))) for length in sorted(words)
        }

    def __len__(self) -> int:
        return sum(len(cumulative) for _, cumulative in self._buckets.values())

    def __iter__(self) -> Iterator[tuple[str, float]]:
        for length, (joined, cumulative) in self._buckets.items():
            before = 0.0
            for at, total in enumerate(cumulative):
                yield joined[at * length : (at + 1) * length], total - before
                before = total

    @property
    def lengths(self) -> Mapping[int, float]:
        """Length -> weight of all texts of this length, shortest first."""
        return {length: cumulative[-1] for length, (_, cumulative) in self._buckets.items()}

    def draw(self, draws: Draws, length: int) -> str:
        """Return a text of this length, one of `lengths`. Takes one number."""
        joined, cumulative = self._buckets[length]
        at = draws.weighted(cumulative) * length
        return joined[at : at + length]

    def bucket(self, length: int) -> tuple[str, array[float]]:
        """Return all texts of this length in one string, and their cumulative weights."""
        return self._buckets[length]


def load_words(
    language: str, allowed: frozenset[str], max_length: int | None = None, wordfreq: bool = False
) -> WordList:
    """Return the words of a language that have only `allowed` characters.

    Args:
        language: a tag, or the file of a language of one's own.
        wordfreq: take those of the package wordfreq if it has any; else the shipped ones.

    Raises:
        AssetError: a file of the language has faults, or wordfreq is wanted and not installed.
    """
    if wordfreq and (found := frequent_words(language)) is not None:
        return WordList(((word, weight) for word, weight in _damped(found)), allowed, max_length)
    described = load_language(language)
    if described is not None:
        return WordList(((word, weight) for word, weight in described.words() if word), allowed, max_length)
    if language == "en":
        return WordList(_english(), allowed, max_length)
    return WordList(_damped(_shipped_table(_CJK_FILES[language])), allowed, max_length)


def load_phrases(language: str, allowed: frozenset[str], max_length: int | None = None) -> WordList:
    """Return the shipped signs, notices and slogans of a language, all of one weight."""
    described = load_language(language)
    lines = described.phrases() if described is not None else _shipped(_PHRASE_FILES[language]).splitlines()
    return WordList(((line, 1.0) for line in lines), allowed, max_length)


def joining_words(allowed: frozenset[str]) -> list[str]:
    """Return the English words that stand between others (`of`, `the`, ...), shortest first."""
    glue = (
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
    )
    return [word for word in glue if allowed.issuperset(word)]


def read_weighted(path: Path, text: str) -> list[tuple[str, float]]:
    """Return the entries of a table `word<tab>weight`, words tidied.

    Raises:
        AssetError: a line is not of this form, or no weight is above 0.
    """
    entries: list[tuple[str, float]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        word, _, weight = line.rpartition("\t")
        value = _weight(weight)
        if value is None or not word.strip():
            raise AssetError(
                f"{path}: line {number}: expected a word, a tab and a weight >= 0, found {line[:40]!r};"
                " mend the line, or name the file .txt if it is no table"
            )
        if value > 0:
            entries.append((tidy(word), value))
    if not entries:
        raise AssetError(f"{path}: no word has a weight above 0")
    return entries


def is_weighted(path: Path, text: str) -> bool:
    """Whether a file is a table of words and weights: by its name, or because its first lines all look so."""
    if path.name.lower().removesuffix(".gz").endswith(".tsv"):
        return True
    first = [line for line in text[:4096].split("\n")[:20] if line.strip()]
    if len(text) > 4096 and len(first) < 20:
        first = first[:-1]
    return bool(first) and all("\t" in line and _weight(line.rpartition("\t")[2]) is not None for line in first)


def _weight(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _shipped(name: str) -> str:
    return read_text(data_dir("charsets") / "corpora" / name)


def _shipped_table(name: str) -> Iterator[tuple[str, float]]:
    for line in _shipped(name).splitlines():
        word, _, count = line.partition("\t")
        yield word, float(count)


def _damped(entries: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    return ((word, count**_DAMPING) for word, count in entries)


def _english() -> Iterator[tuple[str, float]]:
    """The common words by rank, the others alike; the list has no frequencies of its own.

    Words that join others (`of`, `the`) are left out: a line must not end with one.
    """
    common = _shipped("en_common.txt").split()
    known = {*common, *_shipped("en_joining.txt").split()}
    # Of two letters the big list holds little but chemical elements and codes; the codes are seen on signs.
    rest = [
        (word, 1.0 if word.islower() else _NAME_WEIGHT)
        for word in _shipped("en_words.txt.gz").split()
        if word not in known and (len(word) > 2 or (len(word) == 2 and word.isupper()))
    ]
    ranked = [(rank + _COMMON_RANK) ** -0.5 for rank in range(len(common))]
    scale = _COMMON_SHARE / (1 - _COMMON_SHARE) * sum(weight for _, weight in rest) / sum(ranked)
    yield from zip(common, (weight * scale for weight in ranked), strict=True)
    yield from rest
