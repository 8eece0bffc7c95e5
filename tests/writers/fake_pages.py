"""A sampler of hand-made pages, and what a run makes of them. Workers can import it; as a script it is a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "labels"))

from scenes import page  # noqa: E402

from synthtext.engine.run import Job, run  # noqa: E402
from synthtext.labels.formats import FORMATS  # noqa: E402
from synthtext.values import Sample  # noqa: E402
from synthtext.writers.base import PageOptions, WriterOptions  # noqa: E402

PAGE_FORMATS = tuple(name for name, fmt in FORMATS.items() if "pages" in fmt.writers)
CHARSET = (*sorted(set('0123456789Hello,worldZürich"5,#3"大減價中文tiny')), " ")
ROOTS = ("det", "rec", "craft", "plain", "icdar2015", "yolo-obb", "webdataset", "parquet", "masks")


def open_pages() -> Callable[[int], Sample]:
    return page


def open_blank() -> Callable[[int], Sample]:
    return lambda index: replace(page(index), instances=())


def page_job(pages: PageOptions | None, formats: tuple[str, ...] = PAGE_FORMATS, blank: bool = False) -> Job:
    options = WriterOptions(CHARSET, max_text_length=20, pages=pages)
    opener = open_blank if blank else open_pages
    return Job(opener, 3, {"page": {}}, options, formats=formats, shard_size=10, page_px=640 * 360)


def page_tree(folder: Path) -> dict[str, bytes]:
    """What a reader of the dataset sees: path -> bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for root in ROOTS
        for path in sorted((folder / root).rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    run(page_job(PageOptions(maps="npy", masks=True)), Path(sys.argv[1]), int(sys.argv[2]), method="inline")
