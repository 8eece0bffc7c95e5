"""The `synthtext` command: parses, calls, prints, exits."""

from __future__ import annotations

from synthtext.cli.assets import assets_commands
from synthtext.cli.backgrounds import backgrounds
from synthtext.cli.bench import bench
from synthtext.cli.convert import convert_command
from synthtext.cli.generate import generate
from synthtext.cli.look import inspect, preview, verify
from synthtext.cli.merge import merge
from synthtext.command.frame import framed, run_framed

app = framed(
    "synthtext",
    "Render text onto backgrounds, with exact labels, for training OCR.",
    "Start with: synthtext preview --preset rec-zh --out sheet.png, then: synthtext generate --count 100k",
)

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
    run_framed(app, "synthtext", "stopped")
