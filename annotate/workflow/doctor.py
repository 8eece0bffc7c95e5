"""Finding where the index of vectors is not what the store says, and mending it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotate.embed.views import recipe_of
from annotate.index.connect import connect, is_own
from annotate.index.rows import digest_of, scalars_of
from annotate.store import images, vectors
from annotate.store.vectors import Collection
from annotate.workflow.context import Context
from annotate.workflow.embedding import outdated_regions
from annotate.workflow.scalars import write_scalars

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

_STEP = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was not as it should be.

    Attributes:
        what: for people; says what is left to do.
        count: of pictures, or of collections.
        mended: nothing is left to do.
    """

    what: str
    count: int
    mended: bool


def examine_index(context: Context, *, mend: bool = True) -> list[Finding]:
    """Return all that differs between the store and the index; an empty list when all is well.

    Superfluous rows and outdated scalar fields are mended at once; for what is missing the pictures must be embedded
    again, which `annotate embed` then does.

    Raises:
        ServiceError: Milvus cannot be reached.
    """
    with context.db.reading() as session:
        known = vectors.collections(session)
        waiting = vectors.waiting(session, known[-1].name if known else "", after=0, limit=_STEP)
    findings = _compared(context, known, mend) if known else []
    if waiting:
        findings.append(Finding("pictures have no vectors yet; run: annotate embed", len(waiting), False))
    return [finding for finding in findings if finding.count]


def _compared(context: Context, known: Sequence[Collection], mend: bool) -> list[Finding]:
    index = connect(context.workspace)
    try:
        findings = _strangers(context, index, {one.name for one in known}, mend)
        for collection in known:
            findings += _Examination(context, index, collection, mend).through()
    finally:
        index.close()
    return findings


class _Examination:
    def __init__(self, context: Context, index: MilvusIndex, collection: Collection, mend: bool) -> None:
        self._context, self._index, self._collection, self._mend = context, index, collection, mend

    def through(self) -> list[Finding]:
        name = self._collection.name
        if not self._index.has(name):
            with self._context.db.writing() as session:
                lost = vectors.counts(session, name)[1]
                if self._mend:
                    vectors.forget_all(session, name)
            return [Finding("the collection has gone; run: annotate embed", max(lost, 1), False)]
        if (dim := self._index.dim(name)) != self._collection.dim:
            what = f"have vectors of {dim} numbers in place of {self._collection.dim}; run: annotate embed"
            return [Finding(what, max(self._index.count(name), 1), False)]
        missing, superfluous, outdated = self._differences()
        if self._mend:
            self._index.delete(name, superfluous)
            write_scalars(self._context, self._index, name, outdated)
            with self._context.db.writing() as session:
                vectors.forget(session, name, missing)
            if superfluous or outdated:
                self._index.flush(name)
        findings = [
            Finding("missing from the index; run: annotate embed", len(missing), False),
            Finding("superfluous in the index", len(superfluous), self._mend),
            Finding("with outdated fields in the index", len(outdated), self._mend),
        ]
        if recipe_of(self._collection.recipe).reads_regions:
            moved = len(outdated_regions(self._context, name))
            findings.append(Finding("whose text has been found elsewhere since; run: annotate embed", moved, False))
        return findings

    def _differences(self) -> tuple[list[int], list[int], list[int]]:
        missing: list[int] = []
        superfluous: list[int] = []
        outdated: list[int] = []
        last = 0
        for first, marked in self._marked():
            last = first + _STEP - 1
            held = self._held(first)
            with self._context.db.reading() as session:
                pictures = images.by_number(session, [number for number in held if number in marked])
            missing += [number for number, deleted in marked.items() if number not in held and not deleted]
            superfluous += [number for number in held if marked.get(number, True)]
            outdated += [
                number
                for number, scalars in held.items()
                if marked.get(number) is False and digest_of(scalars) != digest_of(scalars_of(pictures[number]))
            ]
        superfluous += self._index.beyond(self._collection.name, last)
        return missing, superfluous, outdated

    def _marked(self) -> Iterator[tuple[int, dict[int, bool]]]:
        """Yield, for each range of numbers, what should be in the index and whether it is deleted in the store."""
        with self._context.db.reading() as session:
            end = images.last_number(session)
        for first in range(0, end + 1, _STEP):
            with self._context.db.reading() as session:
                rows = vectors.each(session, self._collection.name, after=first - 1, limit=_STEP)
            yield first, {number: deleted for number, _, _, deleted in rows if number < first + _STEP}

    def _held(self, first: int) -> dict[int, dict[str, Any]]:
        rows = self._index.held(self._collection.name, first, first + _STEP)
        return {int(row.pop("number")): row for row in rows}


def _strangers(context: Context, index: MilvusIndex, known: set[str], mend: bool) -> list[Finding]:
    """Find collections that the store knows nothing of; on a server of others they are left alone."""
    if not is_own(context.workspace.settings.milvus):
        return []
    strange = [name for name in index.names() if name.removesuffix("_parts") not in known]
    if mend:
        for name in strange:
            index.drop(name)
    return [Finding("collections that nothing refers to", len(strange), mend)]
