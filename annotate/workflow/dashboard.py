"""How the work goes: what is done, seconds and actions a picture, how good it is, by person and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz.distance import Levenshtein

from annotate.reasons import Reason
from annotate.review_records import Review
from annotate.store import figures, reviews, tallies
from annotate.store.database import now
from annotate.workflow.context import Context
from synthtext.errors import UserError

_JUDGED_PICTURES = 500


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person's work on one day.

    Attributes:
        day: `YYYY-MM-DD`, UTC.
        finished: pictures confirmed or said to have no text.
        seen: pictures looked at.
        active_s: pauses of more than 30 s are left out.
        actions: strokes of keys, drags, clicks, ... that changed something.
    """

    user: str
    day: str
    finished: int
    seen: int
    active_s: float
    actions: int

    @property
    def seconds_each(self) -> float | None:
        """Active seconds a finished picture."""
        return self.active_s / self.finished if self.finished else None

    @property
    def actions_each(self) -> float | None:
        """Actions a finished picture."""
        return self.actions / self.finished if self.finished else None


@dataclass(frozen=True, slots=True)
class PersonQuality:
    """What second people said of one person's labels.

    Attributes:
        reviewed, sent_back: pictures.
        checked: pictures labelled again without seeing the labels.
        box_agreement: boxes that both have drawn, as a share of all boxes of either; None without checks.
        char_disagreement: edits between the two's texts as a share of this one's characters.
    """

    user: str
    reviewed: int
    sent_back: int
    checked: int
    box_agreement: float | None
    char_disagreement: float | None


@dataclass(frozen=True, slots=True)
class ReaderQuality:
    """How well a reader reads, by what people say of the latest finished pictures.

    Attributes:
        lines: that were compared.
        right: share of them that it read without an error.
        char_errors: edits as a share of the true characters.
    """

    reader: str
    lines: int
    right: float
    char_errors: float


@dataclass(frozen=True, slots=True)
class Dashboard:
    """See the module.

    Attributes:
        pictures: how many have each status.
        days: of the last days, the latest first.
    """

    pictures: dict[str, int]
    days: tuple[PersonDay, ...]
    people: tuple[PersonQuality, ...]
    readers: tuple[ReaderQuality, ...]

    @property
    def done(self) -> float:
        """Share of the pool that is no longer to do."""
        total = sum(self.pictures.values())
        return 1 - self.pictures.get("todo", 0) / total if total else 0.0


def dashboard(context: Context, days: int = 30) -> Dashboard:
    """Return how the work of the last days goes.

    Raises:
        UserError: not a number of days.
    """
    if not 1 <= days <= 3650:
        raise UserError(Reason("dashboard.days", days=days))
    since = now() - timedelta(days=days)
    with context.db.reading() as session:
        done = figures.finished(session, since)
        work = figures.active(session, since)
        said = reviews.reviews_since(session, since)
        pictures = tallies.by_status(session)
        readers = _readers(figures.read_and_meant(session, _JUDGED_PICTURES))
    rows = [
        PersonDay(user, day, done.get((user, day), 0), seen, time_ms / 1000, actions)
        for user, day in {*done, *work}
        for time_ms, seen, actions in [work.get((user, day), (0, 0, 0))]
    ]
    rows.sort(key=lambda row: row.user)
    rows.sort(key=lambda row: row.day, reverse=True)
    return Dashboard(pictures, tuple(rows), _people(said), readers)


def _people(said: Iterable[Review]) -> tuple[PersonQuality, ...]:
    by_person: dict[str, list[Review]] = defaultdict(list)
    for review in said:
        by_person[review.annotator].append(review)
    found = []
    for user, of_user in sorted(by_person.items()):
        verdicts = [review for review in of_user if review.verdict != "blind"]
        checks = [review.agreement for review in of_user if review.agreement is not None]
        boxes = sum(check.both + check.only_first + check.only_second for check in checks)
        chars = sum(check.chars for check in checks)
        found.append(
            PersonQuality(
                user,
                len(verdicts),
                sum(review.verdict == "reject" for review in verdicts),
                len(checks),
                sum(check.both for check in checks) / boxes if boxes else None,
                sum(check.char_errors for check in checks) / chars if chars else None,
            )
        )
    return tuple(found)


def _readers(compared: Iterable[tuple[str, str, str]]) -> tuple[ReaderQuality, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for reader, read, meant in compared:
        errors = Levenshtein.distance(read, meant)
        for place, number in enumerate((1, errors == 0, errors, len(meant))):
            sums[reader][place] += number
    return tuple(
        ReaderQuality(reader, lines, right / lines, errors / max(1, chars))
        for reader, (lines, right, errors, chars) in sorted(sums.items())
    )
