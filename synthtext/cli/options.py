"""Options that several commands share, and what their texts mean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from synthtext.config import Config, load_config, preset_names
from synthtext.errors import UserError

_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}

Preset = Annotated[
    str,
    typer.Option("--preset", "-p", help="A preset's name or a YAML file.", rich_help_panel="What is drawn"),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        "-s",
        help="One setting, such as effects.blur.chance=0.5. Repeat for more.",
        rich_help_panel="What is drawn",
    ),
]
CharsetOption = Annotated[
    str | None,
    typer.Option(
        "--charset",
        help="Characters to draw: a shipped charset or a file, one a line.",
        rich_help_panel="What is drawn",
    ),
]
Fonts = Annotated[
    list[str] | None,
    typer.Option("--fonts", help="Folder of your own fonts. Repeat for more.", rich_help_panel="What is drawn"),
]
Photos = Annotated[
    list[str] | None,
    typer.Option(
        "--backgrounds",
        help="Folder, or list, of your own photographs. Repeat for more.",
        rich_help_panel="What is drawn",
    ),
]
CorpusFiles = Annotated[
    list[str] | None,
    typer.Option("--corpus", help="File of your own lines or words. Repeat for more.", rich_help_panel="What is drawn"),
]
Seed = Annotated[int, typer.Option("--seed", help="Same seed, same samples.", min=0, rich_help_panel="What is drawn")]
MergeLmdb = Annotated[
    bool,
    typer.Option(
        "--merge-lmdb",
        help="Also one LMDB a part, of all shards (lmdb-merged/).",
        rich_help_panel="What is written",
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor write caches of fonts and folders.")]


def parse_count(text: str, option: str = "--count") -> int:
    """Return the number that `5M`, `10k`, `1_000` or `250` says.

    Args:
        option: for the message.

    Raises:
        UserError: it is not a count.
    """
    found = re.fullmatch(r"([0-9][0-9_,]*)(\.[0-9]+)?([kKmMgG]?)", text.strip())
    if not found:
        raise UserError(f"{option}: {text!r} is not a count; write 1000, 10k, 5M or 1_000")
    number = float(found[1].replace("_", "").replace(",", "") + (found[2] or ""))
    count = number * _UNITS[found[3].lower()]
    if count != int(count) or count < 1:
        raise UserError(f"{option}: {text!r} is not a whole number of at least 1; write 1000, 10k, 5M or 1_000")
    return int(count)


def target_file(option: str, path: Path) -> Path:
    """Return the path of a file to be written, whose folder is made when it is missing.

    Raises:
        UserError: it is a folder, or its folder cannot be made.
    """
    if path.is_dir():
        raise UserError(f"{option}: {path} is a folder; name a file in it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"{option}: the folder of {path} cannot be made ({error.strerror}); name another file"
        ) from None
    return path


def resolve(
    preset: str,
    sets: list[str] | None,
    charset: str | None = None,
    fonts: list[str] | None = None,
    backgrounds: list[str] | None = None,
    corpus: list[str] | None = None,
    per_char: int | None = None,
) -> Config:
    """Return the configuration that the command line asks for.

    Raises:
        ConfigError: a setting is wrong.
    """
    overrides: dict[str, Any] = {}
    if charset is not None:
        overrides["charset"] = charset
    if fonts:
        overrides["fonts.dirs"] = [_absolute(path) for path in fonts]
    if backgrounds:
        overrides["background.dirs"] = [_absolute(path) for path in backgrounds]
    if corpus:
        overrides["text.corpora"] = [_absolute(path) for path in corpus]
    if per_char is not None:
        overrides["text.per_char"] = per_char
    return load_config(preset, overrides, sets or ())


def _absolute(path: str) -> str:
    """Workers and later runs may start in another folder."""
    return str(Path(path).expanduser().absolute())


def presets_line() -> str:
    """Return the presets' names for a help text."""
    return ", ".join(preset_names())
