"""Runs the real command in this process, and says what one clear line for a user's mistake is."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

from synthtext import cli

SMALL = ("--charset", "digits", "--set", "background.kinds={plain: 1}")


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Result]


def run_command(*arguments: object) -> Result:
    """Run `synthtext ...` through its entry point; anything but an exit is raised."""
    out, err = io.StringIO(), io.StringIO()
    before, code = sys.argv, 0
    sys.argv = ["synthtext", *map(str, arguments)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    return Result(code, out.getvalue(), err.getvalue())


def fault(result: Result, code: int = 2) -> str:
    """Return the one line that says what is wrong, after checking that it is one."""
    assert result.code == code, result
    lines = [line for line in result.err.splitlines() if not line.startswith("synthtext: note: ")]
    assert len(lines) == 1, result.err
    assert lines[0].startswith("synthtext: ")
    return lines[0].removeprefix("synthtext: ")
