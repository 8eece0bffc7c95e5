"""Files of lines, one a part, that grow while pictures are added."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from synthtext.labels.codec.files import PARTS


class Lists:
    """Files below a folder, opened when their first line comes.

    Args:
        folder: made when needed.
        pattern: of their names, with `{part}`.
    """

    def __init__(self, folder: Path, pattern: str = "{part}.txt") -> None:
        self._folder = folder
        self._pattern = pattern
        self._files: dict[str, BinaryIO] = {}

    def write(self, part: str, line: str) -> None:
        """Add a line, which ends with its line break."""
        file = self._files.get(part)
        if file is None:
            path = self._folder / self._pattern.format(part=part)
            path.parent.mkdir(parents=True, exist_ok=True)
            file = self._files[part] = path.open("xb")
        file.write(line.encode())

    def close(self) -> list[str]:
        """Close all files and return the parts that there are, train first."""
        for file in self._files.values():
            file.close()
        return [part for part in ("", *PARTS) if part in self._files]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
