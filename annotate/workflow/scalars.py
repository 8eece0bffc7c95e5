"""The scalar fields of the index: what has changed in the store since they were written is written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotate.index.rows import digest_of, scalars_of
from annotate.store import images, vectors
from annotate.workflow.context import Context

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

_EDITS = 2000


def bring_scalars_up_to_date(context: Context, index: MilvusIndex, collection: str) -> int:
    """Write the scalar fields of pictures whose labels have changed since, and return how many there were."""
    written = 0
    while True:
        with context.db.reading() as session:
            mine = next((one for one in vectors.collections(session) if one.name == collection), None)
            if mine is None:
                return written
            numbers, last = vectors.edited_since(session, mine.last_edit, _EDITS)
        if last == mine.last_edit:
            break
        written += write_scalars(context, index, collection, numbers)
        with context.db.writing() as session:
            vectors.synced(session, collection, last)
    if written:
        index.flush(collection)
    return written


def write_scalars(context: Context, index: MilvusIndex, collection: str, numbers: list[int]) -> int:
    """Write the scalar fields of pictures, and return how many of them are in the collection.

    The rows are not flushed.
    """
    with context.db.reading() as session:
        scalars = {number: scalars_of(picture) for number, picture in images.by_number(session, numbers).items()}
    index.set_scalars(collection, scalars)
    with context.db.writing() as session:
        vectors.mark_scalars(session, collection, {number: digest_of(value) for number, value in scalars.items()})
    return len(scalars)
