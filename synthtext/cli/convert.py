"""`synthtext convert`: from one format of labels to others."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Annotated, get_args

import typer

from synthtext.convert.choices import Choices
from synthtext.convert.run import charset_from, convert, mixed_from, resolve_codec
from synthtext.convert.split import group_by
from synthtext.engine.plan import Plan, parse_split
from synthtext.errors import UserError
from synthtext.labels.codec.images import How
from synthtext.labels.codec.table import find_codec

_WRITTEN = "What is written"
_LOG_SECONDS = 10.0


def convert_command(
    source: Annotated[Path, typer.Argument(metavar="SRC", help="Folder or file to read.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write; an earlier conversion is replaced.")],
    to: Annotated[str, typer.Option("--to", help="Formats to write, with commas.")],
    source_format: Annotated[
        str | None, typer.Option("--from", help="Format to read; what SRC looks like when left out.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="train:val:test such as 6:2:2, or keep.", rich_help_panel=_WRITTEN)
    ] = "keep",
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same split.", rich_help_panel=_WRITTEN)] = 0,
    group: Annotated[
        str | None,
        typer.Option("--group-by", help="Pattern; what it finds in paths is kept together.", rich_help_panel=_WRITTEN),
    ] = None,
    images: Annotated[str, typer.Option(help="link, copy, or none (labels only).", rich_help_panel=_WRITTEN)] = "link",
    crops: Annotated[
        bool, typer.Option("--crops", help="Cut every text out of pages.", rich_help_panel=_WRITTEN)
    ] = False,
    one_category: Annotated[
        bool, typer.Option("--one-category", help="All text is printed text.", rich_help_panel=_WRITTEN)
    ] = False,
    charset: Annotated[
        str | None,
        typer.Option(help="Characters of dict.txt: a shipped charset or a file.", rich_help_panel=_WRITTEN),
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(min=1, help="Leave longer texts out of recognition.", rich_help_panel=_WRITTEN)
    ] = None,
    least_px: Annotated[
        float, typer.Option(min=0.0, help="Ignore boxes with a shorter side.", rich_help_panel=_WRITTEN)
    ] = 0.0,
    maps: Annotated[
        bool,
        typer.Option("--maps", help="CRAFT: score maps as EasyOCR's trainer loads them.", rich_help_panel=_WRITTEN),
    ] = False,
    mix: Annotated[
        list[str] | None,
        typer.Option(
            help="DIR=2 or DIR:FORMAT=2: two of its pictures in train for each of SRC. Repeat for more.",
            rich_help_panel=_WRITTEN,
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first fault in SRC.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what went wrong.")] = False,
) -> None:
    """Read a dataset in one format and write it in others, mended, split, and read back before it is put in place."""
    codec = resolve_codec(source, source_format)
    codecs = [find_codec(name, "--to") for name in dict.fromkeys(to.split(","))]
    choices = Choices(
        split=_split(split),
        seed=seed,
        group=group_by(_pattern(group)) if group is not None else None,
        crops=crops,
        one_category=one_category,
        images=_images(images),
        charset=charset_from(charset) if charset is not None else _source_dict(source),
        max_length=max_length,
        saved_maps=maps,
        least_px=least_px,
        strict=strict,
    )
    mixed = [mixed_from(text) for text in mix or ()]
    report = convert(source, codec, codecs, out, choices, mixed, None if quiet else _Log())
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    elif not quiet:
        sys.stdout.write("\n".join(report.lines()) + f"\nin {out}\n")


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


def _split(text: str) -> tuple[int, ...] | None:
    if text == "keep":
        return None
    ratio = parse_split(text)
    Plan(0, 1, 1, ratio)
    return ratio


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
