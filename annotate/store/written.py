"""Finding pictures by what is written on them: what people say, and what readers have read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, or_, select, union
from sqlalchemy.orm import Session

from annotate.store.schema import ImageRow, ReadingRow, RegionRow

_CHUNK = 5000


def containing(session: Session, words: Sequence[str], limit: int) -> dict[int, str]:
    """Return pictures on which one of the words is written, with the text; case does not matter.

    Returns:
        the text by the picture's number, in no order; at most `limit`.
    """
    found: dict[int, str] = {}
    for table in (RegionRow, ReadingRow):
        either = or_(*(holds(table.text, word) for word in words))
        query = (
            select(ImageRow.number, table.text)
            .join(ImageRow, ImageRow.id == table.image_id)
            .where(either, ImageRow.deleted_at.is_(None))
        )
        for number, text in session.execute(query.limit(limit)):
            found.setdefault(number, text)
    return found


def with_text(word: str) -> CompoundSelect[Any]:
    """Return the query for the ids of pictures on which a word is written; case does not matter."""
    return union(*(select(table.image_id).where(holds(table.text, word)) for table in (RegionRow, ReadingRow)))


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a column contains a word; case does not matter."""
    lowered: ColumnElement[bool] = func.lower(column).contains(word.lower(), autoescape=True)
    # SQLite's `lower` knows only the letters of ASCII: what has others is also looked for as it is.
    return lowered if word.isascii() else or_(lowered, column.contains(word, autoescape=True))


def texts(session: Session) -> Iterator[list[tuple[int, str]]]:
    """Yield all texts of all pictures, with the pictures' numbers, a few thousand at a time."""
    for table in (RegionRow, ReadingRow):
        query = (
            select(ImageRow.number, table.text)
            .join(ImageRow, ImageRow.id == table.image_id)
            .where(table.text != "", ImageRow.deleted_at.is_(None))
        )
        rows = session.execute(query.execution_options(yield_per=_CHUNK))
        for some in rows.partitions(_CHUNK):
            yield [(number, text) for number, text in some]


def plain_text(text: str) -> str:
    """Return a text without what does not matter when texts are compared: case, width, white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
