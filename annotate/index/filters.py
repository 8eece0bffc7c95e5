"""Filters in the words of Milvus. What is stored decides in the end: these expressions only make the search narrow."""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotate.index.rows import NO_SCORE
from annotate.records import Filter

# Tags that need no care inside a pattern of `like`.
_SIMPLE = re.compile(r"[^%_\\\"'|]+")
_WORD = re.compile(r"[0-9a-z_]*")


def expression(which: Filter, *, tags: bool = True) -> str:
    """Return a filter as Milvus reads it; empty when all pictures pass.

    A batch, and a tag with special characters, have no counterpart in the index: pictures outside them pass.

    Args:
        tags: the server can look for them.
    """
    bounds = (
        ("source == {}", which.source_id),
        ("boxes >= {}", which.min_boxes),
        ("boxes <= {}", which.max_boxes),
        ("min_score >= {}", which.min_score),
        ("min_score <= {}", which.max_score),
        ("width >= {0} and height >= {0}", which.min_side),
        ("time_ms >= {}", which.from_ms),
        ("time_ms <= {}", which.to_ms),
    )
    parts = [pattern.format(value) for pattern, value in bounds if value is not None]
    if which.min_score is not None or which.max_score is not None:
        parts.append(f"min_score < {NO_SCORE}")
    if which.to_ms is not None:
        parts.append("time_ms >= 0")
    if which.clip_id is not None and _WORD.fullmatch(which.clip_id):
        parts.append(f'clip == "{which.clip_id}"')
    if which.statuses:
        parts.append(f"status in [{', '.join(_quoted(status) for status in which.statuses)}]")
    parts += [f'tags like "%|{tag}|%"' for tag in which.tags if tags and _SIMPLE.fullmatch(tag)]
    return " and ".join(parts)


def among(numbers: Iterable[int]) -> str:
    """Return the filter that lets only these pictures through."""
    return f"number in [{', '.join(str(int(number)) for number in sorted(numbers))}]"


def _quoted(word: str) -> str:
    return f'"{word}"' if _WORD.fullmatch(word) else '""'
