"""Make the word lists of further languages in `charsets/corpora/`, all from sources that may be shipped.

    python tools/make_words.py UNPACKED charsets

`UNPACKED` holds the trees of the Debian packages unicode-cldr-core, mecab-ipadic and hunspell-ru (`dpkg -x`) and
the corpus folder of the Python package pythainlp as `pythainlp/`. Written are

* `<language>_terms.txt.gz`: names of countries, languages, currencies, months, units and cities, and the words that
  describe pictures, from CLDR (Unicode licence): everyday words in every language;
* `ja_words.tsv.gz` from IPADIC (costs turned into counts), `ru_words.txt.gz` (stems of Lebedev's dictionary),
  `th_words.tsv.gz` from PyThaiNLP (CC0).

The same inputs give the same bytes. Needed for maintenance only.
"""

from __future__ import annotations

import gzip
import math
import re
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

LANGUAGES = {
    "ja": "japanese",
    "ko": "korean",
    "ar": "arabic",
    "hi": "devanagari",
    "th": "thai",
    "ru": "cyrillic",
    "vi": "vietnamese",
    "el": "greek",
}
_LONGEST = 24
_IPADIC = {
    "Noun.csv": 30_000,
    "Noun.verbal.csv": 10_000,
    "Noun.adjv.csv": 2_500,
    "Noun.adverbal.csv": 500,
    "Noun.place.csv": 5_000,
    "Noun.name.csv": 4_000,
    "Noun.org.csv": 1_500,
    "Adverb.csv": 2_000,
    "Adj.csv": 1_200,
    "Verb.csv": 8_000,
}
# In IPADIC a cost of so much more means e times rarer.
_COST = 1_000.0


def main() -> None:
    """Make every list."""
    unpacked, charsets = Path(sys.argv[1]), Path(sys.argv[2])
    for language, charset in LANGUAGES.items():
        allowed = frozenset("".join((charsets / f"{charset}.txt").read_text("utf-8").split())) | {" "}
        own = frozenset(char for char in allowed if ord(char) > 0x7F)
        terms = _tidy(cldr_terms(unpacked / "usr/share/unicode/cldr/common", language), allowed, own)
        _write(charsets / "corpora" / f"{language}_terms.txt.gz", dict.fromkeys(terms))
        if language == "ja":
            _write(charsets / "corpora/ja_words.tsv.gz", japanese(unpacked / "usr/share/mecab/dic/ipadic", allowed))
        elif language == "ru":
            stems = _tidy(russian(unpacked / "usr/share/hunspell/ru_RU.dic"), allowed, own)
            _write(charsets / "corpora/ru_words.txt.gz", dict.fromkeys(stems))
        elif language == "th":
            _write(charsets / "corpora/th_words.tsv.gz", thai(unpacked / "pythainlp", allowed, own))


def cldr_terms(common: Path, language: str) -> Iterable[str]:
    """Yield names of CLDR's main file and the words of its annotations."""
    root = ET.parse(common / "main" / f"{language}.xml").getroot()
    for path in (
        "localeDisplayNames/languages/language",
        "localeDisplayNames/scripts/script",
        "localeDisplayNames/territories/territory",
        "numbers/currencies/currency/displayName",
        "dates/timeZoneNames/zone/exemplarCity",
        "dates/fields/field/displayName",
        "units/unitLength/unit/displayName",
        ".//months/monthContext/monthWidth/month",
        ".//days/dayContext/dayWidth/day",
    ):
        for node in root.iterfind(path):
            yield from _variants(node.text or "")
    for folder in ("annotations", "annotationsDerived"):
        file = common / folder / f"{language}.xml"
        for node in ET.parse(file).getroot().iter("annotation"):
            if folder == "annotations" or node.get("type") == "tts":
                for word in (node.text or "").split("|"):
                    yield from _variants(word)


def _variants(text: str) -> Iterable[str]:
    text = text.strip()
    yield text
    bare = re.sub(r"\s*[(（\[].*?[)）\]]\s*", " ", text).strip()
    if bare != text:
        yield bare


def _tidy(words: Iterable[str], allowed: frozenset[str], own: frozenset[str]) -> list[str]:
    """Return different words that can be written and hold a letter of the language, in the order of code points."""
    kept = set()
    for word in words:
        word = unicodedata.normalize("NFC", " ".join(word.replace("\u200c", " ").replace("\u200f", "").split()))
        # ASCII alone is no word of another script, but most words of Vietnamese have only some letters of their own.
        if 1 < len(word) <= _LONGEST and allowed.issuperset(word) and not own.isdisjoint(word):
            kept.add(word)
    return sorted(kept)


def japanese(folder: Path, allowed: frozenset[str]) -> dict[str, int]:
    """Return words with counts made of their costs."""
    counts: dict[str, float] = {}
    for name, most in _IPADIC.items():
        found: dict[str, float] = {}
        for line in (folder / name).read_text("euc_jp").splitlines():
            parts = line.split(",")
            word, cost = parts[0], int(parts[3])
            if name in ("Adj.csv", "Verb.csv") and parts[9] != "基本形":
                continue
            word = unicodedata.normalize("NFC", word)
            if len(word) <= 10 and allowed.issuperset(word) and not re.fullmatch(r"[ -~]+", word):
                found[word] = max(found.get(word, 0.0), min(20_000.0, math.exp((12_000 - cost) / _COST)))
        for word, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]:
            counts[word] = max(counts.get(word, 0.0), count)
    return {word: max(1, round(count)) for word, count in counts.items()}


def russian(file: Path) -> Iterable[str]:
    """Yield the stems of the dictionary."""
    for line in file.read_text("utf-8").splitlines()[1:]:
        yield line.split("/")[0].strip()


def thai(folder: Path, allowed: frozenset[str], own: frozenset[str]) -> dict[str, int]:
    """Return the words of the word list, with the counts of the textbook corpus, 1 for what is not in it."""
    counts: dict[str, int] = {}
    for line in (folder / "ttc_freq.txt").read_text("utf-8").splitlines():
        word, _, count = line.partition("\t")
        counts[word.strip()] = int(count or 0)
    words = _tidy((folder / "words_th.txt").read_text("utf-8").splitlines(), allowed, own)
    return {word: counts.get(word, 0) + 1 for word in words if " " not in word}


def _write(path: Path, words: dict[str, int] | dict[str, None]) -> None:
    if path.name.endswith(".tsv.gz"):
        ordered = sorted(words.items(), key=lambda item: (-(item[1] or 0), item[0]))
        text = "".join(f"{word}\t{count}\n" for word, count in ordered)
    else:
        text = "".join(f"{word}\n" for word in words)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
    sys.stdout.write(f"{path.name}: {len(words):,} words, {path.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
