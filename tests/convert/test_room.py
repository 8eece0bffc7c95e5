"""The folder that is built out of sight leaves nothing behind, not even of runs that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from synthtext.convert.room import REPORT, Room

_KILLED = """
import os, signal, sys
from pathlib import Path
from synthtext.convert.room import Room
with Room(Path(sys.argv[1])) as room:
    (room.path / "half.txt").write_text("half")
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    print("ready", flush=True)
    sys.stdin.read()
"""


def _left(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(".tmp")]


def _aged(folder: Path) -> None:
    os.utime(folder, (1, 1))


@pytest.mark.skipif(sys.platform == "win32", reason="has no locks on folders")
def test_room__removes_what_killed_runs_have_left_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "data [1]"
    subprocess.run([sys.executable, "-c", _KILLED, str(out), "killed"], check=False)
    (killed,) = _left(tmp_path)
    other = tmp_path / ".data [2].123.tmp"
    other.mkdir()
    with Room(out):
        assert killed.is_dir()  # so young that somebody may just begin
    for folder in (killed, other):
        _aged(folder)

    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(out), "alive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as alive:
        assert alive.stdout is not None
        assert alive.stdout.readline() == b"ready\n"
        assert not killed.exists()
        (busy,) = (path for path in _left(tmp_path) if path != other)
        _aged(busy)
        with Room(out) as room:
            (room.path / REPORT).parent.mkdir()
            (room.path / REPORT).write_text("{}")
            assert (busy / "half.txt").is_file()
            room.swap_in()
        alive.communicate(b"")
    assert (out / REPORT).is_file()
    assert _left(tmp_path) == [other]
