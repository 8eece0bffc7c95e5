"""What every use case works with: the workspace, its database, and who is asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotate.store.database import Database
from annotate.workspace import Workspace, open_workspace

# Who acts when nobody has logged in: the owner of the machine, at the command line or on the loopback address.
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Context:
    """The first argument of every use case.

    Attributes:
        who: the name that goes into the journal.
    """

    workspace: Workspace
    db: Database
    who: str = LOCAL


@contextmanager
def open_context(root: Path, *, create: bool = False, who: str = LOCAL, **settings: Any) -> Iterator[Context]:
    """Open a workspace and its database, and close the database at the end.

    Args:
        create: make the workspace if there is none.
        settings: to change for good, see `workspace.Settings`; None leaves one as it is.

    Raises:
        WorkspaceError: there is no workspace, or it cannot be used.
        ServiceError: the database cannot be reached.
    """
    workspace = open_workspace(root, create=create, **settings)
    db = Database(workspace.db_url)
    try:
        yield Context(workspace, db, who)
    finally:
        db.close()
