"""`synthtext generate`: make a dataset."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from synthtext import api
from synthtext.cli.opening import open_shown
from synthtext.cli.options import (
    CharsetOption,
    CorpusFiles,
    Fonts,
    MergeLmdb,
    NoCache,
    Photos,
    Preset,
    Seed,
    Sets,
    parse_count,
    resolve,
)
from synthtext.cli.pages import (
    LevelOption,
    MapsModeOption,
    MapsOption,
    MapsSizeOption,
    MasksOption,
    PolygonsOption,
    page_options,
    size_line,
)
from synthtext.cli.progress import Display
from synthtext.engine.plan import parse_split
from synthtext.engine.run import Summary
from synthtext.engine.subset import parse_share
from synthtext.errors import UserError
from synthtext.labels.formats import crowded, parse_formats

_OUTPUT = "What is written"
_WORK = "How it runs"
_PHOTOS_LOOKED_AT = 32
_EXAMPLES = """
[bold]Examples[/bold]

  synthtext generate --preset rec-zh --count 100k --out data/zh

  synthtext generate --preset rec-en --count 5M --format lmdb

  synthtext generate --charset my.txt --corpus lines.txt --fonts ~/fonts --backgrounds ~/photos

  synthtext generate --preset rec-zh --per-char 1000      every character at least 1000 times

  synthtext generate --set crop.height=32 --set effects.blur.chance=0.5

  synthtext generate --preset scene --count 5k --format paddleocr,craft --maps u8

The same command again goes on where it stopped; a larger --count adds samples and keeps the first.
"""


def generate(
    preset: Preset = "rec-zh",
    count: Annotated[
        str | None,
        typer.Option("--count", "-n", help="How many samples: 1000, 10k, 5M.", rich_help_panel=_OUTPUT),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder, or URL such as s3://bucket/name. Default: ./data/PRESET.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            help="paddleocr, lmdb, webdataset, parquet; for pages paddleocr, webdataset, parquet, craft, plain, "
            "icdar2015, yolo-obb; several with commas. "
            "Default: paddleocr, above 200k crops lmdb.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    split: Annotated[str, typer.Option(help="train:val:test.", rich_help_panel=_OUTPUT)] = "6:2:2",
    level: LevelOption = None,
    polygons: PolygonsOption = False,
    maps: MapsOption = None,
    maps_mode: MapsModeOption = None,
    maps_size: MapsSizeOption = None,
    masks: MasksOption = False,
    seed: Seed = 0,
    charset: CharsetOption = None,
    fonts: Fonts = None,
    backgrounds: Photos = None,
    corpus: CorpusFiles = None,
    per_char: Annotated[
        int | None,
        typer.Option(
            min=1, help="Every character of the charset at least this often.", rich_help_panel="What is drawn"
        ),
    ] = None,
    sets: Sets = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-w", min=1, help="Processes. Default: one a core.", rich_help_panel=_WORK),
    ] = None,
    merge_lmdb: MergeLmdb = False,
    shards: Annotated[
        str | None,
        typer.Option(
            "--shards", help="Only this share: 0-99/500. `synthtext merge` joins the parts.", rich_help_panel=_WORK
        ),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="local: processes here; ray: a Ray cluster.", rich_help_panel=_WORK)
    ] = "local",
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address", help="auto, host:port or ray://host:port. Default: this machine.", rich_help_panel=_WORK
        ),
    ] = None,
    start: Annotated[str, typer.Option(help="How workers start: spawn or fork.", rich_help_panel=_WORK)] = "spawn",
    no_cache: NoCache = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.", rich_help_panel=_WORK)] = False,
) -> None:
    if engine not in ("local", "ray"):
        raise UserError(f"--engine: {engine!r} is not known; there are local and ray")
    if ray_address is not None and engine != "ray":
        raise UserError("--ray-address: belongs to --engine ray; add it, or leave the address out")
    if start not in ("spawn", "fork"):
        raise UserError(f"--start: {start!r} is not known; there are spawn and fork")
    share = parse_share(shards) if shards is not None else None
    asked = parse_count(count) if count is not None else None
    config = resolve(preset, sets, charset, fonts, backgrounds, corpus, per_char)
    formats = parse_formats(format) if format is not None else None
    parts = parse_split(split)
    asked_maps = {"--level": level, "--maps": maps, "--maps-mode": maps_mode, "--maps-size": maps_size}
    pages = page_options(config, asked_maps, polygons, masks)
    target = out or str(Path("data") / config.preset)
    assets = open_shown(config, seed, not no_cache, quiet=quiet, threads=workers)
    for note in (*assets.warnings, *_photo_notes(config, assets)):
        sys.stderr.write(f"synthtext: note: {note}\n")
    total = asked if asked is not None else api.default_count(config, assets)
    chosen = formats or api.default_formats(config, total, pages)
    crowd = crowded(chosen, total, config.page is not None)
    if crowd is not None:
        sys.stderr.write(f"synthtext: note: {crowd}\n")
    if pages is not None:
        sys.stdout.write(size_line(total, api.estimate(config, total, chosen, pages)))
    # What a job scheduler sends ends a run as Ctrl-C does: finished shards are kept and the lists are written.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Display(quiet) as display:
        display.begin(f"{config.preset} -> {target}", total)
        summary = api.generate(
            config,
            target,
            total,
            seed=seed,
            workers=workers or os.cpu_count() or 1,
            formats=formats,
            split=parts,
            use_cache=not no_cache,
            method="fork" if start == "fork" else "spawn",
            progress=display.update,
            assets=assets,
            pages=pages,
            share=share,
            cluster=api.Cluster(ray_address, workers) if engine == "ray" else None,
            merge_lmdb=merge_lmdb,
        )
    print_summary(summary)
    if summary.status != "complete":
        raise typer.Exit(1)


generate.__doc__ = "Make a dataset: crops for recognition, or pictures with many lines for detection.\n" + _EXAMPLES


def _photo_notes(config: api.Config, assets: api.Assets) -> Iterator[str]:
    """Yield a line when some of the user's photographs, of those drawn first, cannot be used."""
    photos = assets.backgrounds.photos
    if photos is None or not config.background.dirs:
        return
    looked = min(len(photos), config.background.pool, _PHOTOS_LOOKED_AT)
    for number in range(looked):
        photos.photo(0, (number + 0.5) / min(len(photos), config.background.pool))
    if photos.unreadable:
        path, reason = next(iter(photos.unreadable.items()))
        yield (
            f"backgrounds: {len(photos.unreadable)} files cannot be used, with {looked} photographs looked at "
            f"(such as {path}: {reason}); `synthtext backgrounds FOLDER` looks at all"
        )


def print_summary(summary: Summary) -> None:
    """Say how a run ended."""
    out = sys.stdout
    parts = ", ".join(f"{part} {number:,}" for part, number in summary.counts.items() if number)
    out.write(
        f"{summary.samples:,} samples in {summary.out} ({parts}; {summary.image_bytes / 1e6:,.1f} MB of images)\n"
    )
    if summary.made:
        out.write(f"made {summary.made:,} in {summary.seconds:.1f} s, {summary.rate:,.0f} a second\n")
    for gap in summary.gaps[:5]:
        out.write(f"gap: sample {gap.index} could not be made ({', '.join(sorted(set(gap.reasons)))})\n")
    for note in summary.notes:
        out.write(f"note: {note}\n")
    if summary.status == "complete":
        if isinstance(summary.out, Path):
            out.write(f"check it with: synthtext verify {summary.out}\n")
    else:
        missing = max(0, summary.count - summary.samples - len(summary.gaps))
        out.write(f"stopped with {missing:,} still to make; the same command goes on from here\n")
