"""The noun of exchange: a dataset that went out or came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Dataset:
    """One export or import.

    Attributes:
        path: where it was written to, or read from.
        asked: what was chosen, for people to read.
        counts: what came of it: the report.
    """

    id: int
    direction: Literal["export", "import"]
    path: str
    formats: tuple[str, ...]
    asked: dict[str, Any]
    counts: dict[str, Any]
    who: str
    at: datetime
