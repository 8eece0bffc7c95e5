"""Finding pictures by what is written on them: what people say, and what readers have read.

A table of its own has all texts of a picture in lower case, each followed by two line ends, and every write of labels
keeps it up to date. Any part of a text is found through an index, also one of a single character, as Chinese needs it:

* SQLite: trigrams (FTS5). What has three characters or more is a phrase of trigrams. Shorter words are the beginning of
  a trigram, for the line ends let one begin at every character, so they are a range of the index's terms.
* PostgreSQL: the single characters and the pairs of each text in a GIN index, which needs no extension (`pg_trgm` sees
  no Chinese in a database of the C locale, and nothing in less than three characters).

An SQLite without FTS5 goes through the table.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, text
from sqlalchemy.orm import Session

from annotate.store.inserting import put
from annotate.store.schema import ImageRow, ReadingRow, RegionRow, WrittenRow

_CHUNK = 5000
_FEW = 500
_COMMON = 5_000
TRIGRAM = 3
_END = "\n\n"
AFTER_ALL = chr(0x10FFFF)
_LIVE = "select number from images where number in ({found}) and deleted_at is null"
_PHRASE = "select rowid from written_index where written_index match :word"
_PREFIX = "select doc from written_terms where term >= :word and term < :end"
_GRAMS = "select number from written where written_grams(text) @> :grams and text like :like"
_SCAN = "select number from written where text like :like escape '\\'"
# Made once: building a statement takes longer than SQLite needs to carry it out.
_READINGS = ReadingRow.__table__
_READ = (
    select(_READINGS.c.image_id, _READINGS.c.text)
    .where(_READINGS.c.image_id.in_(bindparam("ids", expanding=True)))
    .order_by(_READINGS.c.id)
)
_INDEXED = text("select 1 from sqlite_master where name = 'written_index'")


def note(session: Session, image_id: str) -> None:
    """Bring the texts of a picture up to date, after its regions or readings have changed."""
    note_all(session, [image_id])


def note_all(session: Session, ids: Sequence[str]) -> None:
    """Bring the texts of pictures up to date, as `note` does."""
    for at in range(0, len(ids), _FEW):
        some = ids[at : at + _FEW]
        numbers = session.execute(select(ImageRow.id, ImageRow.number).where(ImageRow.id.in_(some))).all()
        lines = _lines(session, some)
        _keep(session, {number: lines.get(image_id, []) for image_id, number in numbers})


def note_lines(session: Session, of_regions: Mapping[str, tuple[int, list[str]]]) -> None:
    """As `note_all`, for who knows the number of each picture and the texts of its regions in their order."""
    ids = list(of_regions)
    connection = session.connection()
    for at in range(0, len(ids), _FEW):
        some = ids[at : at + _FEW]
        lines = {image_id: list(of_regions[image_id][1]) for image_id in some}
        for image_id, line in connection.execute(_READ, {"ids": some}):
            lines[image_id].append(line)
        _keep(session, {of_regions[image_id][0]: lines[image_id] for image_id in some})


def _keep(session: Session, lines: Mapping[int, Iterable[str]]) -> None:
    texts = {number: folded(some) for number, some in lines.items()}
    rows = [{"number": number, "text": text} for number, text in texts.items() if text]
    put(session, WrittenRow, rows, ("number",))
    bare = [number for number, text in texts.items() if not text]
    if bare:
        session.execute(delete(WrittenRow).where(WrittenRow.number.in_(bare)))


def containing(session: Session, words: Sequence[str]) -> list[int]:
    """Return the numbers of pictures on which one of the words is written, in order; case does not matter."""
    found: set[int] = set()
    for word in words:
        statement, values = _looking_for(session, as_kept(word))
        found.update(session.scalars(text(_LIVE.format(found=statement)), values))
    return sorted(found)


def is_common(session: Session, words: Sequence[str]) -> bool:
    """Return whether one of the words is written on so many pictures that it takes long to gather them."""
    for word in words:
        statement, values = _looking_for(session, as_kept(word))
        most = text(f"select count(*) from ({statement} limit {_COMMON}) as found")
        if session.scalar(most, values) == _COMMON:
            return True
    return False


def next_containing(session: Session, words: Sequence[str], after: int, limit: int) -> list[int]:
    """Return the next numbers of pictures on which one of the words is written, in order.

    It goes through the texts one by one: right for common words, which are soon met.
    """
    query = select(WrittenRow.number).join(ImageRow, ImageRow.number == WrittenRow.number)
    query = query.where(WrittenRow.number > after, ImageRow.deleted_at.is_(None), _holds(words))
    return list(session.scalars(query.order_by(WrittenRow.number).limit(limit)))


def holding(session: Session, words: Sequence[str], numbers: Iterable[int]) -> set[int]:
    """Return on which of these pictures one of the words is written."""
    listed, found = list(numbers), set()
    for at in range(0, len(listed), _FEW):
        some = WrittenRow.number.in_(listed[at : at + _FEW])
        found |= set(session.scalars(select(WrittenRow.number).where(some, _holds(words))))
    return found


def texts(session: Session) -> Iterator[list[tuple[int, str]]]:
    """Yield all texts of all pictures in lower case, with the pictures' numbers, those of a few thousand at a time."""
    query = (
        select(WrittenRow.number, WrittenRow.text)
        .join(ImageRow, ImageRow.number == WrittenRow.number)
        .where(ImageRow.deleted_at.is_(None))
    )
    for some in session.execute(query.execution_options(yield_per=_CHUNK)).partitions(_CHUNK):
        yield [(number, line) for number, lines in some for line in lines.split(_END) if line]


def lines_of(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the texts of a few pictures as they were written, those of people first."""
    lines: dict[int, list[str]] = {}
    for at in range(0, len(numbers), _FEW):
        some = ImageRow.number.in_(numbers[at : at + _FEW])
        rows = session.execute(select(ImageRow.id, ImageRow.number).where(some)).all()
        found = _lines(session, [image_id for image_id, _ in rows])
        lines |= {number: found.get(image_id, []) for image_id, number in rows}
    return lines


def folded(lines: Iterable[str]) -> str:
    """Return the texts of a picture as they are kept for searching."""
    kept = dict.fromkeys(map(as_kept, lines))
    return "".join(line + _END for line in kept if line)


def as_kept(line: str) -> str:
    """Return a text or word as it is kept and looked for: in lower case, on one line."""
    return " ".join(line.lower().replace("\0", "").splitlines())


def escaped(word: str) -> str:
    """Return a word for `like`, with its own signs taken literally after a backslash."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def is_indexed(session: Session) -> bool:
    """Return whether the database has an index of texts."""
    return session.get_bind().dialect.name == "postgresql" or session.scalar(_INDEXED) is not None


def plain_text(line: str) -> str:
    """Return a text without what does not matter when texts are compared: case, width, white space."""
    return "".join(unicodedata.normalize("NFKC", line).casefold().split())


def _holds(words: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(WrittenRow.text.contains(as_kept(word), autoescape=True) for word in words))


def _lines(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, order in ((RegionRow, RegionRow.position), (ReadingRow, ReadingRow.id)):
        query = select(table.image_id, table.text).where(table.image_id.in_(ids), func.length(table.text) > 0)
        for image_id, line in session.execute(query.order_by(order)):
            found.setdefault(image_id, []).append(line)
    return found


def _looking_for(session: Session, word: str) -> tuple[str, dict[str, Any]]:
    """Return the query for the numbers of pictures, also of those that were taken out."""
    if session.get_bind().dialect.name == "postgresql":
        grams = [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        return _GRAMS, {"grams": grams, "like": f"%{escaped(word)}%"}
    if not is_indexed(session):
        return _SCAN, {"like": f"%{escaped(word)}%"}
    if len(word) < TRIGRAM:
        return _PREFIX, {"word": word, "end": word + AFTER_ALL}
    return _PHRASE, {"word": '"' + word.replace('"', '""') + '"'}
