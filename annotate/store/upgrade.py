"""Bringing a database to the present schema when it is opened; one that is newer than this program is left alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, Engine

from annotate.errors import WorkspaceError

FOLDER = Path(__file__).with_name("migrations")
# Any number that no other program takes for its own lock.
_LOCK = 0x616E6E6F
_FOUND_BY = ("written_index", "written_terms", "ix_written", "names_index", "names_terms", "ix_names")


def head() -> str:
    """Return the number of the last step that this program knows."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def bring_up_to_date(engine: Engine, name: str) -> None:
    """Make the tables of an empty database, or take the steps that an older one lacks; all of them or none.

    Args:
        name: of the database, for messages.

    Raises:
        WorkspaceError: it is newer than this program, or another program's.
    """
    with engine.begin() as connection:
        if _revision(connection) == head():
            return
    with engine.connect() as opened, opened.execution_options(writes=True).begin():
        if opened.dialect.name == "postgresql":
            opened.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        revision = _revision(opened)
        if revision is not None and revision > head():
            raise WorkspaceError(
                f"{name}: made by a newer version of annotate (schema {revision}, this one knows {head()}); "
                "upgrade with: pip install --upgrade synthtext"
            )
        if revision is None and inspect(opened).get_table_names():
            raise WorkspaceError(f"{name}: the database holds tables of another program; name an empty one with --db")
        if revision != head():
            migrate(opened, "head")


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table or index is one that the classes of tables tell of; those for texts are made by their step."""
    return kind not in ("table", "index") or not str(name).startswith(_FOUND_BY)


def migrate(connection: Connection, target: str) -> None:
    """Take the steps up to `target` in the transaction of a connection."""
    from alembic import command  # takes a while to load, and is needed once in the life of a database
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("select version_num from alembic_version"))
    return None if found is None else str(found)
