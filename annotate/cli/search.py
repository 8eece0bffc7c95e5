"""`annotate search`: the pool by words, by pictures, by what is written."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from annotate.cli.options import DEFAULT_WORKSPACE, DbOption, WorkspaceOption
from annotate.prompts import packs
from annotate.queries import Box, Example, ExampleKind, Hit, Query, Results, TextQuery
from annotate.records import Filter, Status
from annotate.workflow.context import Context, open_context
from annotate.workflow.search import MOST_HITS, Searcher, full_id, send_to_batch
from annotate.workflow.sheet import write_sheet
from synthtext.errors import UserError

_WEIGHTED = re.compile(r"(.+)\^(\d+(?:\.\d+)?)", re.DOTALL)
_STATUSES = ("todo", "confirmed", "skipped", "rejected", "no_text")
Many = list[str] | None


def search_command(
    words: Annotated[
        Many,
        typer.Argument(help="What to look for; several add up; 'red banner^0.5' counts half.", metavar="TEXT"),
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
    image: Annotated[Many, typer.Option("--image", help="Pictures like this file.")] = None,
    like: Annotated[Many, typer.Option("--like", help="Pictures like this one of the pool (start of its id).")] = None,
    crop: Annotated[
        str | None, typer.Option("--crop", help="x0,y0,x1,y1: only this part of --image or --like.")
    ] = None,
    pack: Annotated[Many, typer.Option("--pack", help="A ready-made query; --packs lists them.")] = None,
    unlike: Annotated[Many, typer.Option("--not", help="Away from these words.")] = None,
    not_like: Annotated[Many, typer.Option("--not-like", help="Away from this one of the pool.")] = None,
    ocr: Annotated[Many, typer.Option("--ocr", help="Only where this is written; several: one of them.")] = None,
    ocr_file: Annotated[Path | None, typer.Option(help="The same, one word a line.")] = None,
    fuzzy: Annotated[float | None, typer.Option(min=1, max=100, help="How alike texts must be; 100: equal.")] = None,
    by: Annotated[
        Literal["auto", "whole", "plain", "parts"],
        typer.Option(help="The vectors to compare: whole pictures, those that do not read, or parts."),
    ] = "auto",
    status: Annotated[Many, typer.Option("--status", help="todo, confirmed, skipped, rejected or no_text.")] = None,
    tag: Annotated[Many, typer.Option("--tag", help="Only pictures with this tag.")] = None,
    source: Annotated[int | None, typer.Option(help="Only from this source.")] = None,
    clip: Annotated[str | None, typer.Option(help="Only frames of this clip.")] = None,
    min_boxes: Annotated[int | None, typer.Option(min=0, help="At least so many regions.")] = None,
    max_boxes: Annotated[int | None, typer.Option(min=0, help="At most so many regions.")] = None,
    min_score: Annotated[float | None, typer.Option(min=0, max=1, help="Its lowest score, at least.")] = None,
    max_score: Annotated[float | None, typer.Option(min=0, max=1, help="Its lowest score, at most.")] = None,
    min_side: Annotated[int | None, typer.Option(min=1, help="Pixels of the shorter side, at least.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Results a page.")] = 20,
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    twins: Annotated[
        float,
        typer.Option(min=0, max=1, help="Cosine from which a result is too like one before; 0: show all."),
    ] = 0.97,
    out: Annotated[Path | None, typer.Option(help="Write a contact sheet of the results: sheet.png.")] = None,
    batch: Annotated[str | None, typer.Option(help="Put the results into this batch for labelling.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    list_packs: Annotated[bool, typer.Option("--packs", help="List the ready-made queries.")] = False,
    db: DbOption = None,
) -> None:
    """Find pictures by words, by pictures like them, by what is written on them, or all of these at once."""
    if list_packs:
        for one in packs().values():
            sys.stdout.write(f"{one.key:20s} {one.names['en']:20s} {one.names['zh']}\n")
        return
    if crop is not None and not image and not like:
        raise UserError("--crop: a part of what? Give --image FILE or --like ID as well")
    which = Filter(
        statuses=_statuses(status), tags=tuple(tag or ()), source_id=source, clip_id=clip, min_boxes=min_boxes,
        max_boxes=max_boxes, min_score=min_score, max_score=max_score, min_side=min_side,
    )  # fmt: skip
    with open_context(workspace, db=db) as context, Searcher(context) as searcher:
        examples = [
            *_examples("text", words),
            *_examples("pack", pack),
            *_examples("text", unlike, -1.0),
            *_pictures("file", image, _box(crop)),
            *_pictures("image", _ids(context, like), _box(crop)),
            *_pictures("image", _ids(context, not_like), None, -1.0),
        ]
        query = Query(tuple(examples), _written(ocr, ocr_file, fuzzy), which, by, twins=twins or None)
        results = searcher.search(query, page - 1, limit)
        if out is not None:
            write_sheet(context, results.hits, out)
        sent = send_to_batch(context, batch, results.hits, query) if batch is not None else None
    _print(results, as_json)
    if results.cut:
        sys.stderr.write(
            f"results end here: of a search, the {MOST_HITS:,} nearest are looked at; a filter shows others\n"
        )
    if sent is not None:
        sys.stderr.write(f"batch {batch!r}: {sent[1]} new pictures\n")


def _examples(kind: ExampleKind, values: Many, sign: float = 1.0) -> list[Example]:
    found = []
    for value in values or ():
        weighted = _WEIGHTED.fullmatch(value)
        word, weight = (weighted[1], float(weighted[2])) if weighted else (value, 1.0)
        found.append(Example(kind, word, sign * weight))
    return found


def _pictures(kind: ExampleKind, values: Many, box: Box | None, sign: float = 1.0) -> list[Example]:
    return [Example(kind, value, sign, box) for value in values or ()]


def _ids(context: Context, given: Many) -> list[str]:
    return [full_id(context, one) for one in given or ()]


def _box(given: str | None) -> Box | None:
    if given is None:
        return None
    try:
        x0, y0, x1, y1 = (float(value) for value in given.split(","))
    except ValueError as error:
        raise UserError(f"--crop: {given!r}: give four numbers: x0,y0,x1,y1") from error
    return (x0, y0, x1, y1)


def _written(words: Many, file: Path | None, fuzzy: float | None) -> TextQuery | None:
    listed = list(words or ())
    if file is not None:
        try:
            listed += [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"--ocr-file: {file}: cannot be read: {error}") from error
    if not listed:
        return None
    return TextQuery(tuple(listed), fuzzy)


def _statuses(given: Many) -> tuple[Status, ...]:
    wrong = [one for one in given or () if one not in _STATUSES]
    if wrong:
        raise UserError(f"--status: {wrong[0]!r}: is one of {', '.join(_STATUSES)}")
    return tuple(given or ())  # type: ignore[arg-type]


def _print(results: Results, as_json: bool) -> None:
    for hit in results.hits:
        sys.stdout.write(json.dumps(_record(hit), ensure_ascii=False) + "\n" if as_json else _line(hit))
    if as_json:
        return
    if not results.hits:
        sys.stdout.write("nothing was found\n")
    elif results.more:
        sys.stdout.write(f"there is more: --page {results.page + 2}\n")


def _line(hit: Hit) -> str:
    parts = [f"{hit.score:.3f}", hit.picture.id[:12], hit.picture.name]
    if len(hit.parts) > 1:
        parts.append(", ".join(f"{label} {score:.3f}" for label, score in hit.parts.items()))
    if hit.written is not None:
        parts.append(f"{hit.written_score:.2f} {hit.written!r}")
    if hit.twins:
        parts.append(f"+{len(hit.twins)} alike")
    return "  ".join(parts) + "\n"


def _record(hit: Hit) -> dict[str, Any]:
    picture = hit.picture
    record: dict[str, Any] = {"id": picture.id, "name": picture.name, "path": picture.path, "score": hit.score}
    record |= {"parts": hit.parts, "twins": list(hit.twins), "status": picture.status}
    if hit.written is not None:
        record |= {"written": hit.written, "written_score": hit.written_score}
    if hit.box_xyxy is not None:
        record["box_xyxy"] = list(hit.box_xyxy)
    if picture.clip_id is not None:
        record |= {"clip_id": picture.clip_id, "time_ms": picture.time_ms}
    return record
