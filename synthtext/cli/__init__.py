"""The `synthtext` command: parses, calls, prints, exits."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import synthtext
from synthtext.cli.assets import assets_commands
from synthtext.cli.backgrounds import backgrounds
from synthtext.cli.bench import bench
from synthtext.cli.convert import convert_command
from synthtext.cli.generate import generate
from synthtext.cli.look import inspect, preview, verify
from synthtext.cli.merge import merge
from synthtext.errors import SynthtextError, UserError

app = typer.Typer(
    name="synthtext",
    help="Render text onto backgrounds, with exact labels, for training OCR.",
    epilog=("Start with: synthtext preview --preset rec-zh --out sheet.png, then: synthtext generate --count 100k"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"synthtext {synthtext.__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    pass


app.command()(generate)
app.command(epilog="Example: synthtext preview --preset rec-en --count 30 --boxes chars --out sheet.png")(preview)
app.command(epilog="Example: synthtext inspect data/rec-zh --html report.html")(inspect)
app.command(epilog="Example: synthtext verify data/rec-zh")(verify)
app.command("convert", epilog="Example: synthtext convert labelled/ --to paddleocr --split 6:2:2 --out data/ours")(
    convert_command
)
app.command(epilog="Example: synthtext merge part-0 part-1 part-2 --out data/rec-zh")(merge)
assets_commands(app)
app.command(epilog="Example: synthtext backgrounds ~/photos --find-text --write-list clean.txt")(backgrounds)
app.command(epilog="Example: synthtext bench --preset rec-zh --set effects.blur.chance=0")(bench)


def main() -> None:
    """Run the command line: 0 done, 1 failed or found faults, 2 the user's input is wrong."""
    try:
        app(prog_name="synthtext")
    except UserError as error:
        sys.stderr.write(f"synthtext: {error}\n")
        sys.exit(2)
    except SynthtextError as error:
        sys.stderr.write(f"synthtext: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("synthtext: stopped\n")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        sys.stderr.close()
        sys.exit(1)
