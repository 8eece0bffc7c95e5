"""Searching the pool: by words, by pictures, by what is written, by all of these at once; in pages.

One vector search a query: examples add up to one vector. What is stored decides which pictures pass a filter; the
index's own fields only narrow the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from annotate.embed.towers import Vectors
from annotate.errors import NotFound
from annotate.index.connect import Connection
from annotate.index.filters import among, expression
from annotate.index.rows import PLAIN, WHOLE, Found
from annotate.queries import By, Example, Hit, Query, Results, TextQuery
from annotate.reasons import Reason
from annotate.records import Filter, Pick, Picture
from annotate.store import batches, images, vectors
from annotate.store.vectors import Collection
from annotate.workflow.context import Context
from annotate.workflow.examples import Examples
from annotate.workflow.near import without_twins
from annotate.workflow.query_vector import Weighted, similarities
from annotate.workflow.scalars import bring_scalars_up_to_date
from annotate.workflow.written import find_written, holding_words, in_order, is_common, texts_found
from synthtext.errors import UserError

PAGE_SIZE = 50
# What one search of the index gives at most.
MOST_HITS = 16_384
# A filter that lets fewer pictures through than this is handed to the index as a list of them.
_LISTED = 5_000
_MOST_LISTS = 20
# Among so many of the nearest pictures common words are looked for before all that hold them are gathered.
_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as the index is asked it, and how many results are wanted."""

    query: Query
    collection: Collection
    vector: Vectors
    by: By
    wanted: int


class Searcher:
    """Searches one workspace; keeps the connection and the model for the next search.

    Args:
        connection: to share one among several; the searcher does not close it.
    """

    def __init__(self, context: Context, connection: Connection | None = None) -> None:
        self._context = context
        self._own = connection is None
        self._connection = connection or Connection(context.workspace)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own:
            self._connection.close()

    def search(self, query: Query, page: int = 0, size: int = PAGE_SIZE) -> Results:
        """Return a page of what is found, the best first.

        Raises:
            UserError: there is nothing to search for, or an example makes no sense.
            NotFound: an image or a prompt pack is not there, or nothing has been embedded yet.
            ServiceError: Milvus or the model cannot be reached.
        """
        if page < 0 or size < 1:
            raise UserError(Reason("search.page"))
        if not query.examples and not query.liked:
            if query.written is None:
                raise UserError(Reason("search.nothing"))
            return self._by_text(query, query.written, page, size)
        common = query.written is not None and is_common(self._context, query.written)
        written = None if query.written is None or common else find_written(self._context, query.written)
        if (page + 1) * size > MOST_HITS:
            raise UserError(Reason("search.end", most=MOST_HITS))
        if written is not None and not written:
            return Results(query, (), page, False)
        return self._by_vector(query, written, page, size)

    def _by_text(self, query: Query, words: TextQuery, page: int, size: int) -> Results:
        written = None if is_common(self._context, words) else find_written(self._context, words)
        first, end = page * size, (page + 1) * size
        with self._context.db.reading() as session:
            found: list[int] = []
            for some in in_order(session, words, written):
                passing = set(some) if query.which == Filter() else images.passing(session, query.which, some)
                found += [number for number in some if number in passing]
                if len(found) > end:
                    break
            shown = found[first:end]
            pictures = images.by_number(session, shown)
            texts = texts_found(session, words, shown)
        scores = {number: 1.0 if written is None else written[number] for number in shown}
        hits = tuple(
            Hit(pictures[n], scores[n], written=texts.get(n), written_score=scores[n]) for n in shown if n in pictures
        )
        return Results(query, hits, page, len(found) > end)

    def _by_vector(self, query: Query, written: dict[int, float] | None, page: int, size: int) -> Results:
        collection = self._collection()
        reader = Examples(self._context, self._connection, collection)
        examples = reader.weighted(query)
        asked = _Asked(query, collection, reader.vector(query, examples), reader.by(query), (page + 1) * size)
        nearest = None
        if query.written is not None and written is None:
            nearest = self._common(asked, query.written)
            written = find_written(self._context, query.written) if nearest is None else None
        found, full = nearest or self._found(asked, self._wheres(query.which, collection, written), written)
        kept, twins = self._without_twins(found, query.twins)
        more = len(kept) > (page + 1) * size
        shown = kept[page * size : (page + 1) * size]
        with self._context.db.reading() as session:
            near = [number for hit in shown for number in twins[hit.number]]
            pictures = images.by_number(session, [*(hit.number for hit in shown), *near])
            texts = texts_found(session, query.written, [hit.number for hit in shown])
        hits = [
            replace(
                _hit(hit, pictures, examples, twins[hit.number]),
                written=texts.get(hit.number),
                written_score=None if query.written is None else 1.0 if written is None else written[hit.number],
            )
            for hit in shown
            if hit.number in pictures
        ]
        cut = not more and full
        if more and (page + 2) * size > MOST_HITS:
            more, cut = False, True
        return Results(query, tuple(hits), page, more, reader.model, cut)

    def _common(self, asked: _Asked, words: TextQuery) -> tuple[list[Found], bool] | None:
        """Return what is found of words that many pictures hold, or None where too few of the nearest do.

        Of common words enough are among the nearest of all pictures: that is seen sooner than all that hold them are
        gathered, and handed to the index as lists. The index's own fields do not narrow this search: they may be old.
        """
        if asked.by == "parts":
            return None
        index, name, kind = self._connection.index(), asked.collection.name, PLAIN if asked.by == "plain" else WHOLE
        k = 8 * asked.wanted + 20
        while k <= _LOOKED_AT:
            # Vectors take longer to come than numbers: those of what holds the words are fetched afterwards.
            found = index.search(name, asked.vector[None], k, kind=kind, exact=True)[0]
            full = len(found) >= k
            with self._context.db.reading() as session:
                passing = images.passing(session, asked.query.which, [hit.number for hit in found])
                holding = holding_words(session, words, passing)
            found = [hit for hit in _best_of_each(found) if hit.number in holding]
            if not full or len(found) > asked.wanted:
                held = index.vectors(name, [hit.number for hit in found], kind)
                found = [replace(hit, vector=held.get(hit.number)) for hit in found]
                if not full or len(self._without_twins(found, asked.query.twins)[0]) > asked.wanted:
                    return found, full
            k *= max(2, 1 + 2 * asked.wanted // max(1, len(found)))
        return None

    def _found(
        self, asked: _Asked, wheres: Sequence[str], written: dict[int, float] | None
    ) -> tuple[list[Found], bool]:
        """Return enough hits that pass for more than are wanted, and whether others lie behind these."""
        k = min(2 * asked.wanted + 20, MOST_HITS)
        while True:
            found = [hit for where in wheres for hit in self._search(asked, where, k)]
            full = len(found) >= k
            found = _best_of_each(found)
            with self._context.db.reading() as session:
                passing = images.passing(session, asked.query.which, [hit.number for hit in found])
            found = [hit for hit in found if hit.number in passing and (written is None or hit.number in written)]
            enough = len(self._without_twins(found, asked.query.twins)[0]) > asked.wanted
            if enough or not full or k == MOST_HITS:
                return found, full
            k = min(4 * k, MOST_HITS)

    def _without_twins(
        self, found: Sequence[Found], threshold: float | None
    ) -> tuple[list[Found], dict[int, list[int]]]:
        if threshold is None:
            return list(found), {hit.number: [] for hit in found}
        with self._context.db.reading() as session:
            looks = images.looks(session, [hit.number for hit in found])
        return without_twins(found, threshold, looks)

    def _wheres(self, which: Filter, collection: Collection, written: dict[int, float] | None) -> list[str]:
        """Return filters for the index; what is found by any of them is looked at."""
        if written is not None and len(written) <= _LISTED * _MOST_LISTS:
            numbers = sorted(written)
            return [among(numbers[at : at + _LISTED]) for at in range(0, len(numbers), _LISTED)]
        if which == Filter():
            return [""]
        with self._context.db.reading() as session:
            numbers = images.numbers(session, which, _LISTED + 1)
        if len(numbers) <= _LISTED:
            return [among(numbers)] if numbers else []
        index = self._connection.index()
        bring_scalars_up_to_date(self._context, index, collection.name)
        return [expression(which, tags=index.finds_tags)]

    def _search(self, asked: _Asked, where: str, k: int) -> list[Found]:
        index, name = self._connection.index(), asked.collection.name
        if asked.by == "parts":
            # Parts know nothing of their pictures but the number.
            return index.search_parts(name, asked.vector, k, where if where.startswith("number in") else "")
        kind = PLAIN if asked.by == "plain" else WHOLE
        return index.search(name, asked.vector[None], k, kind=kind, where=where, with_vectors=True)[0]

    def _collection(self) -> Collection:
        with self._context.db.reading() as session:
            found = vectors.active(session)
            waiting = found is None and bool(vectors.collections(session))
        if found is None:
            raise NotFound(Reason("search.begun") if waiting else Reason("search.none"))
        return found


def more_like(ids: Sequence[str], query: Query | None = None) -> Query:
    """Return the query for pictures like these, under the same filter as before."""
    old = query or Query()
    return Query(tuple(Example("image", image_id) for image_id in ids), which=old.which, twins=old.twins)


def full_id(context: Context, start: str) -> str:
    """Return the id of the one picture whose id begins so.

    Raises:
        NotFound: no picture's does.
        UserError: several do.
    """
    with context.db.reading() as session:
        found = images.by_prefix(session, start.strip().lower()) if start.strip() else []
    if not found:
        raise NotFound(Reason("image.missing", image=start))
    if len(found) > 1:
        raise UserError(Reason("image.several", image=start))
    return found[0]


def send_to_batch(context: Context, name: str, hits: Sequence[Hit], query: Query) -> tuple[int, int]:
    """Put results into a batch, a new one unless there is one of this name; return its id and how many were new."""
    picks = [
        Pick(
            hit.picture.id,
            hit.score,
            {"query": query.label, "score": round(hit.score, 4), **({"written": hit.written} if hit.written else {})},
        )
        for hit in hits
    ]
    with context.db.writing() as session:
        found = batches.find(session, name)
        batch_id = found.id if found else batches.create(session, name, context.who, f"search: {query.label}")
        return batch_id, batches.add(session, batch_id, picks)


def _hit(found: Found, pictures: dict[int, Picture], examples: Sequence[Weighted], twins: Sequence[int]) -> Hit:
    return Hit(
        pictures[found.number],
        found.score,
        parts={} if found.vector is None else dict(similarities(examples, found.vector)),
        box_xyxy=found.box_xyxy,
        twins=tuple(pictures[number].id for number in twins if number in pictures),
    )


def _best_of_each(found: Sequence[Found]) -> list[Found]:
    best: dict[int, Found] = {}
    for hit in sorted(found, key=lambda hit: (-hit.score, hit.number)):
        best.setdefault(hit.number, hit)
    return list(best.values())
