"""The history of exports and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.dataset_records import Dataset
from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.store.schema import DatasetRow


def add_dataset(
    session: Session,
    direction: Literal["export", "import"],
    path: str,
    formats: Sequence[str],
    asked: Mapping[str, Any],
    counts: Mapping[str, Any],
    who: str,
    at: datetime,
) -> None:
    """Keep that a dataset went out or came in."""
    row = DatasetRow(direction=direction, path=path, formats=",".join(formats), asked=dict(asked), counts=dict(counts))
    row.who, row.at = who, at
    session.add(row)


def list_datasets(session: Session, limit: int = 100) -> tuple[Dataset, ...]:
    """Return the latest, newest first."""
    return tuple(
        _dataset(row) for row in session.scalars(select(DatasetRow).order_by(DatasetRow.id.desc()).limit(limit))
    )


def get_dataset(session: Session, dataset_id: int) -> Dataset:
    """Return one.

    Raises:
        NotFound: there is none.
    """
    row = session.get(DatasetRow, dataset_id)
    if row is None:
        raise NotFound(Reason("dataset.unknown", dataset=dataset_id))
    return _dataset(row)


def _dataset(row: DatasetRow) -> Dataset:
    direction: Literal["export", "import"] = "export" if row.direction == "export" else "import"
    return Dataset(row.id, direction, row.path, tuple(row.formats.split(",")), row.asked, row.counts, row.who, row.at)
