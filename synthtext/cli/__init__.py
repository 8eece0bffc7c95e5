"""The `synthtext` command: parses, calls, prints, exits.

What a command needs is imported when it is called: all of them together take a second to import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from synthtext.command.frame import framed, run_framed


def command_line(arguments: Sequence[str] = ()) -> typer.Typer:
    """Return the command line with the command that arguments name, with all when they name none."""
    app = framed(
        "synthtext",
        "Render text onto backgrounds, with exact labels, for training OCR.",
        "Start with: synthtext preview --preset rec-zh --out sheet.png, then: synthtext generate --count 100k",
    )
    asked = _COMMANDS.get(arguments[0]) if arguments else None
    for add in dict.fromkeys(_COMMANDS.values()) if asked is None else [asked]:
        add(app)
    return app


def main() -> None:
    """Run the command line: 0 done, 1 failed or found faults, 2 the user's input is wrong."""
    run_framed(command_line(sys.argv[1:]), "synthtext", "stopped")


def _generate(app: typer.Typer) -> None:
    from synthtext.cli.generate import generate

    app.command()(generate)


def _look(app: typer.Typer) -> None:
    from synthtext.cli.look import inspect, preview, verify

    example = "Example: synthtext preview --preset rec-en --count 30 --boxes chars --out sheet.png"
    app.command(epilog=example)(preview)
    app.command(epilog="Example: synthtext inspect data/rec-zh --html report.html")(inspect)
    app.command(epilog="Example: synthtext verify data/rec-zh")(verify)


def _convert(app: typer.Typer) -> None:
    from synthtext.cli.convert import convert_command

    example = "Example: synthtext convert labelled/ --to paddleocr --split 6:2:2 --out data/ours"
    app.command("convert", epilog=example)(convert_command)


def _merge(app: typer.Typer) -> None:
    from synthtext.cli.merge import merge

    app.command(epilog="Example: synthtext merge part-0 part-1 part-2 --out data/rec-zh")(merge)


def _assets(app: typer.Typer) -> None:
    from synthtext.cli.assets import assets_commands

    assets_commands(app)


def _backgrounds(app: typer.Typer) -> None:
    from synthtext.cli.backgrounds import backgrounds

    app.command(epilog="Example: synthtext backgrounds ~/photos --find-text --write-list clean.txt")(backgrounds)


def _bench(app: typer.Typer) -> None:
    from synthtext.cli.bench import bench

    app.command(epilog="Example: synthtext bench --preset rec-zh --set effects.blur.chance=0")(bench)


_COMMANDS: dict[str, Callable[[typer.Typer], None]] = {
    "generate": _generate,
    "preview": _look,
    "inspect": _look,
    "verify": _look,
    "convert": _convert,
    "merge": _merge,
    "fonts": _assets,
    "charset": _assets,
    "backgrounds": _backgrounds,
    "bench": _bench,
}
