"""A folder that is built out of sight and put in place when it is whole, in the stead of an older one."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from synthtext.errors import UserError
from synthtext.writers.base import STATE_DIR
from synthtext.writers.disk import file_error, sync_folder, sync_tree

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

REPORT = f"{STATE_DIR}/convert.json"
_AT_FDCWD, _EXCHANGE = -100, 2
# A younger folder may be one that its owner has not locked yet.
_OLD_S = 60.0


class Room:
    """The folder being built, beside the place that it is for.

    Args:
        out: where it is to be; missing, empty, or written by an earlier conversion.

    Raises:
        UserError: something else is there.
        RunError: the folder cannot be made.
    """

    def __init__(self, out: Path) -> None:
        self.out = Path(os.path.abspath(out))
        if self.out.exists() and not (self.out / REPORT).is_file():
            if not self.out.is_dir():
                raise UserError(f"--out: {out} is a file; name a folder")
            if any(self.out.iterdir()):
                what = "is not empty, and was not written by convert or export"
                raise UserError(f"--out: {out} {what}; choose another folder, or empty it")
        self.path = self.out.with_name(f".{self.out.name}.{os.getpid()}.tmp")
        self._lock: int | None = None

    def __enter__(self) -> Self:
        try:
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.mkdir(parents=True)
        except OSError as error:
            raise file_error(error, self.out) from None
        self._lock = _locked(self.path)
        self._sweep()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)

    def _sweep(self) -> None:
        """Remove what runs that were killed have left beside it: folders like this one that nobody holds."""
        left = re.compile(rf"\.{re.escape(self.out.name)}\.\d+\.tmp")
        with suppress(OSError):  # what cannot be removed is in nobody's way
            for folder in self.out.parent.iterdir():
                if left.fullmatch(folder.name) is None or folder == self.path or folder.is_symlink():
                    continue
                lock = _locked(folder) if time.time() - folder.stat().st_mtime > _OLD_S else None
                if lock is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)

    def swap_in(self) -> None:
        """Flush everything and put the folder in place; until then the older one stays as it was."""
        sync_tree(self.path)
        if not self.out.exists():
            self.path.rename(self.out)
        elif not _exchanged(self.path, self.out):
            old = self.out.with_name(f".{self.out.name}.{os.getpid()}.old")
            self.out.rename(old)
            self.path.rename(self.out)
            shutil.rmtree(old, ignore_errors=True)
        sync_folder(self.out.parent)


def _locked(folder: Path) -> int | None:
    """Return a lock on a folder, which ends with this process; None if another has it, or there are no locks."""
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders at once, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0)
