"""The command line of `annotate` as a whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotate.cli import command_line

NAMES = ("add", "embed", "search", "prelabel", "reread", "twins", "mine", "verdicts", "doctor", "export", "import")
FOLDED = ("serve", "pool", "users")
# What takes long to load: decoders of videos and documents, the renderer, the other database.
SLOW = {"av", "pypdfium2", "imagehash", "synthtext.pipeline", "synthtext.api", "sqlalchemy.dialects.postgresql.base"}


@pytest.mark.parametrize("name", [*NAMES, *FOLDED])
def test_command_line__knows_a_command_alone_and_among_all(name: str) -> None:
    for app in (command_line([name]), command_line()):
        done = CliRunner().invoke(app, [name, "--help"])

        assert done.exit_code == 0, done.output
        assert f"annotate {name}" in " ".join(done.output.replace("root", "annotate").split())


def test_command_line__lists_all_commands() -> None:
    told = CliRunner().invoke(command_line(), ["--help"]).output

    assert all(f" {name} " in told for name in (*NAMES, *FOLDED))


def test_command_line__export_loads_what_it_needs(tmp_path: Path) -> None:
    code = "from annotate.cli import command_line, sys; command_line(['export']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    loaded = set(done.stdout.split())
    assert "annotate.exchange.export" in loaded
    assert not SLOW & loaded


def test_command_line__an_unknown_command_is_named() -> None:
    done = CliRunner().invoke(command_line(["exprot"]), ["exprot"])

    assert done.exit_code == 2
    assert "exprot" in done.output
