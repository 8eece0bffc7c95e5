"""How labels are taken in, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from annotate.records import Fault
from synthtext.labels.faults import Fault as LabelFault

Existing = Literal["merge", "replace", "skip"]
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How labels are taken in.

    Attributes:
        existing: what is done with pictures that have regions already: `merge` takes what comes back from an export
            that nobody has changed here meanwhile, `replace` takes everything, `skip` nothing.
        confirmed: labels count as looked at by a person; those of a file that says otherwise never do.
        copy: image files are copied into the workspace; else they stay.
        tags: that all pictures get.
        batch: a new batch of this name gets all pictures.
    """

    existing: Existing = "merge"
    confirmed: bool = True
    copy: bool = False
    tags: tuple[str, ...] = ()
    batch: str | None = None


@dataclass(slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        counts: pictures: `read`, `added` to the pool, `known`, `labelled`, `unchanged`, `kept` (they had regions),
            `conflicts`; and `regions`, `placeholders`.
        mended: what was done to boxes and texts.
        faults: the first of what could not be read or taken; `faults_total` counts all.
    """

    counts: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    faults_total: int = 0

    def fault(self, fault: LabelFault | Fault | str) -> None:
        """Keep what is wrong."""
        self.faults_total += 1
        if len(self.faults) < _SHOWN:
            self.faults.append(f"{fault.where}: {fault.reason}" if isinstance(fault, Fault) else str(fault))
