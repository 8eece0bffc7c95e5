"""The faults that `verify` found, up to a limit; the rest is counted."""

from __future__ import annotations

from synthtext.labels.faults import Fault


class FaultList:
    """Takes faults, keeps the first, counts the rest."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._faults: list[Fault] = []
        self._more = 0

    def __call__(self, fault: Fault) -> None:
        if len(self._faults) < self._limit:
            self._faults.append(fault)
        else:
            self._more += 1

    def add(self, where: object, what: str, do: str) -> None:
        """Keep what is wrong."""
        self(Fault(str(where), what, do))

    def result(self) -> list[Fault]:
        """Return what was kept, and how much more there is."""
        if self._more:
            return [*self._faults, Fault("...", f"{self._more} more faults", "mend these first")]
        return self._faults
