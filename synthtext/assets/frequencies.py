"""Words and their frequencies from the package wordfreq, if it is installed: far more than is shipped."""

from __future__ import annotations

from collections.abc import Iterator

from synthtext.assets.languages import load_language
from synthtext.errors import AssetError

_TAGS = {"zh": "zh", "en": "en"}
_MOST = 120_000


def frequent_words(language: str) -> Iterator[tuple[str, float]] | None:
    """Return words with their frequencies, or None if wordfreq does not know the language.

    Raises:
        AssetError: wordfreq is not installed.
    """
    try:
        import wordfreq
    except ImportError:
        raise AssetError(
            "text.wordfreq: the package wordfreq is not installed; run `pip install 'synthtext[corpus]'`,"
            " or set text.wordfreq to false for the shipped words"
        ) from None
    described = load_language(language)
    tag = described.spec.wordfreq if described is not None else _TAGS.get(language)
    if tag is None or tag not in wordfreq.available_languages():
        return None
    found = wordfreq.get_frequency_dict(tag, wordlist="best")
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    return ((word, frequency) for word, frequency in ordered if not word.isdigit())
