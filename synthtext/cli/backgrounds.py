"""`synthtext backgrounds`: which photographs can be used, and which hold text already."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from synthtext.assets.background_check import BackgroundReport, check_backgrounds
from synthtext.assets.photo_index import PhotoIndex
from synthtext.assets.photo_list import photo_list
from synthtext.assets.text_finder import LEAST_SCORE
from synthtext.assets.text_findings import open_findings
from synthtext.assets.text_search import Looking, TextReport, TextRule, leave_out_text
from synthtext.cli.options import NoCache, target_file
from synthtext.cli.progress import Looks
from synthtext.paths import data_dir
from synthtext.writers.disk import file_error, replace_file

_TEXT = "Text in photographs"


def backgrounds(
    folders: Annotated[
        list[str] | None, typer.Argument(help="Folders or lists of photographs; none: the shipped.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Look at this many files at most.")] = None,
    find_text: Annotated[
        bool,
        typer.Option("--find-text", help="Say which photographs hold text already.", rich_help_panel=_TEXT),
    ] = False,
    text_score: Annotated[
        float,
        typer.Option(min=LEAST_SCORE, max=1, help="How sure a place has to be to count.", rich_help_panel=_TEXT),
    ] = TextRule().score,
    text_share: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of a photograph that text may cover.", rich_help_panel=_TEXT),
    ] = TextRule().share,
    write_list: Annotated[
        Path | None,
        typer.Option(
            help="File for the paths of what can be used and, with --find-text, holds no text; "
            "`generate --backgrounds` takes it.",
            rich_help_panel=_TEXT,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, help="Threads that look for text. Default: one a core.", rich_help_panel=_TEXT
        ),
    ] = None,
    no_cache: NoCache = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Look through photographs: how many can be used, their sizes and kinds, and why others cannot.

    With --find-text also which of them hold text. What is found is kept in the cache: with
    `--set background.skip_text=true` a run leaves the same photographs out.
    """
    named = folders or [str(data_dir("backgrounds") / name) for name in ("cc0", "by", "by-sa")]
    if write_list is not None:
        target_file("--write-list", write_list)
    with Looks("opening", quiet) as looks:
        report = check_backgrounds(named, limit, looks.looked)
    _print(report)
    usable, clean = report.readable, report.usable
    if find_text and report.readable:
        rule = TextRule(text_score, text_share)
        findings = open_findings(not no_cache)
        try:
            with Looks("looking for text", quiet) as looks:
                found = leave_out_text(clean, findings, rule, Looking(threads=workers, progress=looks.looked))
        finally:
            findings.close()
        _print_text(found, rule)
        usable, clean = found.photos - found.with_text, found.clean
    if write_list is not None and usable:
        _write_list(write_list, clean)
    if not usable:
        raise typer.Exit(1)


def _print(report: BackgroundReport) -> None:
    out = sys.stdout
    out.write(f"{report.files:,} image files, {report.checked:,} looked at, {report.readable:,} can be used\n")
    if report.others:
        out.write(f"{report.others:,} other files were passed over\n")
    for title, counts in (
        ("longer side, px", report.sizes),
        ("kinds", report.kinds),
        ("cannot be used", report.reasons),
    ):
        if counts:
            out.write(f"{title}: " + ", ".join(f"{name} {number:,}" for name, number in counts.items()) + "\n")
    if report.turned:
        out.write(f"{report.turned:,} are turned upright by their EXIF tag\n")
    for path, reason in (*report.unreadable.items(), *report.folders_skipped.items()):
        out.write(f"  {path}: {reason}\n")


def _print_text(report: TextReport, rule: TextRule) -> None:
    out = sys.stdout
    share = f", on more than {rule.share:g} of the picture" if rule.share else ""
    out.write(f"{report.with_text:,} of them hold text (score at least {rule.score:g}{share})\n")
    for path, found in report.most:
        places = f"{len(found)} place{'s' if len(found) > 1 else ''}"
        out.write(f"  {path}: {places}, {found.share:.2%} of the picture, best score {found.scores.max():.2f}\n")
    if report.with_text > len(report.most):
        out.write(f"  and {report.with_text - len(report.most):,} with less\n")


def _write_list(file: Path, photos: tuple[PhotoIndex, ...]) -> None:
    written = 0

    def lines() -> Iterator[bytes]:
        nonlocal written
        for index in photos:
            for line in photo_list(index.path(number) for number in range(len(index))):
                written += 1
                yield line

    try:
        replace_file(file, lines())
    except OSError as error:
        raise file_error(error, file, "--write-list") from error
    left = sum(map(len, photos)) - written
    if left:
        sys.stderr.write(f"synthtext: note: {left:,} paths cannot stand in a list (a line end in them)\n")
    sys.stdout.write(f"{written:,} photographs in {file}: use it with --backgrounds {file}\n")
