"""Exports and imports as long work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from annotate.jobs.kind import NAME, Args, PathText, Tell
from annotate.reasons import Reason
from annotate.records import Status
from annotate.workflow.context import Context

Share = Annotated[int, Field(ge=0, le=1_000_000)]


class ExportArgs(Args):
    """An export; it goes to `exports/NAME` of the workspace, where it takes the place of an earlier one."""

    name: Annotated[str, Field(pattern=NAME)]
    formats: Annotated[list[str], Field(min_length=1, max_length=30)]
    split: Annotated[tuple[Share, ...], Field(min_length=2, max_length=3)] | None = (6, 2, 2)
    seed: Annotated[int, Field(ge=0)] = 0
    batch: str | None = None
    tags: tuple[str, ...] = ()
    statuses: Annotated[tuple[Status, ...], Field(min_length=1)] = ("confirmed", "no_text")
    reviewed: bool = False
    drafts: bool = False
    crops: bool = False
    categories: tuple[str, ...] = ()
    others: Literal["drop", "ignore"] = "drop"


class ImportArgs(Args):
    """Labels of a folder or file of the server's machine, in a format, or in the one that it looks like."""

    path: PathText
    format: str | None = None
    existing: Literal["merge", "replace", "skip"] = "merge"
    confirmed: bool = True
    batch: str | None = None


def run_export(context: Context, args: ExportArgs, tell: Tell) -> str:
    """Export and say how much was written."""
    from annotate.workflow.exchange import EXPORTS, ExportRequest, export_dataset
    from synthtext.convert.choices import Choices

    categories, others = args.categories, args.others
    choices = Choices(split=args.split, seed=args.seed, crops=args.crops, categories=categories, others=others)
    review: Literal["any", "confirmed"] = "confirmed" if args.reviewed else "any"
    request = ExportRequest(args.statuses, args.batch, args.tags, review, args.drafts, choices)
    out = context.workspace.root / EXPORTS / args.name
    report = export_dataset(context, request, args.formats, out, lambda done: tell(done, None, ""))
    parts = ", ".join(f"{part} {count:,}" for part, count in report.parts.items() if part)
    told = Reason("done.exported", pictures=sum(report.parts.values()), texts=report.kept)
    return Reason("done.split", what=told, parts=parts) if parts else told


def run_import(context: Context, args: ImportArgs, tell: Tell) -> str:
    """Import and say what came of it."""
    from annotate.workflow.importing import ImportRequest, import_dataset

    request = ImportRequest(args.existing, args.confirmed, batch=args.batch or None)
    report = import_dataset(context, Path(args.path), args.format or None, request, lambda done: tell(done, None, ""))
    counts = report.counts
    told = Reason("done.imported", **{name: counts[name] for name in ("read", "added", "labelled")})
    if not report.faults:
        return told
    return Reason("done.faults", what=told, count=report.faults_total, why=str(report.faults[0]))
