"""What counts as right: texts folded to 36 characters, words right, character errors, and who is taken for whom."""

import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

CHARS = string.digits + string.ascii_lowercase
NOTHING = ""
_KNOWN = frozenset(CHARS)


@dataclass(frozen=True)
class Score:
    """How one set of words was read.

    Attributes:
        words: how many there are.
        right: how many were read without an error.
        chars: characters in all truths together.
        errors: substitutions, deletions and insertions together.
        confusions: (true, read) pairs with how often; `NOTHING` on one side is a deletion or insertion.
    """

    words: int
    right: int
    chars: int
    errors: int
    confusions: Counter[tuple[str, str]]

    @property
    def right_percent(self) -> float:
        """Words right, in percent."""
        return 100.0 * self.right / max(1, self.words)

    @property
    def char_error_percent(self) -> float:
        """Character error rate, in percent of the characters of the truths."""
        return 100.0 * self.errors / max(1, self.chars)


def fold(text: str) -> str:
    """Return the digits and letters of a text, without case and accents: 'Café-24' gives 'cafe24'."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(char for char in plain if char in _KNOWN)


def score(truths: Sequence[str], readings: Sequence[str]) -> Score:
    """Compare folded truths with folded readings, one by one."""
    confusions: Counter[tuple[str, str]] = Counter()
    for truth, reading in zip(truths, readings, strict=True):
        confusions.update(differences(truth, reading))
    return Score(
        words=len(truths),
        right=sum(truth == reading for truth, reading in zip(truths, readings, strict=True)),
        chars=sum(map(len, truths)),
        errors=confusions.total(),
        confusions=confusions,
    )


def differences(truth: str, reading: str) -> list[tuple[str, str]]:
    """Return the edits of a shortest way from `truth` to `reading`, as (true, read) pairs."""
    if truth == reading:
        return []
    rows = [list(range(len(reading) + 1))]
    for i, char in enumerate(truth, 1):
        row = [i]
        for j, other in enumerate(reading, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (char != other)))
        rows.append(row)
    edits = []
    i, j = len(truth), len(reading)
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (truth[i - 1] != reading[j - 1]):
            i, j = i - 1, j - 1
            if truth[i] != reading[j]:
                edits.append((truth[i], reading[j]))
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            edits.append((truth[i], NOTHING))
        else:
            j -= 1
            edits.append((NOTHING, reading[j]))
    return edits[::-1]
