"""`synthtext convert`: from one format of labels to others."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Annotated, get_args

import typer

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
from synthtext.convert.run import charset_from, check_apart, convert, mixed_from
from synthtext.convert.runs import find_source
from synthtext.convert.split import group_by
from synthtext.errors import UserError
from synthtext.labels.codec.images import How
from synthtext.labels.codec.table import find_codec

_LOG_SECONDS = 10.0


def convert_command(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="Folder or file to read.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write; an earlier conversion is replaced.")],
    to: Annotated[str, typer.Option("--to", help="Formats to write, with commas.")],
    source_format: Annotated[
        str | None, typer.Option("--from", help="Format to read; what SRC looks like when left out.")
    ] = None,
    split: Annotated[str, typer.Option(help="train:val:test such as 6:2:2, or keep.", rich_help_panel=PANEL)] = "keep",
    seed: Seed = 0,
    group: Annotated[
        str | None,
        typer.Option("--group-by", help="Pattern; what it finds in paths is kept together.", rich_help_panel=PANEL),
    ] = None,
    images: Annotated[str, typer.Option(help="link, copy, or none (labels only).", rich_help_panel=PANEL)] = "link",
    crops: Crops = False,
    category: Categories = None,
    others: OtherCategories = "drop",
    one_category: OneCategory = False,
    charset: Charset = None,
    max_length: MaxLength = None,
    least_px: LeastPx = 0.0,
    maps: Maps = False,
    mix: Mix = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first fault in SRC.")] = False,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
) -> None:
    """Read a dataset in one format and write it in others, mended, split, and read back before it is put in place."""
    check_apart(source, out)
    found = find_source(source, source_format)
    if (found.several or found.root != source) and not quiet:
        same = ": all formats there hold the same pictures (--from reads another)" if found.several else ""
        sys.stderr.write(f"reading {found.root} as {found.codec.name}{same}\n")
    codecs = [find_codec(name, "--to") for name in dict.fromkeys(to.split(","))]
    choices = Choices(
        split=split_from(split, "keep"),
        seed=seed,
        group=group_by(_pattern(group)) if group is not None else None,
        crops=crops,
        categories=tuple(category or ()),
        others=others_from(others),
        one_category=one_category,
        images=_images(images),
        charset=charset_from(charset) if charset is not None else _source_dict(found.root) or _source_dict(source),
        max_length=max_length,
        saved_maps=maps,
        least_px=least_px,
        strict=strict,
    )
    mixed = [mixed_from(text) for text in mix or ()]
    report = convert(found.root, found.codec, codecs, out, choices, mixed, None if quiet else _Log())
    if as_json or not quiet:
        say_report(report, out, as_json)
    elif report.faults:
        sys.stderr.write(f"{report.faults_total:,} faults in what was read, such as {report.faults[0]}\n")
    report.check()


class _Log:
    """A line to the terminal now and then."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._due = self._began + _LOG_SECONDS

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _LOG_SECONDS
            sys.stderr.write(f"{done:,} pictures, {done / (now - self._began):,.0f} a second\n")


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UserError(f"--group-by: {text!r} is no pattern ({error}); write for example '^(clip\\d+)_'") from None


def _images(text: str) -> How:
    if text not in get_args(How):
        raise UserError(f"--images: {text!r} is not known; there are {', '.join(get_args(How))}")
    return text  # type: ignore[return-value]


def _source_dict(source: Path) -> tuple[str, ...] | None:
    """Return the dictionary that lies in the source: class ids stay what they are."""
    for place in (source / "dict.txt", source / "rec" / "dict.txt"):
        if place.is_file():
            return tuple(line for line in place.read_text("utf-8-sig").split("\n") if line)
    return None
