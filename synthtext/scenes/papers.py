"""The papers of a run's languages, with the names of people and places that are filled into them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synthtext.assets.languages import load_language
from synthtext.assets.names import KINDS, load_names
from synthtext.config import Config
from synthtext.errors import AssetError
from synthtext.rng import Draws
from synthtext.scenes.answers import Answers, Names
from synthtext.scenes.fields import NAME
from synthtext.scenes.paperwork import Paperwork, paperwork
from synthtext.scenes.worded import WordedAnswers
from synthtext.spec import Weighted

# Layouts that write names of people and companies where the layout wants them.
_NAMING = frozenset({"form", "banner"})
_LOCALES = {"zh": "zh_CN", "zh-hant": "zh_TW", "en": "en_US"}
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """What the papers of a run say.

    Attributes:
        languages: drawn from for every form.
        names: language -> kind -> names.
    """

    languages: Weighted[Paperwork]
    names: Mapping[str, Names]

    def draw(self, draws: Draws) -> Paperwork:
        """Return the language of a form."""
        return self.languages.draw(draws)

    def answers(self, draws: Draws, papers: Paperwork) -> Answers:
        """Return what is filled into a form."""
        names = self.names[papers.language]
        if papers.described is not None:
            return WordedAnswers(draws, papers.described, names)
        return Answers(draws, papers.chinese, names)


def open_papers(config: Config, allowed: frozenset[str], use_cache: bool = True) -> Papers | None:
    """Return the papers of a configuration's languages; None for layouts that have none.

    Languages whose letters the charset lacks are left out; where none is left, forms are in English.

    Args:
        allowed: characters that can be written.

    Raises:
        AssetError: a language has no papers, or a file of them has faults.
    """
    if config.page is None or config.page.layout not in _NAMING:
        return None
    wanted = {language: weight for language, weight in config.text.languages.items() if weight > 0} or {"en": 1.0}
    if config.page.layout == "banner":  # slogans are in Chinese alone
        wanted = {language: weight for language, weight in wanted.items() if language == "zh"} or {"en": 1.0}
    weights: dict[Paperwork, float] = {}
    # Chinese comes last, which few draws then move.
    for language in sorted(wanted, key=lambda name: name == "zh"):
        found = paperwork(language)
        if allowed.issuperset(found.name(NAME).replace(" ", "")):
            weights[found] = wanted[language]
    if not weights:
        weights[paperwork("en")] = 1.0
    names = {papers.language: _names(papers.language, use_cache) for papers in weights}
    return Papers(Weighted(weights), names)


def _names(language: str, use_cache: bool) -> dict[str, Sequence[str]]:
    described = load_language(language)
    locale = described.spec.faker if described is not None else _LOCALES[language]
    if locale is None:
        raise AssetError(f"forms: language {language!r} has no people: name a locale of faker as `faker` in its file")
    found = load_names(locale, use_cache=use_cache)
    if described is None or described.spec.latin:
        return dict(found)
    # Where faker lacks something in a language it gives it in English.
    return {kind: [name for name in found[kind] if not _LATIN.search(name)] for kind in KINDS}
