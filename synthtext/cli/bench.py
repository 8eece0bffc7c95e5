"""`synthtext bench`: samples a second, microseconds by stage."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from synthtext.assets.arena import shared_arena
from synthtext.cli.opening import open_shown
from synthtext.cli.options import (
    CharsetOption,
    Fonts,
    NoCache,
    Photos,
    Preset,
    Seed,
    Sets,
    parse_count,
    resolve,
)
from synthtext.cli.pages import MapsModeOption, MapsOption, MapsSizeOption, page_options
from synthtext.inspect.bench import BenchResult
from synthtext.inspect.bench import bench as run_bench

_CROPS, _PAGES = 5_000, 300


def bench(
    preset: Preset = "rec-zh",
    count: Annotated[str | None, typer.Option("--count", "-n", help="Samples to time [5,000; 300 pages].")] = None,
    warm: Annotated[str | None, typer.Option(help="Samples made before, to fill the caches [as many].")] = None,
    seed: Seed = 0,
    charset: CharsetOption = None,
    fonts: Fonts = None,
    backgrounds: Photos = None,
    sets: Sets = None,
    maps: MapsOption = None,
    maps_mode: MapsModeOption = None,
    maps_size: MapsSizeOption = None,
    no_cache: NoCache = False,
) -> None:
    """Time one process: drawing, encoding and storing in LMDB, then each stage by itself.

    With --maps the score maps of pages are drawn and encoded as well.
    """
    given = ((count, "--count"), (warm, "--warm"))
    timed, before = (parse_count(text, option) if text else 0 for text, option in given)
    config = resolve(preset, sets, charset, fonts, backgrounds)
    pages = page_options(config, {"--maps": maps, "--maps-mode": maps_mode, "--maps-size": maps_size})
    usual = _CROPS if config.page is None else _PAGES
    timed, before = timed or usual, before or usual
    with shared_arena() as arena:  # as a run's workers have
        assets = open_shown(config, seed, not no_cache, arena=arena)
        _print(config.preset, run_bench(config, assets, timed, seed, before, pages))


def _print(preset: str, result: BenchResult) -> None:
    out = sys.stdout
    out.write(f"{preset}: {result.rate:,.0f} samples a second a core ({result.cpu_us:.0f} us CPU a sample)\n")
    out.write(
        f"mean of {result.samples:,}: "
        f"{f'{result.lines:.1f} lines of ' if result.lines else ''}{result.chars:.1f} characters, "
        f"{result.width_px:.0f} x {result.height_px:.0f} px, "
        f"{result.effects:.2f} effects, {result.bytes / 1000:.1f} kB, {result.attempts:.3f} attempts; "
        f"{result.faces} faces, peak {result.peak_mb:.0f} MB\n"
    )
    out.write(f"{'stage':<20}{'us a sample':>14}{'us a call':>12}\n")
    for name, (a_sample, a_call) in result.stages.items():
        out.write(f"{name:<20}{a_sample:>14.1f}{a_call:>12.1f}\n")
