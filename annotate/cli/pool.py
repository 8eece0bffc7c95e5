"""`annotate pool`: list, tag, take out and bring back pictures."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.pool_records import PoolChange
from annotate.records import Filter
from annotate.workflow.context import open_context
from annotate.workflow.pool import Changes, bring_back, change, full_ids, pool_page, take_out

pool = typer.Typer(name="pool", help="List, tag, take out and bring back pictures.", no_args_is_help=True)
Ids = Annotated[list[str], typer.Argument(help="Ids of pictures, or their beginnings.", metavar="ID...")]


@pool.command("list")
def list_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="With this tag; may be repeated.")] = None,
    text: Annotated[str, typer.Option(help="In the name, or written on the picture.")] = "",
    removed: Annotated[bool, typer.Option("--removed", help="Those that were taken out.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many, the latest first.")] = 50,
    db: DbOption = None,
) -> None:
    """List pictures: id, status, size, name, tags."""
    which = Filter(tags=tuple(tag or ()), text=text or None)
    with open_context(workspace, db=db) as context:
        found = pool_page(context, which, limit=limit, deleted=removed)
    for one in found.pictures:
        tags = f"  [{', '.join(one.tags)}]" if one.tags else ""
        sys.stdout.write(f"{one.id[:12]}  {one.status:9}  {one.width}x{one.height}  {one.name!r}{tags}\n")
    more = "" if found.counted else "more than "
    sys.stdout.write(f"{len(found.pictures):,} of {more}{found.count:,}\n")


@pool.command("tag")
def tag_command(
    ids: Ids,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    add: Annotated[list[str] | None, typer.Option("--add", help="Give this tag; may be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="Take this tag away; may be repeated.")] = None,
    db: DbOption = None,
) -> None:
    """Give pictures tags, or take tags away."""
    with open_context(workspace, db=db) as context:
        changes = Changes(add_tags=tuple(add or ()), remove_tags=tuple(remove or ()))
        _print("changed", change(context, full_ids(context, ids), changes))


@pool.command("remove")
def remove_command(ids: Ids, workspace: WorkspaceOption = DEFAULT_WORKSPACE, db: DbOption = None) -> None:
    """Take pictures out of the pool. Labels are kept, files of yours are not touched; `restore` brings them back."""
    with open_context(workspace, db=db) as context:
        _print("taken out", take_out(context, full_ids(context, ids)))


@pool.command("restore")
def restore_command(ids: Ids, workspace: WorkspaceOption = DEFAULT_WORKSPACE, db: DbOption = None) -> None:
    """Bring pictures back that were taken out."""
    with open_context(workspace, db=db) as context:
        _print("brought back", bring_back(context, full_ids(context, ids, deleted=True)))


def _print(what: str, done: PoolChange) -> None:
    sys.stdout.write(f"{what}: {done.changed:,}\n")
    for line in done.refused:
        sys.stderr.write(f"annotate: {line}\n")
    if done.refused:
        raise typer.Exit(1)
