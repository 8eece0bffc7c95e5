"""The optional native module: `native`, or None where it was not built.

It holds in C what costs most in Python, gives the same bytes, and is built with the package where there is a C
compiler (`hatch_build.py`; `python hatch_build.py` in a checkout). SYNTHTEXT_NATIVE=0 leaves it aside.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from typing import Any, Protocol, cast

_VERSION = 7


class Native(Protocol):
    """What the module holds; each name has a counterpart in Python where it is used."""

    Streams: Any
    Draws: Any
    Glyphs: Any
    set_layout: Callable[..., None]
    lay: Callable[..., bool]
    contrast: Callable[..., float]
    stretches: Callable[..., list[tuple[float, float, float, float]]]
    shaped: Callable[..., list[Any] | None]
    arranged: Callable[..., float | None]
    warp: Callable[..., bool]
    resize: Callable[..., bool]
    hang: Callable[..., bool]
    light: Callable[..., bool]
    room: Callable[..., tuple[int, int, int, int] | None]
    fit: Callable[..., tuple[float, int, tuple[float, float] | None] | None]


def _load() -> Native | None:
    if os.environ.get("SYNTHTEXT_NATIVE") == "0":
        return None
    try:
        found = importlib.import_module("synthtext._native")
    except ImportError:
        return None
    # One that was built from other sources would be a riddle; Python is only slower.
    return cast(Native, found) if getattr(found, "VERSION", 0) == _VERSION else None


native: Native | None = _load()
