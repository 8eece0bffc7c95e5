"""A list of words to look out for in what was read, exactly or nearly."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from synthtext.errors import UserError


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A piece of a text that is nearly a word of the list."""

    word: str
    piece: str
    distance: int


@dataclass(frozen=True, slots=True)
class WatchList:
    """Words to look out for; case, width and blanks do not matter."""

    words: tuple[str, ...]

    @staticmethod
    def read(path: Path) -> WatchList:
        """Read a list, one word a line; blank lines and lines that begin with # do not count.

        Raises:
            UserError: it cannot be read, or is empty.
        """
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path}: the watch list cannot be read: {error}") from error
        words = tuple(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))
        if not words:
            raise UserError(f"{path}: the watch list is empty; write one word a line")
        return WatchList(words)

    def hits(self, text: str) -> list[str]:
        """Return the words that stand in a text."""
        plain = folded(text)
        return [word for word in self.words if folded(word) in plain]

    def near_misses(self, text: str) -> list[NearMiss]:
        """Return the words that nearly stand in a text: one edit away, two for words of more than five characters.

        Words of two characters and less are left out: nearly everything is near to them.
        """
        plain = folded(text)
        found: list[NearMiss] = []
        for word in self.words:
            wanted = folded(word)
            if len(wanted) < 3 or wanted in plain:
                continue
            best = _nearest(wanted, plain)
            if best is not None:
                found.append(NearMiss(word, *best))
        return found


def folded(text: str) -> str:
    """Return a text for comparison: NFKC, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _nearest(wanted: str, text: str) -> tuple[str, int] | None:
    limit = 1 if len(wanted) <= 5 else 2
    best: tuple[str, int] | None = None
    lengths = range(max(1, len(wanted) - limit), len(wanted) + limit + 1)
    for length in sorted(lengths, key=lambda length: abs(length - len(wanted))):
        for start in range(len(text) - length + 1):
            piece = text[start : start + length]
            distance = int(Levenshtein.distance(wanted, piece, score_cutoff=limit))
            if distance <= limit and (best is None or distance < best[1]):
                best = piece, distance
    return best
