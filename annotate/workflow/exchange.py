"""Datasets out of the workspace, and labels into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from annotate.exchange.export import ExportRequest, export
from annotate.exchange.taking import ImportReport, ImportRequest, take_in
from annotate.workflow.context import Context
from synthtext.api import Report, resolve_codec
from synthtext.labels.codec.table import find_codec

__all__ = ["ExportRequest", "ImportReport", "ImportRequest", "export_dataset", "import_dataset"]

Progress = Callable[[int], None]


def export_dataset(
    context: Context, request: ExportRequest, formats: Sequence[str], out: Path, progress: Progress | None = None
) -> Report:
    """Write pictures and labels in some formats.

    Raises:
        UserError: a format or the batch is not known, or `out` is taken.
        DatasetError: nothing is left to write.
        RunError: the disk is full, or refuses.
    """
    codecs = [find_codec(name) for name in dict.fromkeys(formats)]
    return export(context, request, codecs, out, progress)


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
    return take_in(context, root, resolve_codec(root, name, "--format"), request, progress)
