"""Opening the database: SQLite in WAL mode, or PostgreSQL, through one engine."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pydantic_core
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session as Session
from sqlalchemy.orm import sessionmaker

from annotate.errors import MissingExtra, ServiceError, WorkspaceError
from annotate.reasons import Reason
from annotate.store.recent import Recent
from annotate.store.upgrade import bring_up_to_date
from synthtext.errors import UserError

_BUSY_MS, _PAUSE_SECONDS = 30_000, 0.01


class Database:
    """One engine and its sessions.

    Args:
        url: as SQLAlchemy reads it; `sqlite:///path` or `postgresql://...`.

    Attributes:
        recent: the labels that were saved last.

    Raises:
        WorkspaceError: the URL makes no sense.
        ServiceError: the database cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self.recent = Recent()
        # SQLite lets a writer that finds another one at work sleep, for longer each time; in this process they queue.
        self._turn = threading.Lock() if self.sqlite else nullcontext()
        try:
            bring_up_to_date(self.engine, make_url(url).render_as_string())
        except DBAPIError as error:
            self.close()
            raise ServiceError(f"{make_url(url).render_as_string()}: {' '.join(str(error.orig).split())}") from error
        except WorkspaceError:
            self.close()
            raise

    @property
    def sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing.

        Raises:
            UserError: what is looked for is nothing that the database can hold.
        """
        try:
            with self._sessions() as session:
                yield session
        except DataError as error:
            raise _refused(error) from error

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together at the end, or not at all; one writer at a time on SQLite.

        Raises:
            ServiceError: the disk is full, or the database has gone.
            UserError: a value is nothing that the database can hold.
        """
        try:
            with self._turn, self._sessions() as session, session.begin():
                session.connection(execution_options={"writes": True})
                yield session
        except DataError as error:
            raise _refused(error) from error
        except DBAPIError as error:
            if error.connection_invalidated or "disk" in str(error.orig) or "locked" in str(error.orig):
                why = str(error.orig)
                code = "save.full" if "full" in why else "save.busy" if "locked" in why else "save.unwritten"
                raise ServiceError(Reason(code, why=why)) from error
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


def _refused(error: DataError) -> UserError:
    # PostgreSQL takes no NUL in a text, and no number that is too large; SQLite takes both.
    return UserError(Reason("save.refused", why=" ".join(str(error.orig).split())))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(
            parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite", json_deserializer=pydantic_core.from_json
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise WorkspaceError(f"--db: {url!r} is no database URL: {error}") from error
    except ImportError as error:
        raise MissingExtra("PostgreSQL", "postgres") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions begin too late for `begin immediate`
    cursor = connection.cursor()
    cursor.execute(f"pragma busy_timeout={_BUSY_MS}")
    _write_ahead(cursor)
    for pragma in ("synchronous=normal", "foreign_keys=on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turn the write-ahead log on; of several who open a new database at once, SQLite refuses all but one at once."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            cursor.execute("pragma journal_mode=wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that becomes a writer in the middle cannot wait for another one.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")
