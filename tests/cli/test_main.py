"""The `synthtext` command as a process: help, exit codes, workers; and errors that no option explains."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command_line import SMALL, Command, fault

from synthtext import __version__, cli
from synthtext.errors import RunError

COMMANDS = [
    ["generate"], ["preview"], ["inspect"], ["verify"], ["fonts"], ["backgrounds"], ["bench"],
    ["charset"], ["charset", "list"], ["charset", "show"], ["charset", "check"], ["charset", "build"],
]  # fmt: skip


def process(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "synthtext", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help__says_how_to_start(command: Command) -> None:
    result = command("--help")
    assert result.code == 0
    assert "Start with: synthtext preview" in " ".join(result.out.split())
    assert all(words[0] in result.out for words in COMMANDS)
    assert command().out.split() == result.out.split()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help__of_each_command(command: Command, words: list[str]) -> None:
    result = command(*words, "--help")
    assert result.code == 0
    assert result.err == ""
    assert f"Usage: synthtext {' '.join(words)}" in result.out
    if words != ["charset"]:
        text = " ".join(result.out.split())
        assert "Example" in text
        assert f"synthtext {' '.join(words)}" in text.partition("Example")[2]


def test_version(command: Command) -> None:
    assert command("--version").out == f"synthtext {__version__}\n"


def test_command_line__imports_what_the_command_needs(tmp_path: Path) -> None:
    code = "from synthtext.cli import command_line, sys; command_line(['convert']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert "synthtext.cli.convert" in done.stdout.split()
    assert "synthtext.pipeline" not in done.stdout.split()


def test_main__unknown_command(command: Command) -> None:
    result = command("generat")
    assert result.code == 2
    assert "No such command 'generat'" in result.err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (RunError("the disk is full"), 1, "the disk is full"),
        (KeyboardInterrupt(), 1, "stopped"),
    ],
)
def test_main__failure(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    def fail(prog_name: str) -> None:
        raise error

    monkeypatch.setattr(cli, "command_line", lambda _: fail)
    assert fault(command(), code) == words


def test_main__a_bug_is_not_hidden(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(prog_name: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "command_line", lambda _: fail)
    with pytest.raises(ZeroDivisionError):
        command()


@pytest.mark.parametrize("start", ["spawn", "fork"])
def test_process__makes_the_same_bytes(tmp_path: Path, dataset: Path, start: str) -> None:
    if start == "fork" and sys.platform != "linux":
        pytest.skip("fork is for Linux")
    small = [*SMALL, "--count", 40, "--out", "d", "--workers", 1, "--start", start]
    done = process("generate", *small, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for path in sorted((dataset / "rec").rglob("*.*")):
        made = tmp_path / "d" / "rec" / path.relative_to(dataset / "rec")
        assert made.read_bytes() == path.read_bytes(), path


def test_process__wrong_input(tmp_path: Path) -> None:
    done = process("generate", "--count", "-5", folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "synthtext: --count: '-5' is not a count; write 1000, 10k, 5M or 1_000\n"


def test_process__reader_has_gone(tmp_path: Path) -> None:
    shown = subprocess.run(
        f'"{sys.executable}" -m synthtext charset show zh_en | head -n 1',
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert len(shown.stdout.splitlines()) == 1
    assert shown.stderr == ""
