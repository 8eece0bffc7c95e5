"""Options of pictures with many lines: which labels, score maps and masks are written about them."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from synthtext.api import PageOptions
from synthtext.config import Config
from synthtext.engine.progress import size_text
from synthtext.errors import UserError
from synthtext.labels.levels import Level
from synthtext.labels.maps import MapMode, MapSize
from synthtext.writers.base import MapFiles

_PANEL = "What is written about pages"

LevelOption = Annotated[
    str | None, typer.Option("--level", help="Labels of each: line (default) or word.", rich_help_panel=_PANEL)
]
PolygonsOption = Annotated[
    bool, typer.Option("--polygons", help="Polygons round curved text where formats hold them.", rich_help_panel=_PANEL)
]
MapsOption = Annotated[
    str | None,
    typer.Option("--maps", help="CRAFT score maps: none (default), npy or u8.", rich_help_panel=_PANEL),
]
MapsModeOption = Annotated[
    str | None,
    typer.Option("--maps-mode", help="simple (default), or craft as EasyOCR's trainer.", rich_help_panel=_PANEL),
]
MapsSizeOption = Annotated[
    str | None, typer.Option("--maps-size", help="full (default) or half.", rich_help_panel=_PANEL)
]
MasksOption = Annotated[
    bool, typer.Option("--masks", help="Which character and word each pixel is of.", rich_help_panel=_PANEL)
]


def page_options(
    config: Config, words: dict[str, str | None], polygons: bool = False, masks: bool = False
) -> PageOptions | None:
    """Return what is to be written about the pages of a configuration; None for one that makes crops.

    Args:
        words: what was given to --level, --maps, --maps-mode and --maps-size.

    Raises:
        UserError: a word is not known, or an option of pages is used with a preset that makes crops.
    """
    given = {option: word for option, word in words.items() if word is not None}
    if config.page is None:
        used = [*given, *(["--polygons"] if polygons else []), *(["--masks"] if masks else [])]
        if used:
            raise UserError(
                f"{used[0]}: belongs to pictures with many lines, and preset {config.preset} makes crops of single "
                "lines; use a preset such as scene"
            )
        return None
    known = {"--level": Level, "--maps": MapFiles, "--maps-mode": MapMode, "--maps-size": MapSize}
    for option, word in given.items():
        if word not in get_args(known[option]):
            raise UserError(f"{option}: {word!r} is not known; there are {', '.join(get_args(known[option]))}")
    if given.get("--maps", "none") == "none":
        for option in ("--maps-mode", "--maps-size"):
            if option in given:
                raise UserError(f"{option}: says how score maps are drawn, but none are; add --maps npy or --maps u8")
    fields = {option.removeprefix("--").replace("-", "_"): word for option, word in given.items()}
    return PageOptions(**fields, polygons=polygons, masks=masks)  # type: ignore[arg-type]


def size_line(count: int, need: tuple[int, int]) -> str:
    """Return a line on how much disk so many pages take: in all, and by their maps and masks."""
    maps = f", {size_text(need[1])} of it score maps and masks" if need[1] else ""
    return f"about {size_text(need[0])} for {count:,} pictures{maps}\n"
