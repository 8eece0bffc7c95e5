"""`annotate add` as a process of its own: killed, twice at once, at its worst."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ROOT, annotate, annotate_here, kill_when, rows

from annotate.media import thumb_path
from annotate.workspace import open_workspace

Write = Callable[..., Path]


def _many(write_picture: Write, count: int) -> Path:
    for seed in range(count):
        folder = write_picture(f"{seed:04}.jpg", seed, size_wh=(160, 120)).parent
    return folder


@pytest.mark.slow
def test_add__goes_on_after_each_of_three_kills(tmp_path: Path, write_picture: Write) -> None:
    folder = _many(write_picture, 600)
    workspace = tmp_path / "w"
    command = ["add", folder, "-w", workspace, "--copy", "--workers", "2"]
    kills = 0
    for share in (1, 150, 350):
        kills += kill_when(command, lambda at=share: len(rows(workspace, "select 1 from images")) >= at)
    last = annotate(*command)
    assert kills == 3
    assert "the pool has 600 pictures" in last.stdout
    found = rows(workspace, "select id, path, copied from images")
    assert len(found) == len({row[0] for row in found}) == 600
    opened = open_workspace(workspace)
    assert all((workspace / str(path)).is_file() and copied for _, path, copied in found)
    assert all(thumb_path(opened, str(image_id)).is_file() for image_id, _, _ in found)
    assert rows(workspace, "select sum(pictures) from tallies") == [(600,)]
    assert "added 0, known 600," in annotate(*command).stdout


def test_add__in_two_processes_at_once_adds_each_picture_once(tmp_path: Path, write_picture: Write) -> None:
    folder = _many(write_picture, 150)
    command = [sys.executable, "-m", "annotate", "add", str(folder), "-w", str(tmp_path / "w"), "--workers", "1"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert len(rows(tmp_path / "w", "select 1 from images")) == 150
    added = [int(text.split("added ")[1].split(",")[0]) for text in said]
    assert sum(added) == 150


def test_add__says_what_is_wrong_in_one_line(tmp_path: Path, write_picture: Write) -> None:
    path = write_picture("a.jpg")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    cases = [
        (["add", tmp_path / "none", "-w", tmp_path / "w"], "no such file or folder"),
        (["add", path, "-w", tmp_path / "full"], "the folder is not empty and no workspace"),
        (["add", path, "-w", path], "cannot be used"),
        (["add", path, "-w", tmp_path / "w", "--db", "mongo://x"], "is no database URL"),
        (["add", path, "-w", tmp_path / "w", "--tag", ""], "a tag has 1 to 64 characters"),
    ]
    for args, said in cases:
        done = annotate_here(*args, check=2)
        assert said in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    unreachable = annotate_here("add", path, "-w", tmp_path / "w3", "--db", "postgresql://127.0.0.1:1/x", check=1)
    assert "127.0.0.1" in unreachable.stderr
    assert "Traceback" not in unreachable.stderr


def test_add__reports_what_went_wrong(tmp_path: Path, write_picture: Write) -> None:
    folder = write_picture("a.jpg").parent
    for number in range(30):
        (folder / f"bad\n{number}.jpg").write_bytes(b"no picture")
    report = tmp_path / "report.csv"
    done = annotate_here("add", folder, "-w", tmp_path / "w", "--report", report)
    assert "added 1, known 0, missing 0, broken 30; the pool has 1 pictures" in done.stdout
    assert "and 10 more; --report FILE lists them" in done.stdout
    with report.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[0] == ["path", "outcome", "why"]
    assert {row[0] for row in found[1:]} == {str(folder / f"bad\n{number}.jpg") for number in range(30)}


def test_add__into_and_from_folders_without_rights(tmp_path: Path, write_picture: Write) -> None:
    path = write_picture("a.jpg")
    secret = write_picture("secret.jpg", 2)
    secret.chmod(0)
    closed = write_picture("b.jpg", 3, folder="photos/closed").parent
    closed.chmod(0)
    (tmp_path / "own").mkdir()
    (tmp_path / "read only").mkdir(mode=0o555)
    # Root may do everything, except when it gives these two rights away.
    humbly = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    def run(workspace: Path) -> subprocess.CompletedProcess[str]:
        args = [*humbly, sys.executable, "-m", "annotate", "add", str(path.parent), "-w", str(workspace)]
        return subprocess.run(args, capture_output=True, text=True, cwd=ROOT)

    refused = run(tmp_path / "read only" / "w")
    fine = run(tmp_path / "own" / "w")
    closed.chmod(0o755)
    assert refused.returncode == 2, refused.stderr
    assert "Permission denied" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert fine.returncode == 0, fine.stderr
    assert "added 1, known 0, missing 0, broken 2" in fine.stdout
    assert fine.stdout.count("Permission denied") == 2
