"""What is written on pictures: regions, readings, and the journal of every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from annotate.store.tables import Base, Serial


class RegionRow(Base):
    """An outline on a picture, as it is now; `edits` tell how it was."""

    __tablename__ = "regions"
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    points: Mapped[list[Any]]
    text: Mapped[str] = mapped_column(Text, index=False)
    state: Mapped[str] = mapped_column(String(12))
    category: Mapped[str] = mapped_column(String(64))
    ignore: Mapped[bool]
    ignore_reason: Mapped[str | None] = mapped_column(String(32))
    direction: Mapped[str] = mapped_column(String(3))
    origin: Mapped[str] = mapped_column(String(80))
    score: Mapped[float | None]
    tags: Mapped[list[Any]]
    extra: Mapped[dict[str, Any]]


# What a wall of crops is sorted by; a region without a score was drawn by a person and comes last. Numbers stand in the
# statement as they are: with parameters in their place SQLite does not see that an index has the expression.
WALL_SCORE = func.coalesce(RegionRow.score, literal_column("2.0"))
WALL_TEXT = func.substr(RegionRow.text, literal_column("1"), literal_column("32"))
Index("ix_regions_wall_score", WALL_SCORE, RegionRow.image_id, RegionRow.id)
Index("ix_regions_wall_text", WALL_TEXT, RegionRow.image_id, RegionRow.id)


class ReadingRow(Base):
    """What one reader read in one region; a new reading by the same reader takes the place of the old."""

    __tablename__ = "readings"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    region_id: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    char_scores: Mapped[list[Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("image_id", "region_id", "reader"),)


class WrittenRow(Base):
    """All that is written on a picture, for searching: made of its regions and readings, see `store/written.py`."""

    __tablename__ = "written"
    number: Mapped[int] = mapped_column(Serial, ForeignKey("images.number", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class ReadRow(Base):
    """That a reader has been through a picture, with what it found, or why it failed."""

    __tablename__ = "reads"
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    reader: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]
    found: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)


class EditRow(Base):
    """The journal: every change of a picture's labels or status, with who and when; enough to go back to it."""

    __tablename__ = "edits"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"))
    rev: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(24))
    # {"put": [regions changed or new, whole], "removed": [ids], "order": [ids] if it changed, "status": ...}
    change: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("image_id", "rev"),)


class ReviewRow(Base):
    """A second person's verdict about a picture's labels at a revision, or their own labels of a blind check."""

    __tablename__ = "reviews"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), index=True)
    rev: Mapped[int]
    user: Mapped[str] = mapped_column(String(64))
    annotator: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    labels: Mapped[list[Any] | None] = mapped_column(JSON)
    agreement: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)
