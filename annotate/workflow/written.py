"""Pictures by what is written on them: containing a word, or nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from annotate.queries import TextQuery
from annotate.reasons import Reason
from annotate.store import written
from annotate.store.database import Session
from annotate.store.written import plain_text
from annotate.workflow.context import Context
from synthtext.errors import UserError

_FIRST, _STEP = 200, 5_000


def find_written(context: Context, query: TextQuery) -> dict[int, float]:
    """Return how well each picture's best text fits, 0 to 1, by the picture's number.

    Raises:
        UserError: there is no word, or the bound makes no sense.
    """
    words = _words(query)
    if not words:
        raise UserError(Reason("search.written"))
    with context.db.reading() as session:
        if query.fuzzy is None:
            return dict.fromkeys(written.containing(session, words), 1.0)
        if not 0 < query.fuzzy <= 100:
            raise UserError(Reason("search.fuzzy", value=query.fuzzy))
        found: dict[int, float] = {}
        for some in written.texts(session):
            for at, score in _alike(words, [line for _, line in some], query.fuzzy):
                number = some[at][0]
                found[number] = max(score, found.get(number, 0.0))
        return found


def in_order(session: Session, query: TextQuery, found: dict[int, float] | None) -> Iterator[list[int]]:
    """Yield the numbers of pictures on which the words are written, the best first, some at a time.

    Args:
        found: how well each fits; None for common words, of which all fit, in the order of coming.
    """
    if found is not None:
        order = sorted(found, key=lambda number: (-found[number], number))
        yield from (order[at : at + _STEP] for at in range(0, len(order), _STEP))
        return
    last, size = 0, _FIRST
    while some := written.next_containing(session, _words(query), last, size):
        yield some
        last, size = some[-1], min(2 * size, _STEP)


def is_common(context: Context, query: TextQuery) -> bool:
    """Return whether so many pictures hold the words that they are better gone through in order."""
    with context.db.reading() as session:
        return query.fuzzy is None and bool(_words(query)) and written.is_common(session, _words(query))


def holding_words(session: Session, query: TextQuery, numbers: Iterable[int]) -> set[int]:
    """Return which of some pictures hold the words exactly."""
    return written.holding(session, _words(query), numbers)


def texts_found(session: Session, query: TextQuery | None, numbers: Sequence[int]) -> dict[int, str]:
    """Return, of pictures that were found, the text that fits best, as it is written there."""
    if query is None:
        return {}
    found: dict[int, str] = {}
    for number, lines in written.lines_of(session, numbers).items():
        if query.fuzzy is None:
            wanted = [word.lower() for word in _words(query)]
            fitting = [line for line in lines if any(word in line.lower() for word in wanted)]
        else:
            best = sorted(_alike(_words(query), lines, query.fuzzy), key=lambda one: (-one[1], one[0]))
            fitting = [lines[at] for at, _ in best]
        if fitting:
            found[number] = fitting[0]
    return found


def _words(query: TextQuery) -> list[str]:
    return [word.strip() for word in query.words if word.strip()]


def _alike(words: Sequence[str], lines: Sequence[str], bound: float) -> list[tuple[int, float]]:
    """Return which lines are as much alike to a word, each with how much, 0 to 1."""
    plain = [plain_text(line) for line in lines]
    hits = []
    for word in map(plain_text, words):
        # A text shorter than the word is compared whole: `partial_ratio` would look for the text in the word.
        long = [line if len(line) >= len(word) else None for line in plain]
        short = [line if len(line) < len(word) else None for line in plain]
        for scorer, candidates in ((fuzz.partial_ratio, long), (fuzz.ratio, short)):
            for _, score, at in process.extract_iter(word, candidates, scorer=scorer, score_cutoff=bound):
                hits.append((at, score / 100))
    return hits
