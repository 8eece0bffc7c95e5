"""Inserting what is not there yet, in the words of either database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from annotate.store.tables import Base


def insert_for(session: Session, table: type[Base]) -> Any:
    """Return an insert into a table that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return _inserting(session.get_bind().dialect.name)(table)


def _inserting(dialect: str) -> Callable[[Any], Any]:
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # takes longer to load than all else here

    return postgresql.insert


def insert_new(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], returning: Any) -> set[Any]:
    """Insert the rows whose keys are not there yet, and return one column of those that were inserted."""
    if not rows:
        return set()
    statement = insert_for(session, table).on_conflict_do_nothing().returning(returning)
    return set(session.scalars(statement, list(rows)))


def one_writer(session: Session, what: str) -> None:
    """Let the others who ask for the same wait until this transaction is over.

    Two that insert the same keys in another order would block each other on PostgreSQL. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def put(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], keys: Sequence[str]) -> None:
    """Insert rows; where their keys are there already, the new values take the place of the old."""
    if rows:
        statement = _putting(session.get_bind().dialect.name, table, tuple(rows[0]), tuple(keys))
        session.connection().execute(statement, list(rows))


@cache  # building it takes longer than SQLite needs to carry it out
def _putting(dialect: str, table: type[Base], names: tuple[str, ...], keys: tuple[str, ...]) -> Any:
    statement = _inserting(dialect)(table.__table__)
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes)
