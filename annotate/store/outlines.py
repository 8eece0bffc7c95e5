"""Where text is on pictures, without what it says: what is blurred or cut out before a picture is embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.records import Points
from annotate.store.region_rows import points_of
from annotate.store.schema import ImageRow, RegionRow

_CHUNK = 500


def outlines_of(session: Session, numbers: Iterable[int]) -> dict[int, tuple[Points, ...]]:
    """Return the outlines of the regions of pictures, by the pictures' numbers; pictures without any have none."""
    listed = list(numbers)
    found: dict[int, list[Points]] = {}
    for start in range(0, len(listed), _CHUNK):
        query = (
            select(ImageRow.number, RegionRow.points)
            .join(RegionRow, RegionRow.image_id == ImageRow.id)
            .where(ImageRow.number.in_(listed[start : start + _CHUNK]))
            .order_by(ImageRow.number, RegionRow.position)
        )
        for number, points in session.execute(query):
            found.setdefault(number, []).append(points_of(points))
    return {number: tuple(outlines) for number, outlines in found.items()}


def digest_of(outlines: Iterable[Points]) -> str:
    """Return a digest of outlines, to see whether they have moved; of none as well."""
    rounded = sorted(tuple((round(x), round(y)) for x, y in outline) for outline in outlines)
    return hashlib.sha256(repr(rounded).encode()).hexdigest()[:16]
