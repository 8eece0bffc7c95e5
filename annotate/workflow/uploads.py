"""Files that browsers send: kept in `uploads/` of the workspace until a job has added them to the pool.

Nothing of a request becomes a path: the folder has a name of ours, a file keeps the last part of what was sent, and
only what is a picture, a video, an archive or a document by its name is taken. (A list of paths is not: its lines would
be paths of this machine.)
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from annotate.errors import NotFound, ServiceError
from annotate.ingest.items import kind_of
from annotate.reasons import Reason
from annotate.workflow.add import AddOptions, add
from annotate.workflow.arrivals import AddSummary
from annotate.workflow.context import Context
from annotate.workspace import UPLOAD_ID
from synthtext.errors import UserError

TAKEN = ("picture", "video", "archive", "pdf")
MOST_FILES = 2000
_MOST_NAME = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\[\]]')


def begin_upload(context: Context) -> str:
    """Return the id of a new set of files."""
    upload = uuid.uuid4().hex
    try:
        (context.workspace.uploads / upload).mkdir(parents=True)
    except OSError as error:
        raise ServiceError(
            Reason("file.unwritten", path=str(context.workspace.uploads), why=str(error.strerror))
        ) from error
    return upload


def file_name(name: str) -> str:
    """Return the name under which a file that was sent is kept.

    Raises:
        UserError: it is nothing that can be added.
    """
    last = _UNSAFE.sub("_", re.split(r"[/\\]", name)[-1]).strip(". ")
    kind = kind_of(Path(last))
    if not Path(last).stem or kind not in TAKEN:
        raise UserError(Reason("upload.kind", name=last[:80]))
    suffix = "".join(Path(last).suffixes[-2:]) if kind == "archive" else Path(last).suffix
    return last[: -len(suffix)][:_MOST_NAME] + suffix


@contextmanager
def receiving(context: Context, upload: str, name: str) -> Iterator[BinaryIO]:
    """Give a file to write into; it counts only when all of it has come.

    Raises:
        NotFound: there is no such set of files.
        UserError: the file is nothing that can be added, or the set has too many.
        ServiceError: the disk is full, or refuses.
    """
    folder = _folder(context, upload)
    kept = file_name(name)
    count = sum(1 for _ in folder.iterdir())
    if count >= MOST_FILES:
        raise UserError(Reason("upload.many", most=MOST_FILES))
    # Cameras give the same names again and again: each file has a folder of its own.
    place = folder / f"{count:04d}-{uuid.uuid4().hex[:8]}"
    try:
        place.mkdir()
        with (place / f"{kept}.part").open("wb") as stream:
            yield stream
        (place / f"{kept}.part").rename(place / kept)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise ServiceError(Reason("upload.unkept", name=kept, why=str(error.strerror))) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def add_upload(
    context: Context,
    upload: str,
    tags: tuple[str, ...] = (),
    fps: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AddSummary:
    """Add a set of files to the pool and throw the files away: pictures are copied in, videos leave their frames.

    Raises:
        NotFound: there is no such set of files, or it has been added.
        UserError: it is empty.
        ServiceError: the database or the disk cannot be written.
    """
    folder = _folder(context, upload)
    paths = sorted(str(path) for path in folder.glob("*/*") if path.suffix != ".part")
    if not paths:
        raise UserError(Reason("upload.none"))
    options = AddOptions(copy=True, tags=tags, fps=fps, source=("upload", f"upload:{context.who}"))
    summary = add(context, paths, options, progress)
    # People know their files by the names that these had with them.
    summary.faults = [
        replace(one, where=one.where.removeprefix(f"{folder}/").partition("/")[2]) for one in summary.faults
    ]
    shutil.rmtree(folder, ignore_errors=True)
    return summary


def _folder(context: Context, upload: str) -> Path:
    folder = context.workspace.uploads / upload
    if not re.fullmatch(UPLOAD_ID, upload) or not folder.is_dir():
        raise NotFound(Reason("upload.unknown", upload=upload[:40]))
    return folder
