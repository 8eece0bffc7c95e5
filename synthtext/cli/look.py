"""`synthtext preview`, `inspect` and `verify`: look at what is made."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, get_args

import typer

from synthtext.cli.opening import open_shown
from synthtext.cli.options import (
    CharsetOption,
    CorpusFiles,
    Fonts,
    NoCache,
    Photos,
    Preset,
    Seed,
    Sets,
    parse_count,
    resolve,
    target_file,
)
from synthtext.errors import UserError
from synthtext.inspect.report import inspect_dataset
from synthtext.inspect.report_html import html_report
from synthtext.inspect.verify import verify as verify_dataset
from synthtext.labels.maps import MapMode, MapStyle
from synthtext.pipeline import sample
from synthtext.preview import contact_sheet, usual_columns, write_sheet

_SHOWN_FAULTS = 50
_FORMAT = "Format of a dataset that was not generated; what it looks like when left out."


def preview(
    preset: Preset = "rec-zh",
    out: Annotated[Path, typer.Option("--out", "-o", help="PNG or JPEG file.")] = Path("sheet.png"),
    count: Annotated[str, typer.Option("--count", "-n", help="How many samples.")] = "24",
    columns: Annotated[int | None, typer.Option(min=1, max=20, help="Samples side by side.")] = None,
    boxes: Annotated[str | None, typer.Option(help="Draw quads: chars, words or lines.")] = None,
    maps: Annotated[bool, typer.Option("--maps", help="Lay CRAFT's score maps over the pictures.")] = False,
    maps_mode: Annotated[str, typer.Option(help="simple, or craft as EasyOCR's trainer.")] = "simple",
    start: Annotated[int, typer.Option(min=0, max=1 << 53, help="Index of the first sample.")] = 0,
    seed: Seed = 0,
    charset: CharsetOption = None,
    fonts: Fonts = None,
    backgrounds: Photos = None,
    corpus: CorpusFiles = None,
    sets: Sets = None,
    no_cache: NoCache = False,
) -> None:
    """Make a contact sheet of the first samples of a dataset, with their labels."""
    if boxes not in (None, "chars", "words", "lines"):
        raise UserError(f"--boxes: {boxes!r} is not known; there are chars, words and lines")
    if maps_mode not in get_args(MapMode):
        raise UserError(f"--maps-mode: {maps_mode!r} is not known; there are {', '.join(get_args(MapMode))}")
    if out.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UserError(f"--out: {out} is no picture; name a .png or .jpg file")
    indices = range(start, start + parse_count(count))
    config = resolve(preset, sets, charset, fonts, backgrounds, corpus)
    target_file("--out", out)
    assets = open_shown(config, seed, not no_cache)
    for warning in assets.warnings:
        sys.stderr.write(f"synthtext: note: {warning}\n")
    made = [sample(seed, index, config, assets) for index in indices]
    style = MapStyle(maps_mode) if maps else None  # type: ignore[arg-type]
    write_sheet(out, contact_sheet(made, columns or usual_columns(made), boxes, maps=style))  # type: ignore[arg-type]
    sys.stdout.write(f"{len(made)} samples of {config.preset} in {out}\n")


def inspect(
    dataset: Annotated[Path, typer.Argument(help="Folder of a dataset.")],
    html: Annotated[Path | None, typer.Option(help="Also write a report with pictures, one HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Numbers as JSON.")] = False,
    limit: Annotated[str | None, typer.Option(help="Look at this many samples at most.")] = None,
    name: Annotated[str | None, typer.Option("--format", help=_FORMAT)] = None,
) -> None:
    """Say what is in a dataset: counts, lengths, sizes, coverage of its charset, fonts, difficulty."""
    most = parse_count(limit, "--limit") if limit is not None else None
    if html is not None:
        target_file("--html", html)
    report = inspect_dataset(dataset, most, name)
    if html is not None:
        html_report(report, html)
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(report.to_text() + "\n")
    if html is not None:
        sys.stderr.write(f"report in {html}\n")


def verify(
    dataset: Annotated[Path, typer.Argument(help="Folder of a dataset.")],
    name: Annotated[str | None, typer.Option("--format", help=_FORMAT)] = None,
) -> None:
    """Check every label against its image and the manifest; exit 1 with a list when anything is off."""
    faults = verify_dataset(dataset, name=name)
    for fault in faults[:_SHOWN_FAULTS]:
        sys.stdout.write(f"{fault}\n")
    if len(faults) > _SHOWN_FAULTS:
        sys.stdout.write(f"and {len(faults) - _SHOWN_FAULTS:,} more\n")
    if faults:
        sys.stdout.write(f"{len(faults):,} faults in {dataset}\n")
        raise typer.Exit(1)
    sys.stdout.write(f"{dataset}: no faults\n")
