"""Mixed texts: words, digits, Latin words and marks in the forms that signs, tickets and screens use.

A form is a string: `{z}` a phrase in the main language, `{e}` a Latin word, `{d}` a number, `{u}` a capital
letter, `~` a space; all else stands for itself. The last `{z}` takes up what is left of the wanted length. Only a
phrase that ends the text may have a mark at its end: before a bracket or another mark it would be one too many.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthtext.assets.corpus import WordList
from synthtext.assets.pattern_parts import UPPER, parts
from synthtext.assets.wording import Phrases
from synthtext.rng import Draws

HAN_FORMS = parts(
    """{z}{d} {z}{d} {d}{z} {e}{z} {z}{e} {e}{z} {z}({e}) {z}（{e}） {z}：{d} {z}:{d} {z}~{e} {e}~{z}
    {z}~{z} {z}-{z} {z}·{z} {z}（{d}） {z}({d}) {z}/{z} 【{z}】{z} {z}、{z} {z}，{z} {z}：{z}
    No.{d}~{z} {u}{d}{z} {z}{u} {z}{u}{d} {z}|{z} 《{z}》{z} “{z}”{z} {z}“{z}” {z}+{d} {z}×{d}
    @{z} #{z} {z}… {z}——{z} ★{z} {z}→{z} ①{z} ②{z} {d}.{z} ({d}){z} {d}、{z} {z}&{e} VIP{z}
    APP{z} {e}{d}{z} {z}{d}+ {z}>> {z}/{e} {z}@{e} {z}{d}% {z}-{d} {z}{e}{d} ●{z} ◆{z} ■{z}
    {z}！{z}！ {z}？{z} {e}·{z} {z}，{d} {z}={d} *{z} {z}~~{d} {z}{d}~{z} T{d}{z} ▲{z} ©{z} {z}™
    {z}® 「{z}」{z} {z}（{z}） {z}[{d}]"""
)
COLUMN_FORMS = parts(
    """{z}·{z} {z}（{z}） 《{z}》 「{z}」 『{z}』{z} {z}、{z} {z}，{z} {z}——{z} {z}…… {z}！ {z}？
    {z}。 ★{z} ◆{z} ●{z} {z}：{z} 【{z}】 “{z}” {d}{z} 第{d}{z} {z}{d}"""
)
LATIN_FORMS = parts(
    """{z}~{d} {z}-{d} {z}:~{d} {e}~&~{z} {e}/{z} {z}~({e}) {e}~({z}) #{d}~{z} {u}{d}~{z} {e}~@~{z}
    {e}'s~{z} {e}~+~{z} {d}~{z} {e},~{z} No.~{d}~{z} {z}~{d}% {z}!~{e} "{z}" '{z}' {e}~-~{z}
    {z}.{e} {z}_{d} {z}~=~{d} *{z} [{z}] {e}-{z} {z}~{u} {u}.~{z} {z}~${d} {e}:~{z} {z}... {z}~x{d}
    {z}~#{d} {z};~{e} {z}~|~{e} {z}?~{e}! ({z}) {d}.~{z} {d}/{d}~{z} {e}®~{z} {z}™ ©~{d}~{z}
    {e}_{z} {z}~>~{e}"""
)

SPACED_FORMS = parts(
    """{z}~{d} {z}-{d} {z}:~{d} {z}~/~{z} {z}~({z}) {z}~({e}) {e}~{z} {z}~{e} #{d}~{z} {d}~{z} {d}.~{z} {z}~{d}%
    {z}!~{z} "{z}" «{z}» “{z}” '{z}' {z}~-~{z} {z}~–~{z} {z}:~{z} {z},~{z} {z}،~{z} ({z}) [{z}] *{z} {z}...
    {z}~№~{d} {d}/{d}~{z} {z}~x{d} {z}~=~{d} {e}-{d}~{z} +{d}~{z} {z}?~{z}! {z}؟~{z} {z};~{z} {z}~|~{z} {z}~{d}+
    {z}_{d} {z}~@{e} {u}{d}~{z} ({d})~{z} {z}~({d}) {z}~&~{z} {z}~+~{z} {d}-{d}~{z} {z}~{d}:{d} {z}।~{z} {z}~>~{z}"""
)

_SLOT = re.compile(r"(\{[zedu]\})")
_LEAST = {"{z}": 2, "{e}": 3, "{d}": 1, "{u}": 1}
_SPREAD = {"{z}": 4, "{e}": 5, "{d}": 3, "{u}": 0}


class MixedPhrases:
    """Texts of the given forms.

    Args:
        forms: as said above.
        phrases: of the main language.
        latin: words for `{e}`; forms with it are left out when there is none.
        allowed: forms with any other character of their own are left out.
        max_length: of any text.
    """

    def __init__(
        self,
        forms: Sequence[str],
        phrases: Phrases,
        latin: WordList,
        allowed: frozenset[str],
        max_length: int,
    ) -> None:
        self._phrases = phrases
        self._latin = latin
        self._latin_lengths = frozenset(latin.lengths)
        self._upper = allowed.issuperset(UPPER)
        self._by_length: list[list[tuple[list[str], int, int]]] = [[] for _ in range(max_length + 1)]
        for form in forms:
            pieces = [piece for piece in _SLOT.split(form.replace("~", " ")) if piece]
            if not self._usable(pieces, allowed):
                continue
            least = sum(_LEAST.get(piece, len(piece)) for piece in pieces)
            last = max(at for at, piece in enumerate(pieces) if piece == "{z}")
            for length in range(least, max_length + 1):
                self._by_length[length].append((pieces, last, length - least))

    def _usable(self, pieces: list[str], allowed: frozenset[str]) -> bool:
        plain = "".join(piece for piece in pieces if piece not in _LEAST)
        needs = plain + "0123456789" * ("{d}" in pieces) + UPPER * ("{u}" in pieces)
        return allowed.issuperset(needs) and ("{e}" not in pieces or 3 in self._latin_lengths)

    def fit(self, draws: Draws, length: int) -> str:
        """Return a mixed text, or "" if the length is too short for every form."""
        forms = self._by_length[length]
        if not forms:
            return ""
        pieces, last, spare = draws.choice(forms)
        sizes: list[int] = []
        for at, piece in enumerate(pieces):
            if at == last or not spare or piece not in _LEAST:
                sizes.append(_LEAST.get(piece, 0))
            else:
                extra = draws.integer(0, min(_SPREAD[piece], spare))
                sizes.append(_LEAST[piece] + extra)
                spare -= extra
        sizes[last] += spare
        end = len(pieces) - 1
        return "".join(
            [
                piece if not size else self._slot(draws, piece, size, at == end)
                for at, (piece, size) in enumerate(zip(pieces, sizes, strict=True))
            ]
        )

    def _slot(self, draws: Draws, slot: str, size: int, at_end: bool) -> str:
        if slot == "{z}":
            return self._phrases.fit(draws, size) if at_end else self._phrases.bare(draws, size)
        if slot == "{d}":
            return str(draws.integer(10 ** (size - 1) if size > 1 else 0, 10**size - 1))
        if slot == "{u}":
            return draws.choice(UPPER)
        while size not in self._latin_lengths:
            size -= 1
        word = self._latin.draw(draws, size)
        style = draws.unit()
        if not self._upper or style < 0.3:
            return word
        return word.upper() if style < 0.65 else word[0].upper() + word[1:]
