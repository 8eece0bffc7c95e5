"""How nouns are declared: dataclasses with slots that nobody assigns to once they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def noun(*, eq: bool = False) -> Callable[[type[_T]], type[_T]]:
    """Return a decorator that makes a frozen dataclass; compared by identity, or by its fields with `eq`.

    That nothing is assigned to is checked by mypy alone: to be checked as it runs too would make each value four times
    as expensive, and a crop is made of dozens.
    """

    def declare(cls: type[_T]) -> type[_T]:
        return dataclass(slots=True, eq=eq, unsafe_hash=eq)(cls)

    return declare
