"""A font file in memory whose pages can be let go.

FreeType maps a file by itself as well, but never gives back what it has read, and of seventy Chinese faces that grows
to as much memory as the glyphs themselves.
"""

from __future__ import annotations

import ctypes
import mmap
from typing import Any


class FontFile:
    """A font file mapped privately, to be handed to `freetype.Face` as an open file.

    Raises:
        OSError, ValueError: the file is missing, not readable, or empty.
    """

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            # Copy on write, as ctypes takes no address of what is read-only; nothing is ever written.
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        self._bytes: Any = (ctypes.c_char * len(self._map)).from_buffer(self._map)

    def read(self) -> Any:
        """Return all of it as a ctypes array over the mapping: FreeType reads there, nothing is copied."""
        return self._bytes

    def let_go(self) -> None:
        """Give the pages that were read back to the system, which reads them again (from its cache) when needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
