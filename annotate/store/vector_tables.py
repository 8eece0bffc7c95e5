"""Which pictures have vectors in which collection of the index. The vectors themselves are in Milvus alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from annotate.store.tables import Base


class CollectionRow(Base):
    """A collection of the index: one model at one revision, with one way of making vectors. At most one is searched.

    Attributes:
        model, pretrained: as `annotate.embed.towers.load_tower` takes them.
        revision: differs whenever the weights differ.
        recipe: how vectors are made, see `annotate.embed.views.Recipe`.
        active: this one is searched; another one becomes so only when it has all pictures.
        last_edit: up to which entry of the journal its scalar fields have been brought up to date.
    """

    __tablename__ = "collections"
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    model: Mapped[str] = mapped_column(Text)
    pretrained: Mapped[str] = mapped_column(Text)
    revision: Mapped[str] = mapped_column(Text)
    recipe: Mapped[dict[str, Any]]
    dim: Mapped[int]
    active: Mapped[bool] = mapped_column(default=False)
    last_edit: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]


class VectorRow(Base):
    """That a picture's vectors are in a collection of the index, or why they cannot be.

    Attributes:
        scalars: a digest of the scalar fields that the index has of the picture.
        regions: a digest of the outlines that were blurred or cut out; empty when none were asked for.
        compared: nearly the same pictures have been looked for.
        error: the picture could not be read, and is not in the index.
    """

    __tablename__ = "vectors"
    collection: Mapped[str] = mapped_column(ForeignKey("collections.name", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("images.number", ondelete="CASCADE"), primary_key=True)
    scalars: Mapped[str] = mapped_column(String(16), default="")
    regions: Mapped[str] = mapped_column(String(16), default="")
    compared: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = (Index("ix_vectors_compared", "collection", "compared", "number"),)
