from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from synthtext.writers import disk
from synthtext.writers.disk import file_error, replace_file, storage_error, sync_tree, write_new


def test_write_new__writes_all_even_when_the_system_takes_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))

    write_new(str(tmp_path / "a"), b"0123456789")

    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_write_new__never_writes_over_a_file(tmp_path: Path) -> None:
    write_new(str(tmp_path / "a"), b"one")

    with pytest.raises(FileExistsError):
        write_new(str(tmp_path / "a"), b"two")


def test_replace_file__reader_sees_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"new"
        assert path.read_bytes() == b"old"
        yield b" text"

    replace_file(path, chunks())

    assert path.read_bytes() == b"new text"
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.txt"]


def test_replace_file__failure_keeps_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"new"
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        replace_file(path, chunks())

    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["list.txt"]


@pytest.mark.parametrize("with_syncfs", [True, False])
def test_sync_tree__any_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_syncfs: bool) -> None:
    if not with_syncfs:
        monkeypatch.setattr(disk, "_syncfs", lambda: None)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"x")

    sync_tree(tmp_path)

    assert (tmp_path / "a/b").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "cannot be written"),
        (errno.EIO, "run the same command again"),
    ],
)
def test_storage_error__one_clear_line(number: int, words: str) -> None:
    error = storage_error(OSError(number, os.strerror(number), "/data/x"), Path("/data"))

    assert words in str(error)
    assert str(error).startswith("/data: ")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full; free some space, or choose another --out"),
        (errno.ENOENT, "cannot be written (No such file or directory)"),
        (errno.ENOTDIR, "cannot be written (Not a directory)"),
        (errno.EROFS, "cannot be written (Read-only file system)"),
        (errno.EACCES, "cannot be written (Permission denied)"),
        (errno.ENAMETOOLONG, "cannot be written (File name too long)"),
        (errno.ELOOP, "cannot be written (Too many"),
        (errno.EIO, "cannot be written (Input/output error)"),
    ],
)
def test_file_error__never_speaks_of_going_on(number: int, words: str) -> None:
    error = file_error(OSError(number, os.strerror(number), "/data/.x.12.tmp"), Path("/data/x"))

    assert str(error).startswith(f"/data/x: {words}")
    assert "choose another --out" in str(error)
    assert not {"again", "goes", "stopped", "tmp"} & set(str(error).replace(".", " ").split())


def test_file_error__names_the_folder_that_refuses() -> None:
    error = file_error(PermissionError(errno.EACCES, "Permission denied", "/data"), Path("/data/a/b"), "--html")

    reason = "cannot be written (Permission denied: /data)"
    assert str(error) == f"/data/a/b: {reason}; choose another --html or its permissions"
