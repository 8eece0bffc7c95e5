"""Pictures for tests of the store, without files."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from annotate.records import Picture
from annotate.store import images, sources


def picture(name: str, source_id: int, **changes: Any) -> Picture:
    """A picture that is called `name` and has an id of its own."""
    known: dict[str, Any] = {
        "id": hashlib.sha256(name.encode()).hexdigest(),
        "name": name,
        "path": f"/photos/{name}",
        "copied": False,
        "width": 64,
        "height": 48,
        "bytes": 100,
        "source_id": source_id,
        "added_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Picture(**(known | changes))


def fill(session: Session, *names: str, **changes: Any) -> list[str]:
    """Add pictures to the source `/photos` and return their ids."""
    source_id = sources.put(session, "folder", "/photos")
    made = [picture(name, **{"source_id": source_id, **changes}) for name in names]
    images.add(session, made)
    return [p.id for p in made]
