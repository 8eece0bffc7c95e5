"""Which pictures hold a word, in their name or written on them: a condition for queries over pictures.

A rare word is looked up in the indexes of texts (`written`) and of names, which are alike. A common one is not: the
database would gather most of the pool before it shows the first page. The next pictures that hold it are then soon
found by going through them in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, TextualSelect, column, exists, func, or_, select, text
from sqlalchemy.orm import Session

from annotate.store.schema import ImageRow, WrittenRow
from annotate.store.written import AFTER_ALL, TRIGRAM, as_kept, escaped, is_indexed

_FEW = 5_000
_NAMED = 300
_BOTH = "select number from (select {one} union all select {other}) as found limit :most"
_PHRASE = _BOTH.format(
    one="rowid as number from written_index where written_index match :word",
    other="rowid from names_index where names_index match :word",
)
_PREFIX = _BOTH.format(
    one="doc as number from written_terms where term >= :word and term < :end",
    other="doc from names_terms where term >= :word and term < :end",
)
_GRAMS = _BOTH.format(
    one="number from written where written_grams(text) @> written_grams(:word) and text like :like",
    other="number from images where written_grams(lower(name)) @> written_grams(lower(:word)) "
    "and lower(name) like lower(:like)",
)


@dataclass(frozen=True, slots=True)
class Holding:
    """How pictures that hold a word are found.

    Attributes:
        condition: that a picture holds it.
        few: whether few do; the condition then names them.
    """

    condition: ColumnElement[bool]
    few: bool


def holding(session: Session, word: str) -> Holding:
    """Return how pictures that hold a word are found; case does not matter."""
    word = as_kept(word)
    if not is_indexed(session):
        return Holding(_compared(word), False)
    found = list(session.scalars(_looked_up(session, word, _FEW + 1)))
    if len(found) > _FEW:
        return Holding(_compared(word), False)
    # Looking up again costs more than naming some, and less than naming thousands.
    again = found if len(found) <= _NAMED else _looked_up(session, word, _FEW)
    return Holding(ImageRow.number.in_(again), True)


def among_the_first(session: Session, word: str, most: int) -> ColumnElement[bool] | None:
    """Return the condition that a picture is among so many that hold a word; None without an index."""
    if not is_indexed(session):
        return None
    return ImageRow.number.in_(_looked_up(session, as_kept(word), most))


def _looked_up(session: Session, word: str, most: int) -> TextualSelect:
    values: dict[str, Any]
    if session.get_bind().dialect.name == "postgresql":
        statement, values = _GRAMS, {"word": word, "like": f"%{escaped(word)}%"}
    elif len(word) < TRIGRAM:
        statement, values = _PREFIX, {"word": word, "end": word + AFTER_ALL}
    else:
        statement, values = _PHRASE, {"word": '"' + word.replace('"', '""') + '"'}
    return text(statement).bindparams(most=most, **values).columns(column("number", BigInteger))


def _compared(word: str) -> ColumnElement[bool]:
    lowered: ColumnElement[bool] = func.lower(ImageRow.name).contains(word, autoescape=True)
    written = WrittenRow.text.contains(word, autoescape=True)
    return or_(lowered, exists(select(1).where(WrittenRow.number == ImageRow.number, written)))
