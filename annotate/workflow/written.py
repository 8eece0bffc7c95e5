"""Pictures by what is written on them: containing a word, or nearly so."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from annotate.queries import TextQuery
from annotate.store import written
from annotate.store.written import plain_text
from annotate.workflow.context import Context
from synthtext.errors import UserError

_MOST = 200_000


def find_written(context: Context, query: TextQuery) -> dict[int, tuple[float, str]]:
    """Return how well each picture's best text fits, 0 to 1, and that text, by the picture's number.

    Raises:
        UserError: there is no word, or the bound makes no sense.
    """
    words = [word.strip() for word in query.words if word.strip()]
    if not words:
        raise UserError("nothing to look for in the texts; give a word")
    with context.db.reading() as session:
        if query.fuzzy is None:
            return {number: (1.0, text) for number, text in written.containing(session, words, _MOST).items()}
        if not 0 < query.fuzzy <= 100:
            raise UserError(f"how alike texts must be is 1 to 100, not {query.fuzzy:g}")
        wanted = [plain_text(word) for word in words]
        found: dict[int, tuple[float, str]] = {}
        for some in written.texts(session):
            for number, text, score in _alike(wanted, some, query.fuzzy):
                if score > found.get(number, (0.0, ""))[0]:
                    found[number] = (score, text)
        return found


def _alike(wanted: list[str], some: list[tuple[int, str]], bound: float) -> list[tuple[int, str, float]]:
    plain = [plain_text(text) for _, text in some]
    hits = []
    for word in wanted:
        # A text shorter than the word is compared whole: `partial_ratio` would look for the text in the word.
        long = [text if len(text) >= len(word) else None for text in plain]
        short = [text if len(text) < len(word) else None for text in plain]
        for scorer, candidates in ((fuzz.partial_ratio, long), (fuzz.ratio, short)):
            for _, score, at in process.extract_iter(word, candidates, scorer=scorer, score_cutoff=bound):
                hits.append((some[at][0], some[at][1], score / 100))
    return hits
