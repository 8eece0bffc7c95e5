"""What an export asks of the store for many pictures at once: their regions, verdicts and twins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.records import Region
from annotate.store.region_rows import REGION_COLUMNS, region_from_columns
from annotate.store.schema import ImageRow, RegionRow, ReviewRow, TwinRow

_CHUNK = 500


def regions_of(session: Session, ids: Iterable[str]) -> dict[str, tuple[Region, ...]]:
    """Return the regions of pictures in their order, without readings; those without any are left out."""
    found: dict[str, list[Region]] = {}
    table = RegionRow.__table__
    columns = [table.c[name] for name in REGION_COLUMNS]
    for some in _chunks(ids):
        query = select(table.c.image_id, *columns).where(table.c.image_id.in_(some))
        for image_id, *row in session.execute(query.order_by(table.c.image_id, table.c.position)):
            found.setdefault(image_id, []).append(region_from_columns(row, {}))
    return {image_id: tuple(regions) for image_id, regions in found.items()}


def verdicts_of(session: Session, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return revision and verdict of the last review of pictures; blind checks are none."""
    found: dict[str, tuple[int, str]] = {}
    for some in _chunks(ids):
        query = (
            select(ReviewRow.image_id, ReviewRow.rev, ReviewRow.verdict)
            .where(ReviewRow.image_id.in_(some), ReviewRow.verdict != "blind")
            .order_by(ReviewRow.id)
        )
        found |= {image_id: (rev, verdict) for image_id, rev, verdict in session.execute(query)}
    return found


def all_twins(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the ids of all pairs of pictures that are nearly the same."""
    yield from ((one, other) for one, other in session.execute(select(TwinRow.image_id, TwinRow.other_id)))


def clips_of_twins(session: Session) -> Iterator[tuple[str, str]]:
    """Yield id and clip of every frame that looks like another picture: through it two clips are one group."""
    twin = (TwinRow.image_id == ImageRow.id) | (TwinRow.other_id == ImageRow.id)
    query = select(ImageRow.id, ImageRow.clip_id).where(
        ImageRow.clip_id.is_not(None), select(TwinRow).where(twin).exists()
    )
    for image_id, clip_id in session.execute(query):
        yield image_id, f"clip {clip_id}"


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
