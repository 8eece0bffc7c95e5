"""`annotate serve`: the browser app."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.errors import MissingExtra
from annotate.workflow.context import open_context


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; others than this machine only with users.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Open the app in which people search, pre-label and correct: http://127.0.0.1:7860."""
    try:
        from annotate.app.server import serve as run
    except ImportError as error:
        raise MissingExtra("the browser app", "annotate") from error
    with open_context(workspace, create=True, db=db) as context:
        sys.stdout.write(f"annotate: http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C stops)\n")
        sys.stdout.flush()
        run(context, host, port)
