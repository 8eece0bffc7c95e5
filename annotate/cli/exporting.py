"""`annotate export`: datasets out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.records import Status
from annotate.workflow.context import open_context
from annotate.workflow.exchange import ExportRequest, export_dataset
from synthtext.command.written import (
    PANEL,
    AsJson,
    Categories,
    Charset,
    Crops,
    LeastPx,
    Maps,
    MaxLength,
    Mix,
    OneCategory,
    OtherCategories,
    Seed,
    others_from,
    say_report,
    split_from,
)
from synthtext.convert.choices import Choices
from synthtext.convert.run import charset_from, mixed_from
from synthtext.errors import UserError

_CHOICE = "Which pictures"


def export_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write; an earlier export is replaced.")],
    formats: Annotated[str, typer.Option("--format", "-f", help="Formats, with commas.")] = "paddleocr",
    split: Annotated[str, typer.Option(help="train:val:test of any sum, or none.", rich_help_panel=PANEL)] = "6:2:2",
    seed: Seed = 0,
    batch: Annotated[str | None, typer.Option(help="Only of this batch.", rich_help_panel=_CHOICE)] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Only with this tag. Repeat for more.", rich_help_panel=_CHOICE)
    ] = None,
    status: Annotated[
        str, typer.Option(help="Only of these statuses, with commas.", rich_help_panel=_CHOICE)
    ] = "confirmed,no_text",
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Only what a second person has confirmed.", rich_help_panel=_CHOICE)
    ] = False,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Also regions that nobody has confirmed.", rich_help_panel=_CHOICE)
    ] = False,
    mix: Mix = None,
    crops: Crops = False,
    category: Categories = None,
    others: OtherCategories = "drop",
    one_category: OneCategory = False,
    charset: Charset = None,
    max_length: MaxLength = None,
    least_px: LeastPx = 0.0,
    maps: Maps = False,
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy images; else they are hard links.", rich_help_panel=PANEL)
    ] = False,
    as_json: AsJson = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    db: DbOption = None,
) -> None:
    """Write labelled pictures as datasets for trainers and other tools, split so that nothing leaks."""
    choices = Choices(
        split=split_from(split, "none"),
        seed=seed,
        crops=crops,
        categories=tuple(category or ()),
        others=others_from(others),
        one_category=one_category,
        images="copy" if copy else "link",
        charset=charset_from(charset) if charset is not None else None,
        max_length=max_length,
        saved_maps=maps,
        least_px=least_px,
    )
    mixed = tuple(mixed_from(text) for text in mix or ())
    request = ExportRequest(
        _statuses(status), batch, tuple(tag or ()), "confirmed" if reviewed else "any", drafts, choices, mixed
    )
    with open_context(workspace, db=db) as context:
        report = export_dataset(context, request, formats.split(","), out)
    say_report(report, out, as_json)


def _statuses(text: str) -> tuple[Status, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in get_args(Status):
            raise UserError(f"--status: {name!r} is not known; there are {', '.join(get_args(Status))}")
    return names  # type: ignore[return-value]
