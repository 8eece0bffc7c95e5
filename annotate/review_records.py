"""The nouns of reviewing: what a second person says of a picture's labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from annotate.records import Status

Verdict = Literal["confirm", "reject", "blind"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people's labels of a picture agree.

    Attributes:
        both, only_first, only_second: boxes that both have drawn, and that one of them has.
        chars: of the first one's texts in boxes that both have drawn.
        char_errors: edits from the first one's texts to the second one's.
    """

    both: int
    only_first: int
    only_second: int
    chars: int
    char_errors: int


@dataclass(frozen=True, slots=True)
class Review:
    """What a second person said of a picture's labels.

    Attributes:
        rev: that was looked at.
        annotator: who had made the labels.
        verdict: `blind` when the second person labelled the picture without seeing them.
        agreement: of a blind check.
    """

    image_id: str
    rev: int
    user: str
    annotator: str
    verdict: Verdict
    reason: str
    at: datetime
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far one person's labels agree with another one's, over all pictures that both have labelled unseen.

    Attributes:
        annotator, user: the first and the second person.
        pictures: that both have labelled; the other numbers are sums of `Agreement`.
    """

    annotator: str
    user: str
    pictures: int
    both: int
    only_first: int
    only_second: int
    chars: int
    char_errors: int


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A finished picture that waits for a second person.

    Attributes:
        number: of the picture; lists are paged by it.
        annotator: who last changed its labels.
    """

    number: int
    image_id: str
    name: str
    status: Status
    rev: int
    annotator: str
