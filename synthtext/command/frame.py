"""The frame of a command line: its version, and how it ends when something goes wrong."""

import gc
import sys
from typing import Annotated

import typer

import synthtext
from synthtext.errors import SynthtextError, UserError

_COLLECTED_AFTER = 20_000


def framed(name: str, about: str, epilog: str) -> typer.Typer:
    """Return a command line without commands, which knows `--version`."""
    app = typer.Typer(
        name=name,
        help=about,
        epilog=epilog,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def print_version(wanted: bool) -> None:
        if wanted:
            sys.stdout.write(f"{name} {synthtext.__version__}\n")
            raise typer.Exit

    @app.callback()
    def options(
        version: Annotated[
            bool, typer.Option("--version", callback=print_version, is_eager=True, help="Say which version.")
        ] = False,
    ) -> None:
        pass

    return app


def run_framed(app: typer.Typer, name: str, stopped: str) -> None:
    """Run a command line: 0 done, 1 failed or found faults, 2 the user's input is wrong.

    Args:
        stopped: what it says when it is interrupted.
    """
    # What a command has loaded stays, and records come by the ten thousand without a circle among them: looking for
    # circles took a tenth of the time of an export.
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)
    try:
        app(prog_name=name)
    except UserError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(2)
    except SynthtextError as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write(f"{name}: {stopped}\n")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        sys.stderr.close()
        sys.exit(1)
