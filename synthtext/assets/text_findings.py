"""What is known about text in photographs, kept in the cache: which quads, and how sure each is.

A finding holds as long as the file keeps its size and its time of change. There is one small database for all
folders; an interrupted search keeps what it has found. Quads of any score are kept, so that another threshold asks
for no other search.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.assets.text_finder import TextFound
from synthtext.errors import AssetError
from synthtext.paths import cache_dir

_NAME = "text-1.db"  # another table needs another name
_TABLE = """CREATE TABLE IF NOT EXISTS found (
    path BLOB PRIMARY KEY, size INTEGER, changed INTEGER, finder TEXT, width INTEGER, height INTEGER,
    quads BLOB, scores BLOB
) WITHOUT ROWID"""
_PATIENCE_SECONDS = 60.0  # another process may be writing
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was looked at: absolute path, bytes, and time of the last change in nanoseconds."""

    path: str
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: str) -> FileState | None:
        """Return the state of a file, None if there is no such file."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        return cls(path, status.st_size, status.st_mtime_ns)


class Findings:
    """The database; opened by one thread.

    Args:
        file: made when it is missing, and made again when it is damaged.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._told():
            try:
                self._base = self._opened()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                file.unlink(missing_ok=True)
                self._base = self._opened()

    def known(self, paths: Sequence[str], finder: str | None) -> Iterator[TextFound | None]:
        """Yield for each path what was found in it; None if nobody has looked since it changed.

        What is not there holds no text.

        Args:
            finder: the name of the finder that counts; None for whichever it was.
        """
        for start in range(0, len(paths), _AT_ONCE):
            states = [FileState.of(path) for path in paths[start : start + _AT_ONCE]]
            rows = self._rows([os.fsencode(state.path) for state in states if state is not None])
            for state in states:
                if state is None:
                    yield TextFound.none((0, 0))
                    continue
                row = rows.get(os.fsencode(state.path))
                if row is None or row[1:3] != (state.size, state.changed_ns) or finder not in (None, row[3]):
                    yield None
                else:
                    yield _found(row)

    def add(self, found: Iterable[tuple[FileState, TextFound]], finder: str) -> None:
        """Keep what was found in files that were in these states."""
        rows = [
            (
                os.fsencode(state.path),
                state.size,
                state.changed_ns,
                finder,
                *text.size_wh,
                text.quads.astype("<f4").tobytes(),
                text.scores.astype("<f4").tobytes(),
            )
            for state, text in found
        ]
        with self._told(), self._base:
            self._base.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def close(self) -> None:
        """Close the database."""
        self._base.close()

    def _opened(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.file, timeout=_PATIENCE_SECONDS)
        try:
            with base:
                base.execute(_TABLE)
        except sqlite3.Error:
            base.close()
            raise
        return base

    def _rows(self, paths: list[bytes]) -> dict[bytes, tuple[bytes, int, int, str, int, int, bytes, bytes]]:
        marks = ", ".join("?" * len(paths))
        with self._told():
            found = self._base.execute(f"SELECT * FROM found WHERE path IN ({marks})", paths)
            return {row[0]: row for row in found}

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise AssetError(
                f"backgrounds: what is known about text in photographs cannot be kept in {self.file} ({error}); "
                "remove that file, set SYNTHTEXT_CACHE to another folder, or use --no-cache"
            ) from error


def open_findings(use_cache: bool = True) -> Findings:
    """Return the findings in the cache; without it those of a temporary file, which lives as long as this process.

    Raises:
        AssetError: the cache cannot be made or written.
    """
    if use_cache:
        return Findings(cache_dir() / _NAME)
    handle, name = tempfile.mkstemp(prefix="synthtext-text-", suffix=".db")
    os.close(handle)
    findings = Findings(Path(name))
    weakref.finalize(findings, _remove, findings.file, os.getpid())
    return findings


def found_text(path: str, use_cache: bool = True) -> TextFound | None:
    """Return the text that was found in a photograph, None if nobody has looked since the file changed."""
    findings = open_findings(use_cache)
    try:
        return next(findings.known([os.path.abspath(path)], None))
    finally:
        findings.close()


def _found(row: tuple[bytes, int, int, str, int, int, bytes, bytes]) -> TextFound:
    *_, width, height, quads, scores = row
    if not scores:
        return TextFound.none((width, height))
    return TextFound(
        np.frombuffer(quads, "<f4").reshape(-1, 4, 2), np.frombuffer(scores, "<f4").copy(), (width, height)
    )


def _remove(file: Path, owner: int) -> None:
    if os.getpid() == owner:
        with suppress(OSError):
            file.unlink(missing_ok=True)
