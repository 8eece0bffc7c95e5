"""A small pool for tests: pictures drawn on the spot, rows written straight into the store."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
from sqlalchemy import insert

from annotate.records import Region
from annotate.store.database import now
from annotate.store.schema import BatchItemRow, BatchRow, ImageRow, SourceRow
from annotate.workflow.context import Context


def put_picture(context: Context, name: str = "a.jpg", size_wh: tuple[int, int] = (320, 240), seed: int = 0) -> str:
    """Draw a picture with some text on it, put it into the pool, and return its id."""
    width, height = size_wh
    rng = np.random.default_rng(seed)
    base = rng.integers(40, 215, 3)
    image = np.clip(base + np.linspace(-30, 30, width)[None, :, None] + np.zeros((height, 1, 3)), 0, 255)
    image = np.ascontiguousarray(image.astype(np.uint8))
    for row in range(1, max(2, height // 60)):
        cv2.putText(image, f"line {row}", (20, 60 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255, 255, 255), 2)
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
    data += name.encode()
    image_id = hashlib.sha256(data).hexdigest()
    relative = f"media/{image_id[:2]}/{image_id}.jpg"
    file = context.workspace.root / relative
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    put_row(context, image_id, name, relative, size_wh, copied=True)
    return image_id


def put_row(
    context: Context, image_id: str, name: str, path: str, size_wh: tuple[int, int], copied: bool = True
) -> None:
    """Put a row of a picture into the store, with a file or without."""
    with context.db.writing() as session:
        source = session.query(SourceRow).first()
        if source is None:
            source = SourceRow(kind="folder", path="tests", added_at=now())
            session.add(source)
            session.flush()
        session.execute(
            insert(ImageRow).values(
                id=image_id,
                source_id=source.id,
                name=name,
                path=path,
                copied=copied,
                width=size_wh[0],
                height=size_wh[1],
                bytes=1,
                md5=image_id[:32],
                phash="0" * 16,
                added_at=now(),
                status="todo",
                rev=0,
                box_count=0,
            )
        )


def put_batch(context: Context, name: str, image_ids: list[str]) -> int:
    """Make a batch of pictures and return its number."""
    with context.db.writing() as session:
        batch = BatchRow(name=name, note="", created_by=context.who, created_at=now())
        session.add(batch)
        session.flush()
        for position, image_id in enumerate(image_ids):
            session.add(BatchItemRow(batch_id=batch.id, image_id=image_id, position=position, why={}))
        return batch.id


def box(region_id: str, x: float = 10, y: float = 10, w: float = 60, h: float = 20, text: str = "text") -> Region:
    """A rectangle with a text."""
    return Region(region_id, "rect", ((x, y), (x + w, y), (x + w, y + h), (x, y + h)), text, origin="person:test")
