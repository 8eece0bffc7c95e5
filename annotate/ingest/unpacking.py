"""Videos of archives, which a decoder must find in a file of their own: in the workspace while they are looked at."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from annotate.errors import ServiceError
from annotate.ingest.examine import Broken

# What stays free for the frames and the database.
_SPARE_BYTES = 2**30


class Unpacked:
    """The folder of such files; what a process leaves behind that was killed is taken away by the next one.

    Args:
        folder: is made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clear(lambda pid: not Path(f"/proc/{pid}").exists() and pid != os.getpid())

    def put(self, stream: IO[bytes], size: int, suffix: str) -> Path:
        """Write a member of `size` bytes into a file, and return that.

        Raises:
            Broken: there is no room for it, or it has other bytes than the archive says.
            ServiceError: the workspace cannot be written.
        """
        try:
            self._folder.mkdir(exist_ok=True)
            free = shutil.disk_usage(self._folder).free
            if size > free - _SPARE_BYTES:
                raise Broken(f"refused: {size:,} bytes unpacked, and {free:,} are free where the workspace is")
            path = self._folder / f"{os.getpid()}-{uuid.uuid4().hex}{suffix}"
            file = path.open("wb")
        except OSError as error:
            raise ServiceError(f"{self._folder}: cannot be written: {error.strerror}") from error
        try:
            with file:
                shutil.copyfileobj(stream, file, 2**20)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def clear(self) -> None:
        """Take away what is left of this process's files, and the folder when it is empty."""
        self._clear(lambda pid: pid == os.getpid())
        with suppress(OSError):
            self._folder.rmdir()

    def _clear(self, goes: Callable[[int], bool]) -> None:
        for path in self._folder.glob("*-*"):
            pid = path.name.split("-")[0]
            if pid.isdigit() and goes(int(pid)):
                path.unlink(missing_ok=True)
