"""The order in which mixed directions are set: the bidirectional algorithm of Unicode (UAX #9).

Charsets hold no invisible characters, so the part about explicit embeddings and isolates is left out; what is
here agrees with the standard's own test cases on all others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_RIGHT = frozenset({"R", "AL", "AN"})
_PAIRS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽"
    "⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
#: each opening bracket with the one that closes it
BRACKETS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_CLOSING = {close: opening for opening, close in BRACKETS.items()}
# Two angle brackets are the same as two others.
_SAME = {"\u2329": "\u3008", "\u232a": "\u3009"}
_DEEPEST = 63
# Characters that were looked at and are not written from right to left: nearly all texts consist of these.
_LEFT: set[str] = set()


@lru_cache(maxsize=65536)
def bidi_class(char: str) -> str:
    """Return the bidirectional class of a character, that of its block if it is unassigned."""
    return unicodedata.bidirectional(char) or "L"


def has_right_to_left(text: str) -> bool:
    """Whether a text holds letters or digits of a script that is written from right to left."""
    if _LEFT.issuperset(text):
        return False
    if any(bidi_class(char) in _RIGHT for char in text):
        return True
    _LEFT.update(text)
    return False


def levels(text: str, base: int) -> list[int]:
    """Return the embedding level of each character: even from left to right, odd from right to left.

    Args:
        text: one line without explicit direction marks.
        base: level of the paragraph, 0 or 1.
    """
    kinds = [bidi_class(char) for char in text]
    original = list(kinds)
    _weak(kinds, "R" if base else "L")
    _paired(text, kinds, original, base)
    _neutral(kinds, base)
    found = [base + _rise(kind, base) for kind in kinds]
    return _at_ends(original, found, base)


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """Return the numbers of runs as they stand from left to right (rule L2)."""
    order = list(range(len(run_levels)))
    if not order:
        return order
    for level in range(max(run_levels), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = max(end, at + 1)
    return order


def _rise(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base % 2 == 0:
        return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)
    return 0 if kind == "R" else 1


def _weak(kinds: list[str], start: str) -> None:
    """Rules W1 to W7: marks, digits, signs between and beside digits."""
    strong = before = start
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kind = before  # W1
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kind = "AN"  # W2
        kinds[at] = before = kind
    for at, kind in enumerate(kinds):
        if kind == "AL":
            kinds[at] = "R"  # W3
    for at in range(1, len(kinds) - 1):  # W4
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in ("EN", "AN"))):
            kinds[at] = left
    at = 0
    while at < len(kinds):  # W5
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > at and ((at and kinds[at - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")):
            kinds[at:end] = ["EN"] * (end - at)
        at = end + 1
    strong = start
    for at, kind in enumerate(kinds):
        if kind in ("ES", "ET", "CS", "BN"):
            kinds[at] = "ON"  # W6
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"  # W7


def _paired(text: str, kinds: list[str], original: Sequence[str], base: int) -> None:
    """Rule N0: brackets go with what they hold, or with what stands before them."""
    along = "R" if base else "L"
    for first, last in _matches(text, kinds):
        inside = {_STRONG[kind] for kind in kinds[first + 1 : last] if kind in _STRONG}
        if along in inside:
            chosen = along
        elif inside:
            before = next((_STRONG[kind] for kind in reversed(kinds[:first]) if kind in _STRONG), along)
            chosen = before if before in inside else along
        else:
            continue
        for at in (first, last):
            kinds[at] = chosen
            follow = at + 1
            while follow < len(kinds) and original[follow] == "NSM":
                kinds[follow] = chosen
                follow += 1


def _matches(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if kinds[at] != "ON":
            continue
        char = _SAME.get(char, char)
        if char in BRACKETS:
            if len(opened) == _DEEPEST:
                return []
            opened.append((BRACKETS[char], at))
        elif char in _CLOSING:
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == char:
                    pairs.append((opened[depth][1], at))
                    del opened[depth:]
                    break
    return sorted(pairs)


def _neutral(kinds: list[str], base: int) -> None:
    """Rules N1 and N2: what has no direction takes that of its neighbours if they agree, else the paragraph's."""
    along = "R" if base else "L"
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > at:
            left = _STRONG[kinds[at - 1]] if at else along
            right = _STRONG[kinds[end]] if end < len(kinds) else along
            kinds[at:end] = [left if left == right else along] * (end - at)
        at = end + 1


def _at_ends(original: Sequence[str], found: list[int], base: int) -> list[int]:
    """Rule L1: separators, white space before them and at the end of the line are the paragraph's."""
    trailing = True
    for at in range(len(found) - 1, -1, -1):
        if original[at] in ("B", "S"):
            found[at], trailing = base, True
        elif original[at] in ("WS", "BN") and trailing:
            found[at] = base
        else:
            trailing = False
    return found
