"""From label files into the store: pictures into the pool, boxes into regions, with their origin kept.

Labels are read, their pictures looked at in processes ahead (`ingest.look`), and both are written for many pictures at
once: what is whole is kept, whatever stops an import.
"""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from annotate.exchange.export import ID_CHARS, LEDGER
from annotate.exchange.import_records import ImportReport, ImportRequest
from annotate.exchange.storing import Storing, Taken
from annotate.ingest.items import Item, Loaded
from annotate.ingest.look import Done, Look, Looked, Task, look_at
from annotate.records import Fault
from annotate.store import batches, images, sources
from annotate.workflow.context import Context
from synthtext.convert.mend import mended_page, mended_text
from synthtext.labels.codec.base import Codec
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture as Labelled
from synthtext.labels.upright import look_at_picture

_EXPORTED = re.compile(rf"-([0-9a-f]{{{ID_CHARS}}})$")
_CHUNK, _CHUNK_BYTES = 100, 1 << 25
Ledger = dict[str, tuple[str, int]]


def take_in(
    context: Context,
    root: Path,
    codec: Codec,
    request: ImportRequest,
    progress: Callable[[int], None] | None = None,
    workers: int | None = None,
) -> ImportReport:
    """Read a dataset and put its pictures and labels into the workspace.

    Doing it twice changes nothing the second time.

    Args:
        workers: processes that look at pictures; None for one a core.

    Raises:
        UserError: there is a batch of that name.
        ServiceError: the database or the disk cannot be written.
    """
    report = ImportReport()
    source = ("folder", str(root.resolve()))
    batch = None
    with context.db.writing() as session:
        if request.batch is not None:
            batch = batches.create(session, request.batch, context.who, f"import of {root.name} ({codec.name})")
        source_id = sources.put(session, *source)
    storing = Storing(context, codec, request, report, source_id, batch)
    reading = _Reading(context, root, codec, report, source)
    look = Look(context.workspace, request.copy)
    for result in look_at(reading.tasks(), look, workers or os.cpu_count() or 1):
        taken = reading.waiting.popleft()
        if isinstance(result, Looked):
            taken = replace(taken, new=result.picture)
        elif not isinstance(result, Done):
            report.fault(result if isinstance(result, Fault) else f"{taken.page.where}: not a picture")
            continue
        if storing.add(taken) and progress is not None:
            progress(report.counts["read"])
    storing.write()
    return report


class _Reading:
    """Reads a dataset, and says which pictures somebody has to look at.

    Attributes:
        waiting: those that tasks have been handed out for, in their order.
    """

    def __init__(
        self, context: Context, root: Path, codec: Codec, report: ImportReport, source: tuple[str, str]
    ) -> None:
        self._context = context
        self._root = root
        self._codec = codec
        self._report = report
        self._source = source
        self._ledger = _ledger(root)
        self.waiting: deque[Taken] = deque()

    def tasks(self) -> Iterator[Task]:
        """Yield a task a picture: to look at it, or nothing to do when the pool has it already."""
        for pages in _chunks(self._pages()):
            for page, image_id in zip(pages, self._known(pages), strict=True):
                told = self._told(page)
                self.waiting.append(Taken(replace(page, image=""), image_id, None if told is None else told[1]))
                yield self._task(page, bool(image_id))

    def _pages(self) -> Iterator[Labelled]:
        for found in self._codec.read(self._root, self._report.fault):
            self._report.counts["read"] += 1
            page = self._mended(found)
            if page is not None:
                yield page

    def _mended(self, found: Labelled) -> Labelled | None:
        look = look_at_picture(found)
        if look is None:
            self._report.fault(f"{found.where}: the image is missing, or no image; restore it")
            return None
        if look.turned and found.size_wh == look.stored_wh != look.size_wh:
            self._report.fault(f"{found.where}: the label is of the pixels before EXIF turns them; label it upright")
            return None
        if found.size_wh not in (None, look.size_wh, look.stored_wh):
            self._report.fault(f"{found.where}: the label is of an image of another size; label it again")
            return None
        return mended_page(_as_page(found, look.size_wh), look.size_wh, self._codec.drawn, self._report.mended)

    def _known(self, pages: Iterable[Labelled]) -> list[str]:
        """Return the ids of the pictures that files were exported from, by the ledger beside them or by their names."""
        ids = []
        with self._context.db.reading() as session:
            for page in pages:
                told = page.extra.get("image")
                image_id = (self._told(page) or (told if isinstance(told, str) else "",))[0]
                mark = None if image_id else _EXPORTED.search(Path(page.path).stem)
                if mark is not None:
                    alike = images.by_prefix(session, mark[1])
                    image_id = alike[0] if len(alike) == 1 else ""
                ids.append(image_id)
            there = images.known(session, filter(None, ids))
        return [image_id if image_id in there else "" for image_id in ids]

    def _told(self, page: Labelled) -> tuple[str, int] | None:
        """Return which picture, at which revision, the ledger says that a file is."""
        return self._ledger.get(page.path, self._ledger.get(page.path.rpartition("/")[2]))

    def _task(self, page: Labelled, known: bool) -> Task:
        if known:
            return Done(Item(page.where, page.path, self._source))
        if isinstance(page.image, bytes):
            return Loaded(page.where, page.path, self._source, page.image)
        return Item(str(Path(page.image).resolve()), page.path, self._source)


def _chunks(pages: Iterator[Labelled]) -> Iterator[list[Labelled]]:
    """Yield lists of pictures, few enough to be held with the images that containers have brought along."""
    chunk: list[Labelled] = []
    held = 0
    for page in pages:
        chunk.append(page)
        held += len(page.image) if isinstance(page.image, bytes) else 0
        if len(chunk) == _CHUNK or held >= _CHUNK_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _as_page(found: Labelled, size_wh: tuple[int, int]) -> Labelled:
    """Return a picture as a page: a crop is one of a single text that fills it."""
    if found.text is None:
        return found
    width, height = size_wh
    outline = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return replace(found, text=None, boxes=(TextBox(outline, mended_text(found.text), direction="ltr"),))


def _ledger(root: Path) -> Ledger:
    """Return which picture each file of an export is; empty for any other folder."""
    for place in (root, root.parent):
        try:
            stored: Any = json.loads((place / LEDGER).read_bytes())
            return {str(name): (str(image_id), int(rev)) for name, (image_id, rev) in stored.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            continue
    return {}
