"""The `annotate` command: parses, calls, prints, exits."""

from __future__ import annotations

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
from synthtext.command.frame import framed, run_framed

app = framed(
    "annotate",
    "Find hard real pictures of text in a pool, pre-label and correct them, and export datasets.",
    "Start with: annotate add photos/ clips/, then: annotate serve",
)

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
    run_framed(app, "annotate", "stopped; what is done is kept")
