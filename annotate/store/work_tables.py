"""Who works on what: users, batches, leases, jobs, datasets, time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from annotate.store.tables import Base, Serial


class UserRow(Base):
    """A person who may log in."""

    __tablename__ = "users"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(12))
    password: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    disabled: Mapped[bool] = mapped_column(default=False)


class SessionRow(Base):
    """A browser that is logged in; only the digest of its token is kept."""

    __tablename__ = "sessions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("users.name", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class BatchRow(Base):
    """Pictures picked for labelling, in an order."""

    __tablename__ = "batches"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class BatchItemRow(Base):
    """One picture of a batch, with why it was picked."""

    __tablename__ = "batch_items"
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    score: Mapped[float | None]
    why: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_batch_items_position", "batch_id", "position"),)


class LeaseRow(Base):
    """Who works on a picture, and until when the others are kept off."""

    __tablename__ = "leases"
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime]


class WorkRow(Base):
    """Active time of a person on a picture; pauses of more than 30 s are left out."""

    __tablename__ = "work"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    image_id: Mapped[str] = mapped_column(ForeignKey("images.id", ondelete="CASCADE"), index=True)
    user: Mapped[str] = mapped_column(String(64))
    day: Mapped[str] = mapped_column(String(10), index=True)
    active_ms: Mapped[int] = mapped_column(BigInteger)
    actions: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class JobRow(Base):
    """Long work that runs, or ran, in a process of its own."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    args: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), index=True)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text, default="")
    pid: Mapped[int | None]
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DatasetRow(Base):
    """One export or import: what, where, with which counts."""

    __tablename__ = "datasets"
    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    direction: Mapped[str] = mapped_column(String(6))
    path: Mapped[str] = mapped_column(Text)
    formats: Mapped[str] = mapped_column(Text)
    asked: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]
    who: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
