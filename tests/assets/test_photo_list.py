"""Lists of photographs in place of folders."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from fake_text import save_photo

from synthtext.assets import photo_index
from synthtext.assets.photo_index import index_photos
from synthtext.assets.photo_list import photo_list
from synthtext.errors import AssetError


def paths(file: Path) -> list[str]:
    index = index_photos(str(file))
    return [index.path(number) for number in range(len(index))]


def test_index_photos__list_of_absolute_and_relative_paths(tmp_path: Path) -> None:
    file = tmp_path / "lists" / "some.txt"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbfb.png\r\n\n/far/a.JPG\n  ../c d.webp\n")
    assert paths(file) == [str(tmp_path / "lists" / "b.png"), "/far/a.JPG", f"{tmp_path}/lists/../c d.webp"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a.png\nnotes.txt\n", "line 2: expected the path of an image (.jpg, .png, ...), found 'notes.txt'"),
        (b"\x00\x01.jpg\n", "line 1: expected the path of an image"),
        ("照片\n".encode("gbk"), "line 1: expected the path of an image"),
    ],
)
def test_index_photos__no_list(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "some.txt").write_bytes(data)
    with pytest.raises(AssetError) as raised:
        index_photos(str(tmp_path / "some.txt"))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_index_photos__long_list_is_mapped_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHTEXT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(photo_index, "_MAPPED_FROM", 3)
    file = tmp_path / "some.txt"
    file.write_text("".join(f"{number}.png\n" for number in range(5)))
    os.utime(file, (1_000_000_000, 1_000_000_000))  # else too young to be trusted
    index_photos(str(file))
    index = index_photos(str(file))
    assert index.file is not None
    assert pickle.loads(pickle.dumps(index)).path(4) == str(tmp_path / "4.png")  # noqa: S301 - our own bytes
    file.write_text("x.png\ny.png\nz.png\nw.png\n")
    assert len(index_photos(str(file))) == 4


def test_photo_list__reads_back(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"gbk \xd5\xd5.png")
    for path in (tmp_path / "a b.png", tmp_path / "照片.png", odd):
        save_photo(path)
    index = index_photos(str(tmp_path))
    wanted = [index.path(number) for number in range(3)]
    (tmp_path / "list.txt").write_bytes(b"".join(photo_list([*wanted, "/x/line\nend.png", "/x/blank.png "])))
    assert paths(tmp_path / "list.txt") == wanted
