"""How the database goes about a question: the statements that it takes, and which of them walk over a whole table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from annotate.store.database import Database, Session


def plans_of(db: Database, ask: Callable[[Session], object]) -> list[str]:
    """Return the plan of each statement of a question, one line a step."""
    asked: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", remember)
    try:
        with db.reading() as session:
            ask(session)
    finally:
        event.remove(db.engine, "before_cursor_execute", remember)
    explain = "explain query plan " if db.sqlite else "explain "
    lines: list[str] = []
    with db.engine.connect() as connection:
        for statement, values in asked:
            if statement.lstrip().lower().startswith(("select", "with")):
                rows = connection.exec_driver_sql(explain + statement, values).all()
                lines += [str(row[-1]) for row in rows]
    return list(dict.fromkeys(lines))


def walks(plan: str) -> bool:
    """Whether a step goes through all of a table or index that grows with the pool."""
    few = ("VIRTUAL TABLE INDEX", "sqlite_master", "tallies", "batches")
    return plan.lstrip(" ->").startswith(("SCAN ", "Seq Scan")) and not any(word in plan for word in few)
