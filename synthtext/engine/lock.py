"""One run a dataset: an advisory lock that the system gives back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from synthtext.errors import UserError
from synthtext.writers.base import STATE_DIR

_LOCK = f"{STATE_DIR}/lock"
_HELD: set[Path] = set()  # the system's lock does not keep a process from locking twice

if sys.platform == "win32":
    import msvcrt

    def _acquire(file: IO[bytes]) -> None:
        file.seek(1 << 30)  # beyond the process id, which others want to read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class RunLock:
    """Held while a run writes to a dataset; workers do not inherit it.

    Args:
        out: the dataset's folder, which exists.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._path = (out / _LOCK).resolve()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> RunLock:
        """Take the lock.

        Raises:
            UserError: another run holds it.
        """
        self._path.parent.mkdir(exist_ok=True)
        if self._path in _HELD:
            raise self._taken()
        file = self._path.open("r+b" if self._path.exists() else "w+b")
        try:
            _acquire(file)
        except OSError as error:
            taken = self._taken()
            file.close()
            raise taken from error
        file.seek(0)
        file.truncate()
        file.write(b"%d\n" % os.getpid())
        file.flush()
        self._file = file
        _HELD.add(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        _HELD.discard(self._path)
        if self._file is not None:
            self._file.close()

    def _taken(self) -> UserError:
        holder = self._path.read_bytes().strip().decode(errors="replace")
        by = f" (process {holder})" if holder else ""
        return UserError(f"{self._out}: another run{by} is writing here; wait for it, or choose another --out")
