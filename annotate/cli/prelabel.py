"""`annotate prelabel`: an OCR engine over the pool; `annotate reread`: over single crops."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.cli.progress import Display
from annotate.records import Filter
from annotate.watch import WatchList
from annotate.workflow.context import open_context
from annotate.workflow.hit_report import write_report
from annotate.workflow.pool import full_ids
from annotate.workflow.prelabel import PrelabelOptions, PrelabelSummary, prelabel
from annotate.workflow.reread import reread
from synthtext.errors import UserError

ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader",
        help="rapidocr, paddleocr, http://HOST/PATH, onnx:rec=FILE[,keys=FILE][,det=FILE] or python:MODULE:CLASS; "
        "the workspace's own by default.",
    ),
]


def prelabel_command(
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    reader: ReaderOption = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only pictures with this tag.")] = None,
    source: Annotated[int | None, typer.Option(help="Only pictures of this source.")] = None,
    clip: Annotated[str | None, typer.Option(help="Only frames of this clip.")] = None,
    watch: Annotated[Path | None, typer.Option("--watch-list", help="Words to look out for, one a line.")] = None,
    stop_at_hit: Annotated[bool, typer.Option("--stop-at-hit", help="Leave a clip at its first hit.")] = False,
    report: Annotated[Path | None, typer.Option(help="A folder for a page with the hits marked.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Readers at once; one a core by default.")] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one picture, or a few of its crops.")] = 60.0,
    queue: Annotated[
        int | None, typer.Option(min=1, help="So many clips may wait; older ones are dropped, and counted.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read also what this reader has read before.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Read also what this reader has failed on before.")] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what is added, until Ctrl-C.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    db: DbOption = None,
) -> None:
    """Find and read text on the pictures that the reader has not read, newest clips first; a stopped run goes on."""
    if (stop_at_hit or report is not None) and watch is None:
        raise UserError("--stop-at-hit and --report need --watch-list FILE: the words that count as hits")
    options = PrelabelOptions(
        reader=reader,
        which=Filter(tags=tuple(tag or ()), source_id=source, clip_id=clip),
        workers=workers,
        timeout_s=timeout,
        queue=queue,
        watch=None if watch is None else WatchList.read(watch),
        stop_at_hit=stop_at_hit,
        again=again,
        retry=retry,
        follow=follow,
    )
    with open_context(workspace, db=db) as context:
        with Display("reading", "pictures", quiet) as display:
            summary = prelabel(context, options, display.update)
        _print(summary)
        if watch is not None:
            sys.stdout.write(f"{len(summary.hits):,} hits\n")
        if report is not None:
            count = write_report(context, summary.hits, report)
            sys.stdout.write(f"{report / 'index.html'}: {count:,} pictures\n")
    if summary.counts["failed"] and not summary.counts["read"]:
        sys.exit(1)


def reread_command(
    image: Annotated[str, typer.Argument(help="The id of a picture, or its beginning.")],
    regions: Annotated[list[str] | None, typer.Argument(help="Ids of its regions; all by default.")] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    reader: ReaderOption = None,
    db: DbOption = None,
) -> None:
    """Read single crops again; the readings are kept beside those that are there."""
    with open_context(workspace, db=db) as context:
        (image_id,) = full_ids(context, [image])
        for region_id, reading in reread(context, image_id, regions or (), reader).items():
            sys.stdout.write(f"{region_id}\t{reading.score:.3f}\t{reading.text}\n")


def _print(summary: PrelabelSummary) -> None:
    counts = summary.counts
    extra = f", left {counts['stopped']:,} after a hit" if counts["stopped"] else ""
    if counts["dropped"]:
        extra += f", dropped {counts['dropped']:,} in {counts['dropped_clips']:,} stale clips"
    sys.stdout.write(
        f"{summary.reader}: read {counts['read']:,} pictures with {counts['regions']:,} regions, "
        f"failed on {counts['failed']:,}{extra}\n"
    )
    for picture, fault in summary.faults[:20]:
        sys.stdout.write(f"  {picture.name!r}: {fault}\n")
