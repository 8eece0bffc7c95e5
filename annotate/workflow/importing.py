"""Labels of datasets into the workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from annotate.exchange.import_records import ImportReport, ImportRequest
from annotate.exchange.taking import take_in
from annotate.store.database import now
from annotate.store.datasets import add_dataset
from annotate.workflow.context import Context
from synthtext.convert.runs import find_source

__all__ = ["ImportReport", "ImportRequest", "import_dataset"]

Progress = Callable[[int], None]


def import_dataset(
    context: Context, root: Path, name: str | None, request: ImportRequest, progress: Progress | None = None
) -> ImportReport:
    """Take the pictures and labels of a dataset in.

    Args:
        name: of its format; what it looks like when left out.

    Raises:
        UserError: there is no such folder or format, or a batch of that name is there.
        ServiceError: the database or the disk cannot be written.
    """
    root, codec, _ = find_source(root, name, "--format")
    report = take_in(context, root, codec, request, progress)
    asked = {"existing": request.existing, "confirmed": request.confirmed, "batch": request.batch}
    counts = {**report.counts, "faults": report.faults, "faults_total": report.faults_total}
    with context.db.writing() as session:
        add_dataset(session, "import", str(root.resolve()), [codec.name], asked, counts, context.who, now())
    return report
