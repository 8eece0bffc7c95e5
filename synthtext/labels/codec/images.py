"""Putting the files of images where a format wants them: linked or copied, never overwritten, never outside."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

from synthtext.labels.picture import Picture
from synthtext.writers.disk import write_new

How = Literal["link", "copy", "none"]
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif"})
# What one reader or another stumbles over: separators of lists, a leading bracket, what no file system takes.
_AWKWARD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\,;\s]')
_HASH_CHARS = 8


class Images:
    """Puts images in place.

    Args:
        how: as hard links where the disk allows, as copies, or not at all (labels only; paths stay as they are).
    """

    def __init__(self, how: How = "link") -> None:
        self.how = how
        self._made: set[str] = set()
        self._stems: set[str] = set()

    def put(self, picture: Picture, root: Path, path: str) -> str:
        """Put a picture's file at `path` below a root and return the path it got: another when that one is taken.

        Raises:
            FileNotFoundError: the picture has no file.
        """
        return path if self.how == "none" else self._put(picture.image, root, path, picture.path)

    def put_alone(self, picture: Picture, root: Path, path: str) -> str:
        """Put a picture's file in place as `put` does, under a name that no other differs from in its suffix alone."""
        wanted = tidy(path)
        names = chain((wanted,), _others(wanted, picture.path))
        name = next(name for name in names if stem_of(name) not in self._stems)
        self._stems.add(stem_of(name))
        return self.put(picture, root, name)

    def write(self, data: bytes, root: Path, path: str) -> str:
        """Write a file that did not exist before, such as a crop, as `put` does."""
        return self._put(data, root, path, path)

    def _put(self, image: str | bytes, root: Path, path: str, origin: str) -> str:
        wanted = tidy(path)
        for name in chain((wanted,), _others(wanted, origin)):
            target = f"{root}/{name}"
            self._make_folder(target)
            try:
                self._place(image, target)
            except FileExistsError:
                continue
            return name
        raise FileExistsError(f"{root / wanted}: the name is taken over and over")

    def _make_folder(self, target: str) -> None:
        folder = target.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    def _place(self, image: str | bytes, target: str) -> None:
        if isinstance(image, bytes):
            write_new(target, image)
            return
        if self.how == "link":
            try:
                # A hard link to a symbolic one would lead nowhere from its new place.
                os.link(os.path.realpath(image) if os.path.islink(image) else image, target)
                return
            except (FileExistsError, FileNotFoundError):
                raise
            except OSError:  # another disk, or one without links
                pass
        with open(image, "rb") as source, open(target, "xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)


def tidy(path: str) -> str:
    """Return a path with '/' that every reader takes; one that was changed ends in a hash of what it was."""
    if _AWKWARD.search(path) is None and not path.startswith(("[", "/")) and ".." not in path:
        return path
    parts = [part for part in _AWKWARD.sub("_", path).split("/") if part not in ("", ".", "..")]
    parts[0] = parts[0].lstrip("[") or "_"
    return _marked("/".join(parts), path)


def flat(path: str) -> str:
    """Return the name that a file has where there are no folders."""
    return path.rpartition("/")[2]


def stem_of(path: str) -> str:
    """Return a path without its suffix."""
    folder, slash, name = path.rpartition("/")
    stem, dot, _ = name.rpartition(".")
    return f"{folder}{slash}{stem if dot and stem else name}"


def image_files(folder: Path) -> Iterator[Path]:
    """Yield the image files below a folder, in the order of their names, folder by folder; hidden ones are none."""
    if not folder.is_dir():
        return
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in SUFFIXES and not name.startswith("."):
                yield Path(parent, name)


def _others(path: str, origin: str) -> Iterator[str]:
    yield _marked(path, origin)
    for number in range(2, 100):
        yield _marked(path, f"{origin}#{number}")


def _marked(path: str, origin: str) -> str:
    mark = hashlib.sha256(origin.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_CHARS]
    stem = stem_of(path)
    return f"{stem}-{mark}{path[len(stem) :]}"
