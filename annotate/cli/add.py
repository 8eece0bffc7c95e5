"""`annotate add`: files into the pool."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.cli.progress import Display
from annotate.records import Fault
from annotate.workflow.add import AddOptions, add, faults_of
from annotate.workflow.arrivals import AddSummary
from annotate.workflow.context import open_context
from synthtext.errors import UserError

_LISTED = 20


def add_command(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Folders, pictures, videos, zip and tar files, PDFs, patterns in quotes, .txt lists of paths, or - "
            "for a list on the standard input.",
            metavar="PATH...",
        ),
    ],
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    recursive: Annotated[bool, typer.Option(help="Look into folders of folders.")] = True,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the files into the workspace; else they stay.")] = False,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Give new pictures this tag; may be repeated.")] = None,
    fps: Annotated[
        str, typer.Option(help="Of videos: so many frames a second, or auto: where the picture or its words change.")
    ] = "auto",
    dpi: Annotated[int, typer.Option(min=36, max=600, help="Of pages of PDFs.")] = 150,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; all cores by default.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write what went wrong to this CSV file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    db: DbOption = None,
) -> None:
    """Add pictures and videos to the pool. Adding twice changes nothing; after a stop, the same command goes on."""
    if any(not name or len(name) > 64 for name in tag or ()):
        raise UserError("--tag: a tag has 1 to 64 characters")
    options = AddOptions(recursive=recursive, copy=copy, tags=tuple(tag or ()), fps=_fps(fps), dpi=dpi, workers=workers)
    with open_context(workspace, create=True, db=db) as context, Display("adding", "files", quiet) as display:
        summary = add(context, paths, options, display.update)
        if report is not None:
            _write_report(report, faults_of(context, summary.adding_id))
    _print(summary)


def _fps(text: str) -> float | None:
    if text == "auto":
        return None
    try:
        fps = float(text)
    except ValueError:
        fps = 0.0
    if not 0 < fps <= 240:
        raise UserError(f"--fps: {text!r}: a number above 0 and up to 240, or auto")
    return fps


def _write_report(path: Path, faults: Iterator[Fault]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["path", "outcome", "why"])
            writer.writerows((fault.where, fault.outcome, fault.reason) for fault in faults)
    except OSError as error:
        raise UserError(f"--report: {path}: cannot be written: {error.strerror}") from error


def _print(summary: AddSummary) -> None:
    counts = summary.counts
    same = f" ({counts['same']:,} of them under another name)" if counts["same"] else ""
    sys.stdout.write(
        f"added {counts['added']:,}, known {counts['known']:,}{same}, missing {counts['missing']:,}, "
        f"broken {counts['broken']:,}; the pool has {summary.pictures:,} pictures\n"
    )
    if counts["frames"] or counts["clips"]:
        alike = f", {counts['twins']:,} of them nearly the same as one before" if counts["twins"] else ""
        sys.stdout.write(f"  {counts['clips']:,} clips with {counts['frames']:,} frames{alike}\n")
    for fault in summary.faults[:_LISTED]:
        sys.stdout.write(f"  {fault.outcome}: {fault.where!r}: {fault.reason}\n")
    if len(summary.faults) > _LISTED:
        more = counts["missing"] + counts["broken"] - _LISTED
        sys.stdout.write(f"  and {more:,} more; --report FILE lists them\n")
