"""What is wrong with a dataset, said so that a reader knows where to look and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        where: file and line, image or key.
        what: is wrong, with what was found.
        do: what mends it.
    """

    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.do}"


OnFault = Callable[[Fault], None]
