"""`annotate import`: labels in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.workflow.context import open_context
from annotate.workflow.importing import ImportRequest, import_dataset
from synthtext.errors import UserError

_LISTED = 20


def import_command(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="Folder or file of a dataset.")],
    name: Annotated[
        str | None, typer.Option("--format", "-f", help="Its format; what it looks like when left out.")
    ] = None,
    existing: Annotated[
        str,
        typer.Option(help="Pictures with labels: merge what comes back from an export, replace, or skip."),
    ] = "merge",
    todo: Annotated[bool, typer.Option("--todo", help="The labels are drafts: people are to look at them.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Copy images into the workspace; else they stay.")] = False,
    tag: Annotated[list[str] | None, typer.Option(help="Give all pictures this tag. Repeat for more.")] = None,
    batch: Annotated[str | None, typer.Option(help="Put all pictures into a new batch of this name.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Take in pictures and labels from PPOCRLabel, labelme, CVAT, Label Studio, ICDAR, COCO and all other formats."""
    if existing not in ("merge", "replace", "skip"):
        raise UserError(f"--existing: {existing!r} is not known; there are merge, replace and skip")
    request = ImportRequest(existing, not todo, copy, tuple(tag or ()), batch)  # type: ignore[arg-type]
    with open_context(workspace, create=True, db=db) as context:
        report = import_dataset(context, source, name, request)
    counts = report.counts
    sys.stdout.write(
        f"read {counts['read']:,} pictures: added {counts['added']:,}, known {counts['known']:,}\n"
        f"labelled {counts['labelled']:,} with {counts['regions']:,} regions, unchanged {counts['unchanged']:,}, "
        f"kept as they were {counts['kept']:,}, changed on both sides {counts['conflicts']:,}\n"
    )
    if counts["placeholders"]:
        sys.stdout.write(f"{counts['placeholders']:,} regions hold no text yet: ignored until somebody types it\n")
    for what, number in report.mended.items():
        sys.stdout.write(f"{what}: {number:,}\n")
    for fault in report.faults[:_LISTED]:
        sys.stdout.write(f"  {fault}\n")
    if report.faults_total > _LISTED:
        sys.stdout.write(f"  and {report.faults_total - _LISTED:,} more\n")
    if report.faults_total:
        raise typer.Exit(1)
