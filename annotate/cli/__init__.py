"""The `annotate` command: parses, calls, prints, exits.

What a command needs is imported when it is called: all of them together take two seconds to import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from synthtext.command.frame import framed, run_framed


def command_line(arguments: Sequence[str] = ()) -> typer.Typer:
    """Return the command line with the command that arguments name, with all when they name none."""
    app = framed(
        "annotate",
        "Find hard real pictures of text in a pool, pre-label and correct them, and export datasets.",
        "Start with: annotate add photos/ clips/, then: annotate serve",
    )
    asked = _COMMANDS.get(arguments[0]) if arguments else None
    for add in dict.fromkeys(_COMMANDS.values()) if asked is None else [asked]:
        add(app)
    return app


def main() -> None:
    """Run the command line: 0 done, 1 failed or found faults, 2 the user's input is wrong."""
    run_framed(command_line(sys.argv[1:]), "annotate", "stopped; what is done is kept")


def _add(app: typer.Typer) -> None:
    from annotate.cli.add import add_command

    app.command("add")(add_command)


def _embed(app: typer.Typer) -> None:
    from annotate.cli.embed import doctor_command, embed_command

    app.command("embed")(embed_command)
    app.command("doctor")(doctor_command)


def _search(app: typer.Typer) -> None:
    from annotate.cli.search import search_command

    app.command("search")(search_command)


def _prelabel(app: typer.Typer) -> None:
    from annotate.cli.prelabel import prelabel_command, reread_command

    app.command("prelabel")(prelabel_command)
    app.command("reread")(reread_command)


def _twins(app: typer.Typer) -> None:
    from annotate.cli.twins import twins_command

    app.command("twins")(twins_command)


def _mine(app: typer.Typer) -> None:
    from annotate.cli.mine import mine_command, verdicts

    app.command("mine")(mine_command)
    app.add_typer(verdicts)


def _export(app: typer.Typer) -> None:
    from annotate.cli.exporting import export_command

    example = "Example: annotate export --format paddleocr,craft --split 6:2:2 --out data/ours"
    app.command("export", epilog=example)(export_command)


def _import(app: typer.Typer) -> None:
    from annotate.cli.importing import import_command

    app.command("import", epilog="Example: annotate import labelled/ --format ppocrlabel --batch tickets")(
        import_command
    )


def _serve(app: typer.Typer) -> None:
    from annotate.cli.serve import serve

    app.command(epilog="Example: annotate serve --workspace ./workspace --port 8000")(serve)


def _pool(app: typer.Typer) -> None:
    from annotate.cli.pool import pool

    app.add_typer(pool)


def _users(app: typer.Typer) -> None:
    from annotate.cli.users import users

    app.add_typer(users)


_COMMANDS: dict[str, Callable[[typer.Typer], None]] = {
    "add": _add,
    "embed": _embed,
    "search": _search,
    "prelabel": _prelabel,
    "reread": _prelabel,
    "twins": _twins,
    "mine": _mine,
    "verdicts": _mine,
    "doctor": _embed,
    "export": _export,
    "import": _import,
    "serve": _serve,
    "pool": _pool,
    "users": _users,
}
