"""`annotate twins`: pictures that are nearly the same."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.workflow.context import open_context
from annotate.workflow.twins import count_twins, each_twin


def twins_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    limit: Annotated[int, typer.Option(min=0, help="So many pairs; 0 for all.")] = 20,
    db: DbOption = None,
) -> None:
    """List pictures that are nearly the same as one before: which, how near, and what found them. Both stay."""
    with open_context(workspace, db=db) as context:
        counts = count_twins(context)
        gates = ", ".join(f"{count:,} by {gate}" for gate, count in sorted(counts.items()))
        sys.stdout.write(f"{sum(counts.values()):,} pairs{': ' if gates else ''}{gates}\n")
        for link, later, earlier in islice(each_twin(context), limit or None):
            sys.stdout.write(f"{link.similarity:.3f}  {link.gate:5}  {later.id[:12]} {later.name!r}")
            sys.stdout.write(f"  like  {earlier.id[:12]} {earlier.name!r}\n")
