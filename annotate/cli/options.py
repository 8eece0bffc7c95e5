"""Options that all commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", envvar="ANNOTATE_WORKSPACE", help="The folder that holds everything.")
]
DEFAULT_WORKSPACE = Path("workspace")
DbOption = Annotated[
    str | None, typer.Option("--db", help="postgresql://... in place of the workspace's own SQLite; remembered.")
]
