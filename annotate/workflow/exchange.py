"""Datasets out of the workspace; what went out and came in."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from annotate.dataset_records import Dataset
from annotate.errors import NotFound
from annotate.exchange.export import EXPORTS, ExportRequest, export
from annotate.reasons import Reason
from annotate.store.database import now
from annotate.store.datasets import add_dataset, get_dataset, list_datasets
from annotate.workflow.context import Context
from synthtext.convert.report import Report
from synthtext.labels.codec.table import CODECS, find_codec

__all__ = [
    "EXPORTS",
    "ExportRequest",
    "export_dataset",
    "format_names",
    "history",
    "packed",
]

_BLOCK = 1 << 20

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
    report = export(context, request, codecs, out, progress)
    chosen = request.choices
    asked = {
        "statuses": list(request.statuses),
        "batch": request.batch,
        "tags": list(request.tags),
        "review": request.review,
        "drafts": request.drafts,
        "split": None if chosen.split is None else list(chosen.split),
        "seed": chosen.seed,
        "categories": list(chosen.categories),
    }
    with context.db.writing() as session:
        where, names = str(out.resolve()), [codec.name for codec in codecs]
        add_dataset(session, "export", where, names, asked, report.to_json(), context.who, now())
    return report


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, in the order of the guide."""
    return tuple(CODECS)


def history(context: Context, limit: int = 100) -> tuple[Dataset, ...]:
    """Return what went out and came in, newest first."""
    with context.db.reading() as session:
        return list_datasets(session, limit)


def packed(context: Context, dataset_id: int) -> tuple[str, Iterator[bytes]]:
    """Return the name and the bytes of a tar archive of an export.

    Raises:
        NotFound: there is no such export, it is not in the workspace, or its folder has gone.
    """
    with context.db.reading() as session:
        found = get_dataset(session, dataset_id)
    root = Path(found.path)
    inside = root.resolve().is_relative_to((context.workspace.root / EXPORTS).resolve())
    if found.direction != "export" or not inside or not root.is_dir():
        raise NotFound(Reason("dataset.outside", dataset=dataset_id))
    return f"{root.name}.tar", _tar(root)


def _tar(root: Path) -> Iterator[bytes]:
    """Yield a tar archive of a folder; file by file, so that nothing is held."""
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        info = tarfile.TarInfo(f"{root.name}/{path.relative_to(root).as_posix()}")
        info.size, info.mtime = path.stat().st_size, int(path.stat().st_mtime)
        yield info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                yield block
        yield bytes(-info.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
