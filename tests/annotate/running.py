"""Running `annotate` as a process, and killing it in the middle."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from annotate import cli

ROOT = Path(__file__).resolve().parents[2]


def annotate_here(*args: object, check: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command's entry point in this process, which is quicker than starting one."""
    out, err = io.StringIO(), io.StringIO()
    before, code = sys.argv, 0
    sys.argv = ["annotate", *map(str, args)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before
    assert code == check, out.getvalue() + err.getvalue()
    return subprocess.CompletedProcess(sys.argv, code, out.getvalue(), err.getvalue())


def annotate(*args: object, check: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; `check` is the exit code that it must have."""
    done = subprocess.run(
        [sys.executable, "-m", "annotate", *map(str, args)], capture_output=True, text=True, cwd=ROOT, timeout=300
    )
    assert check is None or done.returncode == check, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


def kill_when(args: Sequence[object], reached: Callable[[], bool], seconds: float = 120) -> bool:
    """Start the command, `kill -9` it and its children once something is reached; False when it ended before."""
    running = subprocess.Popen(
        [sys.executable, "-m", "annotate", *map(str, args)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        start_new_session=True,
    )
    end = time.monotonic() + seconds
    try:
        while running.poll() is None and time.monotonic() < end:
            if reached():
                return True
            time.sleep(0.01)
        return False
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def rows(workspace: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds in a workspace's SQLite; nothing while there is none."""
    path = workspace / "annotate.db"
    if not path.is_file():
        return []
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # the tables are not made yet
        return []
    finally:
        connection.close()
