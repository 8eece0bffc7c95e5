"""Keeping memory that pictures were in, for the next pictures."""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache

# Of glibc's malloc.h. 32 MB is the most that it takes; larger pictures are given back as before.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _LARGE_BYTES = 256 << 20, 32 << 20


@lru_cache(maxsize=1)
def keep_freed() -> bool:
    """Have this process keep what is freed, up to 256 MB, and return whether that can be had.

    Otherwise glibc gives every picture's memory back to the system and asks for it again: a tenth of the time of
    decoding a page and cutting crops out of it, on a virtual machine.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another library than glibc
        return False
    # One alone would switch off that glibc learns from what is freed.
    return bool(mallopt(_MMAP_THRESHOLD, _LARGE_BYTES) and mallopt(_TRIM_THRESHOLD, _KEPT_BYTES))
