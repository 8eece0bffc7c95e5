"""Regions of many pictures, sorted by score or by text, a page at a time: the wall of crops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from annotate.records import Region
from annotate.store.label_tables import WALL_SCORE, WALL_TEXT
from annotate.store.region_rows import region_from_json
from annotate.store.schema import BatchItemRow, ImageRow, RegionRow
from annotate.store.written import containing

_FEW = 5000

WallOrder = Literal["score", "text"]
# The sorting value, the picture and the region of the last crop of a page.
WallPlace = tuple[float | str, str, str]


def wall_page(
    session: Session,
    order: WallOrder,
    *,
    after: WallPlace | None = None,
    limit: int = 48,
    batch_id: int | None = None,
    states: Sequence[str] = (),
    categories: Sequence[str] = (),
    text: str = "",
    most_score: float | None = None,
) -> tuple[list[tuple[str, Region]], WallPlace | None]:
    """Return (picture, region) pairs in order, and the place after which the next page begins; None at the end.

    Args:
        order: lowest score first, or by text so that equal texts stand together.
        text: that the region's text holds.
        most_score: of the reader; regions without a score are left out then.
    """
    key = WALL_SCORE if order == "score" else WALL_TEXT
    query = (
        select(RegionRow, key)
        .join(ImageRow, ImageRow.id == RegionRow.image_id)
        .where(ImageRow.deleted_at.is_(None), ~RegionRow.ignore)
    )
    if after is not None:
        # The first of the two says nothing new: it lets SQLite begin in the index where the page begins.
        query = query.where(key >= after[0], tuple_(key, RegionRow.image_id, RegionRow.id) > tuple_(*after))
    if batch_id is not None:
        in_batch = select(BatchItemRow.image_id).where(BatchItemRow.batch_id == batch_id)
        query = query.where(RegionRow.image_id.in_(in_batch))
    if states:
        query = query.where(RegionRow.state.in_(states))
    if categories:
        query = query.where(RegionRow.category.in_(categories))
    if text:
        query = query.where(RegionRow.text.contains(text, autoescape=True))
        numbers = containing(session, [text])
        if len(numbers) <= _FEW:  # else it is found soon enough in the order of the page
            query = query.where(RegionRow.image_id.in_(select(ImageRow.id).where(ImageRow.number.in_(numbers))))
    if most_score is not None:
        query = query.where(most_score >= WALL_SCORE)
    rows = session.execute(query.order_by(key, RegionRow.image_id, RegionRow.id).limit(limit + 1)).all()
    found = [(row.image_id, region_from_json(vars(row))) for row, _ in rows[:limit]]
    if len(rows) <= limit:
        return found, None
    last, value = rows[limit - 1]
    return found, (value, last.image_id, last.id)
