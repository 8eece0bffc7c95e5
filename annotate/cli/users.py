"""`annotate users`: who may log in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.records import Role
from annotate.workflow import people
from annotate.workflow.context import open_context

users = typer.Typer(
    name="users",
    help="Add people who may log in; from the first one on nobody gets in without.",
    no_args_is_help=True,
)


@users.command(epilog="Example: annotate users add wang --role reviewer")
def add(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    role: Annotated[Role, typer.Option(help="annotator labels, reviewer also reviews, admin does everything.")] = (
        "annotator"
    ),
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Add a person, or give one who is there a new role and password (asked for, or the first line of the input)."""
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    with open_context(workspace, create=True, db=db) as context:
        people.add_user(context, name, role, password)
    sys.stdout.write(f"{name} may log in as {role}\n")


@users.command("list")
def show(workspace: WorkspaceOption = DEFAULT_WORKSPACE, db: DbOption = None) -> None:
    """List everybody."""
    with open_context(workspace, db=db) as context:
        for user in people.list_users(context):
            sys.stdout.write(f"{user.name}\t{user.role}\t{'disabled' if user.disabled else 'active'}\n")


@users.command()
def disable(
    name: Annotated[str, typer.Argument(help="Who must not log in any more.")],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Keep a person out from now on; what they did stays."""
    with open_context(workspace, db=db) as context:
        people.disable_user(context, name)
    sys.stdout.write(f"{name} can no longer log in\n")
