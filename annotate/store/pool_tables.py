"""What is in the pool: sources, clips, pictures, and what is known of them without a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from annotate.store.tables import Base, Digest, Serial


class SourceRow(Base):
    """Where pictures came from: a folder, an archive, a list, a PDF, a video, an upload."""

    __tablename__ = "sources"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    path: Mapped[str] = mapped_column(Text, unique=True)
    added_at: Mapped[datetime]


class ClipRow(Base):
    """A video; its key frames are pictures."""

    __tablename__ = "clips"
    id: Mapped[str] = mapped_column(Digest, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    md5: Mapped[str] = mapped_column(String(32), index=True)
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    fps: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    frame_count: Mapped[int]
    kept_count: Mapped[int] = mapped_column(default=0)
    complete: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(String(16), default="auto")
    added_at: Mapped[datetime]


class ImageRow(Base):
    """A picture of the pool."""

    __tablename__ = "images"
    # The order in which pictures came: what lists are paged by, and their key in the index of vectors.
    number: Mapped[int] = mapped_column(Serial, primary_key=True)
    id: Mapped[str] = mapped_column(Digest, unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"))
    clip_id: Mapped[str | None] = mapped_column(ForeignKey("clips.id"))
    time_ms: Mapped[int | None] = mapped_column(BigInteger)
    page: Mapped[int | None]
    name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    copied: Mapped[bool]
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    md5: Mapped[str] = mapped_column(String(32), index=True)
    phash: Mapped[str] = mapped_column(String(16))
    added_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12), default="todo")
    rev: Mapped[int] = mapped_column(default=0)
    box_count: Mapped[int] = mapped_column(default=0)
    min_score: Mapped[float | None]
    deleted_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_images_status_number", "status", "number"),
        Index("ix_images_clip_time", "clip_id", "time_ms"),
        Index("ix_images_source_number", "source_id", "number"),
        Index("ix_images_min_score", "min_score"),
        Index("ix_images_box_count", "box_count"),
        {"sqlite_autoincrement": True},  # a number that was given once never comes again
    )


class TallyRow(Base):
    """How many pictures each source has in each status, kept by triggers (`store/tallies.py`); the sum counts."""

    __tablename__ = "tallies"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    source_id: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(12))
    pictures: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_tallies_key", "source_id", "status"),)


class FileRow(Base):
    """A file that has been looked at: while its size and time stay, it need not be read again."""

    __tablename__ = "files"
    # SHA-256 of the path: paths may be longer than an index of PostgreSQL takes.
    key: Mapped[str] = mapped_column(Digest, primary_key=True)
    path: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Digest, index=True)


class TagRow(Base):
    """A tag of a picture, in the order of lists."""

    __tablename__ = "image_tags"
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("images.number", ondelete="CASCADE"), primary_key=True, index=True)


class TwinRow(Base):
    """Two pictures that are nearly the same; linked, never deleted. `other_id` came first into the pool."""

    __tablename__ = "twins"
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True, index=True)
    gate: Mapped[str] = mapped_column(String(8))
    similarity: Mapped[float]


class AddingRow(Base):
    """One run of `add`: what was asked for and how it went."""

    __tablename__ = "addings"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]


class OutcomeRow(Base):
    """How one file of a run of `add` ended, when it was not simply added."""

    __tablename__ = "outcomes"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    adding_id: Mapped[int] = mapped_column(ForeignKey("addings.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    image_id: Mapped[str | None] = mapped_column(Digest)


class VerdictRow(Base):
    """What a machine said of a picture or frame and what people said of it."""

    __tablename__ = "verdicts"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    image_id: Mapped[str | None] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    machine_hit: Mapped[bool]
    human_hit: Mapped[bool]
    at: Mapped[datetime]
    extra: Mapped[dict[str, Any]]


class HardnessRow(Base):
    """How hard a picture seems to be, with the parts that the score is made of."""

    __tablename__ = "hardness"
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float] = mapped_column(index=True)
    parts: Mapped[dict[str, Any]]
    rev: Mapped[int]
    at: Mapped[datetime]
