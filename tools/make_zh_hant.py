"""Make the Traditional Chinese charset and word list from the Simplified ones.

    python -m venv env && env/bin/pip install opencc-python-reimplemented==0.1.7
    env/bin/python tools/make_zh_hant.py charsets

Writes `zh_hant_en.txt` (printable ASCII, the symbols of `zh_en`, then Big5 level 1 in its order),
`corpora/zh_hant_words.tsv.gz` (the words of `zh_words.tsv.gz` in the vocabulary of Taiwan by
OpenCC's `s2twp`, phrase by phrase; words with a character outside the charset are left out,
frequencies of words that become one are added up) and `corpora/zh_hant_phrases.txt` from
`zh_phrases.txt`. The same inputs give the same bytes. OpenCC is needed here only, never at run
time.
"""

from __future__ import annotations

import gzip
import io
import sys
import unicodedata
from pathlib import Path

from opencc import OpenCC  # type: ignore[import-not-found]


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()


def make_charset(root: Path) -> list[str]:
    """Return the characters of `zh_hant_en` in order."""
    signs = [char for char in _read(root / "zh_en.txt") if not unicodedata.name(char).startswith("CJK UNIFIED")]
    return list(dict.fromkeys([*signs, *_read(root / "big5_level1.txt")]))


def make_words(root: Path, charset: frozenset[str]) -> dict[str, int]:
    """Return word -> frequency, most frequent first."""
    convert = OpenCC("s2twp").convert
    counts: dict[str, int] = {}
    with gzip.open(root / "corpora" / "zh_words.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count = line.rstrip("\n").split("\t")
            found = unicodedata.normalize("NFC", convert(word))
            if charset.issuperset(found):
                counts[found] = counts.get(found, 0) + int(count)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def main(root: Path) -> None:
    """Write both files under `root`."""
    charset = make_charset(root)
    (root / "zh_hant_en.txt").write_text("\n".join(charset) + "\n", encoding="utf-8", newline="\n")
    words = make_words(root, frozenset(charset))
    body = "".join(f"{word}\t{count}\n" for word, count in words.items()).encode()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(body)
    (root / "corpora" / "zh_hant_words.tsv.gz").write_bytes(packed.getvalue())
    convert = OpenCC("s2twp").convert
    phrases = (root / "corpora" / "zh_phrases.txt").read_text(encoding="utf-8")
    (root / "corpora" / "zh_hant_phrases.txt").write_text(convert(phrases), encoding="utf-8", newline="\n")
    print(f"zh_hant_en: {len(charset)} characters; zh_hant_words: {len(words)} words")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
