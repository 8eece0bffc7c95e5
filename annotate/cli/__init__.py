"""The `annotate` command: parses, calls, prints, exits."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import synthtext
from annotate.cli.add import add_command
from annotate.cli.embed import doctor_command, embed_command
from annotate.cli.exchange import export_command, import_command
from annotate.cli.mine import mine_command, verdicts
from annotate.cli.pool import pool
from annotate.cli.prelabel import prelabel_command, reread_command
from annotate.cli.search import search_command
from annotate.cli.serve import serve
from annotate.cli.twins import twins_command
from annotate.cli.users import users
from synthtext.errors import SynthtextError, UserError

app = typer.Typer(
    name="annotate",
    help="Find hard real pictures of text in a pool, pre-label and correct them, and export datasets.",
    epilog="Start with: annotate add photos/ clips/, then: annotate serve",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"annotate {synthtext.__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    pass


app.command("add")(add_command)
app.command("embed")(embed_command)
app.command("search")(search_command)
app.command("prelabel")(prelabel_command)
app.command("reread")(reread_command)
app.command("twins")(twins_command)
app.command("mine")(mine_command)
app.add_typer(verdicts)
app.command("doctor")(doctor_command)
app.command("export", epilog="Example: annotate export --format paddleocr,craft --split 6:2:2 --out data/ours")(
    export_command
)
app.command("import", epilog="Example: annotate import labelled/ --format ppocrlabel --batch tickets")(import_command)
app.command(epilog="Example: annotate serve --workspace ./workspace --port 8000")(serve)
app.add_typer(pool)
app.add_typer(users)


def main() -> None:
    """Run the command line: 0 done, 1 failed or found faults, 2 the user's input is wrong."""
    try:
        app(prog_name="annotate")
    except UserError as error:
        sys.stderr.write(f"annotate: {error}\n")
        sys.exit(2)
    except SynthtextError as error:
        sys.stderr.write(f"annotate: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("annotate: stopped; what is done is kept\n")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        sys.stderr.close()
        sys.exit(1)
