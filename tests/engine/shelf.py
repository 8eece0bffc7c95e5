"""A store that fsspec knows as `shelf://`, in every process that imports this module."""

from __future__ import annotations

from typing import Any, ClassVar

import fsspec
from fake_sampler import Slow
from fsspec.implementations.local import LocalFileSystem


class Shelf(LocalFileSystem):  # type: ignore[misc]
    """A folder that shows a file while it grows, and remembers in which order files appeared.

    Attributes:
        seen: the files that were written.
        fails: parts of paths whose next writing fails.
    """

    protocol = "shelf"
    seen: ClassVar[list[str]] = []
    fails: ClassVar[list[str]] = []

    def put_file(self, lpath: str, rpath: str, *args: Any, **kwargs: Any) -> None:
        self._note(rpath)
        super().put_file(lpath, rpath, *args, **kwargs)

    def pipe_file(self, path: str, value: bytes, *args: Any, **kwargs: Any) -> None:
        self._note(path)
        super().pipe_file(path, value, *args, **kwargs)

    def _note(self, path: str) -> None:
        for part in self.fails:
            if part in str(path):
                self.fails.remove(part)
                raise TimeoutError("no answer")
        self.seen.append(str(path))


class SlowByShelf(Slow):
    """A slow sampler whose workers know the store: unpickling it imports this module."""


fsspec.register_implementation("shelf", Shelf, clobber=True)
