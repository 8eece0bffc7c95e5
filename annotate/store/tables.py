"""What all tables share: the base class, times in UTC, and the types of keys.

Ids of pictures and clips are hex digests (`records.Picture`). Times are UTC. JSON columns hold plain lists and objects.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String, TypeDecorator
from sqlalchemy import DateTime as _DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

# A 64-bit key on PostgreSQL; SQLite numbers rows by itself only in columns declared INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")
Digest = String(64)


class Moment(TypeDecorator[datetime]):
    """A time in UTC that comes back with its zone from SQLite as from PostgreSQL."""

    impl = _DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names constraints alike on all databases, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: Moment}  # noqa: RUF012
