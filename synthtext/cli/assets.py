"""`synthtext fonts` and `charset`: what can be written, and with what."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from synthtext.assets.catalogue import Catalogue, folder_fonts, shipped_fonts, system_fonts
from synthtext.assets.charset import (
    build_charset,
    charset_faults,
    load_charset,
    shipped_charsets,
    write_charset,
)
from synthtext.cli.options import NoCache, target_file
from synthtext.errors import UserError

_SHOWN_MISSING = 40


def assets_commands(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(epilog="Example: synthtext fonts ~/fonts --charset zh_en --missing")(fonts)
    app.add_typer(charset_app, name="charset")


def fonts(
    folders: Annotated[
        list[str] | None, typer.Argument(help="Folders or files of your own; none: the shipped.")
    ] = None,
    charset: Annotated[str | None, typer.Option(help="Check how much of a charset each face draws.")] = None,
    system: Annotated[bool, typer.Option("--system", help="The fonts installed on this machine.")] = False,
    missing: Annotated[bool, typer.Option("--missing", help="List each face's missing characters.")] = False,
    no_cache: NoCache = False,
) -> None:
    """List faces: style, scripts, characters drawn, and how much of a charset they cover.

    A face's coverage is what it really draws: a glyph without ink, or a placeholder box, does not count.
    """
    if folders:
        catalogue = folder_fonts(folders, not no_cache)
    elif system:
        catalogue = system_fonts(not no_cache)
    else:
        catalogue = shipped_fonts(not no_cache, ("core", "optional"))
    wanted = load_charset(charset) if charset else None
    out = sys.stdout
    out.write(f"{'face':<34}{'style':<20}{'chars':>7}  {'scripts' if wanted is None else wanted.name}\n")
    for font in catalogue.fonts:
        if wanted is None:
            flags = " ".join(
                [
                    *sorted(font.scripts),
                    *(["vertical"] if font.vertical else []),
                    *(["unicase"] if font.unicase else []),
                ]
            )
            out.write(f"{font.name:<34}{font.style:<20}{len(font.chars):>7}  {flags}\n")
            continue
        lacking = [char for char in wanted.chars if char not in font.chars]
        share = 100 * (1 - len(lacking) / len(wanted))
        note = ""
        if lacking and (missing or len(lacking) <= 12):
            more = "" if len(lacking) <= _SHOWN_MISSING else "..."
            note = f"  lacks {len(lacking)}: {''.join(lacking[:_SHOWN_MISSING])}{more}"
        out.write(f"{font.name:<34}{font.style:<20}{len(font.chars):>7}  {share:5.1f} %{note}\n")
    _summary(catalogue, wanted.chars if wanted else ())
    if catalogue.broken and not catalogue.fonts:
        raise typer.Exit(1)


def _summary(catalogue: Catalogue, wanted: tuple[str, ...]) -> None:
    out = sys.stdout
    out.write(f"{len(catalogue.fonts)} faces")
    if wanted:
        drawn = frozenset().union(*(font.chars for font in catalogue.fonts)) if catalogue.fonts else frozenset()
        lacking = [char for char in wanted if char not in drawn]
        if lacking:
            shown = ", ".join(f"{char} U+{ord(char):04X}" for char in lacking[:10])
            more = ", ..." if len(lacking) > 10 else ""
            out.write(f"; no face draws {len(lacking)} of {len(wanted)} characters ({shown}{more})")
        else:
            out.write(f"; together they draw all {len(wanted)} characters")
    out.write("\n")
    for path, reason in catalogue.broken:
        out.write(f"left out: {reason if path in reason else f'{path}: {reason}'}\n")


charset_app = typer.Typer(no_args_is_help=True, help="List, show, check and build charsets.")


@charset_app.command("list", epilog="Example: synthtext charset list")
def charset_list() -> None:
    """List the shipped charsets."""
    for name in shipped_charsets():
        charset = load_charset(name)
        sys.stdout.write(f"{name:<18}{len(charset):>7}  {''.join(charset.chars[:24])}\n")


@charset_app.command("show", epilog="Example: synthtext charset show zh_en > dict.txt")
def charset_show(name: Annotated[str, typer.Argument(help="A charset's name or file.")]) -> None:
    """Print a charset, one character a line: the dictionary of a recogniser."""
    sys.stdout.write("".join(f"{char}\n" for char in load_charset(name).chars))


@charset_app.command("check", epilog="Example: synthtext charset check my_charset.txt")
def charset_check(file: Annotated[Path, typer.Argument(help="A charset file.")]) -> None:
    """List what is wrong with a charset file: duplicates, byte-order mark, invisible characters, ..."""
    faults = charset_faults(file)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        raise typer.Exit(1)
    sys.stdout.write(f"{file}: {len(load_charset(str(file)))} characters, no faults\n")


@charset_app.command("build", epilog="Example: synthtext charset build texts/*.txt --min-count 5 --out my_charset.txt")
def charset_build(
    sources: Annotated[list[Path], typer.Argument(help="Texts, or a PaddleOCR dictionary.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    min_count: Annotated[int, typer.Option(min=1, help="Leave out characters that occur less often.")] = 1,
    order: Annotated[str, typer.Option(help="frequency or codepoint.")] = "frequency",
) -> None:
    """Build a charset from the characters of texts."""
    if order not in ("frequency", "codepoint"):
        raise UserError(f"--order: {order!r} is not known; there are frequency and codepoint")
    sorting: Literal["frequency", "codepoint"] = "codepoint" if order == "codepoint" else "frequency"
    target_file("--out", out)
    charset = build_charset(sources, out.stem, min_count, sorting)
    write_charset(out, charset)
    sys.stdout.write(f"{len(charset)} characters in {out}\n")
