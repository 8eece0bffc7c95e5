"""Files that have been looked at, by size and time, so that adding a folder again reads none of them again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from annotate.store.inserting import put as put_rows
from annotate.store.schema import FileRow


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it was when it was looked at.

    Attributes:
        digest: the id of its picture or clip; of an archive with videos, how their frames were chosen; else empty.
    """

    path: str
    bytes: int
    mtime_ns: int
    digest: str = ""


def find(session: Session, paths: Sequence[str]) -> dict[str, SeenFile]:
    """Return what is known of these paths."""
    keys = [_key(path) for path in paths]
    rows = session.scalars(select(FileRow).where(FileRow.key.in_(keys)))
    return {row.path: SeenFile(row.path, row.bytes, row.mtime_ns, row.digest) for row in rows}


def put(session: Session, files: Sequence[SeenFile]) -> None:
    """Remember files as they are now."""
    latest = {file.path: file for file in files}
    rows = [
        {"key": _key(f.path), "path": f.path, "bytes": f.bytes, "mtime_ns": f.mtime_ns, "digest": f.digest}
        for f in latest.values()
    ]
    put_rows(session, FileRow, rows, ("key",))


def places(session: Session, digest: str) -> list[str]:
    """Return all paths at which a picture's or clip's file has been met."""
    return list(session.scalars(select(FileRow.path).where(FileRow.digest == digest).order_by(FileRow.path)))


def _key(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()
