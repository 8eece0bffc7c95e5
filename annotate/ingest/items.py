"""What can be added: the kinds of files, and the things that one look is taken at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PICTURES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".avif"}
    | {".jp2", ".j2k", ".ppm", ".pgm", ".pbm"}
)
VIDEOS = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts"}
    | {".3gp", ".ogv", ".vob"}
)
ARCHIVES = frozenset({".zip", ".tar", ".tgz", ".tbz2", ".txz"})
LISTS = frozenset({".txt", ".lst", ".list"})

FileKind = Literal["picture", "video", "archive", "pdf", "list", "other"]


def kind_of(path: Path) -> FileKind:
    """Return what a file is by its name; a list only where somebody names it, never found in a folder."""
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return "picture"
    if suffix in VIDEOS:
        return "video"
    if suffix == ".pdf":
        return "pdf"
    if suffix in (".gz", ".bz2", ".xz"):
        return "archive" if path.stem.lower().endswith(".tar") else "other"
    if suffix in ARCHIVES:
        return "archive"
    return "list" if suffix in LISTS else "other"


@dataclass(frozen=True, slots=True)
class Item:
    """One file to look at.

    Attributes:
        path: where it lies.
        name: for people; below the folder that was named.
        source: the kind and the path of what it was found in.
        size, mtime_ns: as they were before it was read.
        digest, md5: of a video's bytes, once they have been read.
        held: where the bytes of an archive's video lie until it has been looked at; `path` is inside of the archive.
    """

    path: str
    name: str
    source: tuple[str, str]
    size: int = -1
    mtime_ns: int = -1
    digest: str = ""
    md5: str = ""
    held: str = ""

    @property
    def file(self) -> str:
        """The file to read."""
        return self.held or self.path


@dataclass(frozen=True, slots=True)
class Loaded:
    """A picture that has no file of its own: a member of an archive, a page, an upload.

    Attributes:
        where: for people and for the record: `archive.zip/folder/a.jpg`, `paper.pdf#3`.
        data: the bytes of a picture file.
        page: of a PDF, from 0.
        id: None where it is the digest of the data.
    """

    where: str
    name: str
    source: tuple[str, str]
    data: bytes
    page: int | None = None
    id: str | None = None
