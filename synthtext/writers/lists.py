"""Label lists of a dataset's parts, put together from one piece a shard.

The pieces are kept in the state folder, so that a run that goes on need not read any image again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from synthtext.writers.base import PARTS, shard_name
from synthtext.writers.disk import replace_file, write_new

_CHUNK = 1 << 20


class Pieces:
    """The lines of one shard, by part.

    Args:
        folder: where they are written when the shard is whole; made here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: list[list[str]] = [[] for _ in PARTS]
        folder.mkdir()

    def add(self, part: int, line: str) -> None:
        """Keep a line, which ends with its line break."""
        self._lines[part].append(line)

    def seal(self) -> Path:
        """Write the pieces and return their folder."""
        for part, lines in zip(PARTS, self._lines, strict=True):
            if lines:
                write_new(str(self.folder / f"{part}.txt"), "".join(lines).encode())
        return self.folder

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def join_pieces(pieces: Path, root: Path, shards: Sequence[int]) -> list[str]:
    """Write `train.txt`, `val.txt`, `test.txt` below a root; return the parts that there are.

    Args:
        pieces: the folder with the pieces of all shards.
        shards: the finished ones, in the order that their lines are to have.
    """
    parts = []
    for part in PARTS:
        found = [path for shard in shards if (path := pieces / shard_name(shard) / f"{part}.txt").is_file()]
        target = root / f"{part}.txt"
        if found:
            replace_file(target, chunks(found))
            parts.append(part)
        else:
            target.unlink(missing_ok=True)
    return parts


def longest_text(pieces: Path, shards: Sequence[int]) -> int:
    """Return how many code points the longest text of `<path>TAB<text>` lines has; 0 for no lines."""
    longest = 0
    for shard in shards:
        for path in (pieces / shard_name(shard)).glob("*.txt"):
            with path.open(encoding="utf-8", newline="\n") as file:
                longest = max([longest, *(len(line.removesuffix("\n").partition("\t")[2]) for line in file)])
    return longest


def chunks(files: Sequence[Path]) -> Iterator[bytes]:
    """Yield the content of files, one after another, in pieces of at most a megabyte."""
    for path in files:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
