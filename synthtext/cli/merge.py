"""`synthtext merge`: put the parts of a dataset together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthtext import api
from synthtext.cli.generate import print_summary
from synthtext.cli.options import MergeLmdb
from synthtext.cli.progress import Display


def merge(
    parts: Annotated[list[Path], typer.Argument(help="Folders of the parts.", metavar="PART...")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the whole; it may be one of the parts.")],
    merge_lmdb: MergeLmdb = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")] = False,
) -> None:
    """Put together parts of one dataset that were made with --shards.

    Parts stay as they are; on one file system their files are linked, not copied.
    """
    with Display(quiet) as display:
        begun = False

        def show(state: api.Progress) -> None:
            nonlocal begun
            if not begun:
                begun = True
                display.begin(f"{len(parts)} parts -> {out}", state.total)
            display.update(state)

        summary = api.merge(parts, out, progress=show, merge_lmdb=merge_lmdb)
    print_summary(summary)
