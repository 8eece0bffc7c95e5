"""From files to what is looked at one by one: archives and documents opened, known files left out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from annotate.ingest.archives import members
from annotate.ingest.items import Item, Loaded, kind_of
from annotate.ingest.look import Done
from annotate.ingest.pdf import pages
from annotate.ingest.unpacking import Unpacked
from annotate.records import Fault

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A file that is as it was when it was last looked at."""

    item: Item


def opened(
    items: Iterable[Item | Fault], seen: Callable[[list[Item]], set[str]], dpi: int, unpacked: Unpacked
) -> Iterator[Item | Loaded | Fault | Done | Known]:
    """Yield each picture of the items; after the last one of an archive or document, `Done`.

    Args:
        seen: returns which of these files' paths are known with this size and time.
        unpacked: where videos of archives go while they are looked at.
    """
    stream = iter(items)
    while chunk := list(islice(stream, _CHUNK)):
        chunk = [_with_status(item) if isinstance(item, Item) else item for item in chunk]
        known = seen([item for item in chunk if isinstance(item, Item)])
        for item in chunk:
            if isinstance(item, Fault):
                yield item
            elif item.path in known:
                yield Known(item)
            else:
                yield from _opened(item, dpi, unpacked)


def _opened(item: Item, dpi: int, unpacked: Unpacked) -> Iterator[Item | Loaded | Fault | Done]:
    kind = kind_of(Path(item.path))
    if kind == "archive":
        videos = False
        for member in members(item, unpacked):
            videos = videos or isinstance(member, Item)
            yield member
        yield Done(item, videos)
    elif kind == "pdf":
        yield from pages(item, dpi)
        yield Done(item)
    else:
        yield item


def _with_status(item: Item) -> Item:
    try:
        status = os.stat(item.path)
    except OSError:
        return item  # whoever reads it will say what is wrong
    return replace(item, size=status.st_size, mtime_ns=status.st_mtime_ns)
