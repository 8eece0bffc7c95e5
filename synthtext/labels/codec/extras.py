"""What most formats have no field for, as keys that their readers skip: language, direction, flags, character quads.

Formats that let unknown keys pass carry it in them, so that nothing is lost on the way through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Any

import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.codec.files import pairs
from synthtext.labels.levels import TextBox

_DIRECTIONS = ("ltr", "rtl", "ttb")
_FIELDS = frozenset({"language", "direction", "flags", "chars"})


def extras_of(box: TextBox, taken: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields that a format has no place for, and all unknown keys but those that it uses itself."""
    found: dict[str, Any] = {}
    if box.language:
        found["language"] = box.language
    if box.direction:
        found["direction"] = box.direction
    if box.flags:
        found["flags"] = list(box.flags)
    if box.char_quads is not None:
        found["chars"] = [pairs(quad) for quad in box.char_quads]
    found.update((key, value) for key, value in box.extra.items() if key not in taken and key not in _FIELDS)
    return found


def with_extras(box: TextBox, item: Mapping[str, Any], taken: Set[str]) -> TextBox:
    """Return a box with what the keys of an item say that the format does not use itself (`taken`)."""
    rest = {key: value for key, value in item.items() if key not in taken} if not item.keys() <= taken else {}
    if not rest:
        return box
    language = rest.pop("language", "")
    direction = rest.pop("direction", "")
    flags = rest.pop("flags", ())
    chars = rest.pop("chars", None)
    return TextBox(
        box.outline,
        box.text,
        box.category,
        box.ignore,
        direction if direction in _DIRECTIONS else "",
        language if isinstance(language, str) else "",
        _flags(flags),
        _quads(chars),
        rest,
    )


def _flags(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    if isinstance(value, Mapping):
        return tuple(sorted(str(name) for name, is_set in value.items() if is_set is True))
    return tuple(sorted(str(name) for name in value)) if isinstance(value, (list, tuple)) else ()


def _quads(value: Any) -> Floats | None:
    """Return character quads; None when there are none, or they are no quads: labels of text stay usable without."""
    if not isinstance(value, list):
        return None
    try:
        quads = np.array(value, np.float32).reshape(len(value), 4, 2)
    except (ValueError, TypeError):
        return None
    return quads if np.isfinite(quads).all() else None
