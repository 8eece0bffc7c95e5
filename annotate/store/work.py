"""Active time and actions of people, a row a visit to a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from annotate.store.schema import WorkRow


def add_work(
    session: Session, image_id: str, user: str, active_ms: int, actions: Mapping[str, int], at: datetime
) -> None:
    """Keep how long a person was active on a picture and how often they did what."""
    session.execute(
        insert(WorkRow).values(
            image_id=image_id,
            user=user,
            day=at.date().isoformat(),
            active_ms=active_ms,
            actions=dict(actions),
            at=at,
        )
    )
