from __future__ import annotations

import sqlite3
import threading
import warnings

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from stored_pictures import fill

from annotate.errors import WorkspaceError
from annotate.store import tallies
from annotate.store.database import Database, _write_ahead
from annotate.store.schema import Base
from annotate.store.upgrade import head, is_compared, migrate


def _engine(url: str) -> Engine:
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def test_upgrade__makes_the_tables_that_the_code_says(db: Database) -> None:
    """When this fails: python tools/new_migration.py "What is new"."""
    with db.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # indexes over expressions cannot be compared
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": is_compared}), Base.metadata
        )
        listed = (
            "select name from sqlite_master where type = 'index'" if db.sqlite else "select indexname from pg_indexes"
        )
        has = set(connection.scalars(text(listed)))
    wants = {index.name for table in Base.metadata.sorted_tables for index in table.indexes}
    assert differences == []
    assert wants - has == set()


def test_upgrade__of_an_older_database_keeps_what_is_in_it(db_url: str) -> None:
    engine = _engine(db_url)
    with engine.begin() as connection:
        migrate(connection, "0001")
        connection.execute(text("insert into sources (kind, path, added_at) values ('folder', '/p', '2026-01-01')"))
        for number in range(3):
            connection.execute(
                text(
                    "insert into images (id, source_id, name, path, copied, width, height, bytes, md5, phash, "
                    "added_at, status, rev, box_count) select :id, id, 'n', '/p', true, 1, 1, 1, '', '', '2026-01-01', "
                    "'todo', 0, 0 from sources"
                ),
                {"id": f"{number}"},
            )
    engine.dispose()
    db = Database(db_url)
    with db.writing() as session:
        assert tallies.by_status(session) == {"todo": 3}
        fill(session, "one more")
        assert tallies.by_status(session) == {"todo": 4}
        assert session.scalar(text("select version_num from alembic_version")) == head()
    db.close()


def test_upgrade__leaves_newer_and_foreign_databases_alone(db_url: str) -> None:
    Database(db_url).close()
    engine = _engine(db_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(WorkspaceError, match="made by a newer version of annotate"):
        Database(db_url)
    with engine.begin() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == "9999"
        connection.execute(text("drop table alembic_version"))
    engine.dispose()
    with pytest.raises(WorkspaceError, match="another program"):
        Database(db_url)


def test_upgrade__by_several_at_once_happens_once(db_url: str) -> None:
    faults: list[Exception] = []

    def opened() -> None:
        try:
            Database(db_url).close()
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    db = Database(db_url)
    with db.reading() as session:
        assert session.scalar(text("select count(*) from alembic_version")) == 1
    db.close()


class _Cursor:
    """Refuses a statement some times, as SQLite does while others turn the same log on."""

    def __init__(self, why: str, times: int) -> None:
        self.why, self.left, self.asked = why, times, 0

    def execute(self, statement: str) -> None:
        assert statement == "pragma journal_mode=wal"
        self.asked += 1
        if self.left:
            self.left -= 1
            raise sqlite3.OperationalError(self.why)


def test_write_ahead__is_asked_for_again_while_the_database_is_locked() -> None:
    cursor = _Cursor("database is locked", 3)
    _write_ahead(cursor)
    assert cursor.asked == 4


def test_write_ahead__another_fault_is_one() -> None:
    with pytest.raises(sqlite3.OperationalError, match="disk"):
        _write_ahead(_Cursor("disk I/O error", 1))
