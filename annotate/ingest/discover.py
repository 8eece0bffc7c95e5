"""From what the user names to the files that are meant: folders, patterns, lists."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotate.ingest.items import Item, kind_of
from annotate.records import Fault
from synthtext.errors import UserError

STDIN = "-"
_MAGIC = "*?["


def discover(paths: Sequence[str], *, recursive: bool = True, skip: Sequence[Path] = ()) -> Iterator[Item | Fault]:
    """Yield what lies at these paths, in order; folders in the order of names.

    Args:
        paths: folders, files, patterns (`photos/**/*.jpg`), lists of paths (`.txt`, one a line, relative to the list),
            or `-` for a list on the standard input.
        skip: folders that are left out wherever they are met.

    Raises:
        UserError: a path is not there, or a pattern matches nothing. Found out before anything is yielded.
    """
    named = [found for path in paths for found in _named(path)]
    seen = {folder.resolve() for folder in skip}
    for path, source in named:
        if path == STDIN:
            yield from _listed(sys.stdin.buffer.read(), Path.cwd(), ("list", "standard input"))
        elif os.path.isdir(path):
            folder = os.path.abspath(path)
            yield from _walk(folder, source or ("folder", folder), recursive, seen)
        elif kind_of(Path(path)) == "list" and source is None:
            full = Path(os.path.abspath(path))
            yield from _listed(full.read_bytes(), full.parent, ("list", str(full)))
        else:
            yield _item(os.path.abspath(path), os.path.basename(path), source)


def _named(path: str) -> list[tuple[str, tuple[str, str] | None]]:
    if path == STDIN or os.path.lexists(path):
        return [(path, None)]
    if any(sign in path for sign in _MAGIC):
        found = sorted(glob.glob(path, recursive=True))
        if not found:
            raise UserError(f"{path}: nothing matches this pattern")
        pattern = ("glob", os.path.abspath(path))
        # `**/*` gives folders beside what is in them.
        return [(one, pattern) for one in found if not os.path.isdir(one)] or [(one, pattern) for one in found]
    raise UserError(f"{path}: no such file or folder")


def _walk(folder: str, source: tuple[str, str], recursive: bool, skip: set[Path]) -> Iterator[Item | Fault]:
    faults: list[OSError] = []
    for here, folders, files in os.walk(folder, onerror=faults.append):
        for error in faults:
            yield Fault(str(error.filename), "broken", f"the folder cannot be read: {error.strerror}")
        faults.clear()
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(here, f).resolve() not in skip)
        if not recursive:
            folders.clear()
        for name in sorted(files):
            path = os.path.join(here, name)
            if not name.startswith(".") and kind_of(Path(name)) not in ("other", "list"):
                yield _item(path, os.path.relpath(path, folder), source)
    for error in faults:
        yield Fault(str(error.filename), "broken", f"the folder cannot be read: {error.strerror}")


def _listed(data: bytes, base: Path, source: tuple[str, str]) -> Iterator[Item | Fault]:
    # `find -print0` ends names with NUL, so that names with line breaks can be listed too.
    lines = data.split(b"\0") if b"\0" in data else data.splitlines()
    for line in lines:
        name = os.fsdecode(line)
        if not name.strip():
            continue
        path = os.path.join(base, name)
        if os.path.isdir(path):
            yield Fault(path, "broken", "a list names files; this is a folder")
        elif os.path.lexists(path):
            yield _item(os.path.abspath(path), name, source)
        else:
            yield Fault(path, "missing", "no such file")


def _item(path: str, name: str, source: tuple[str, str] | None) -> Item | Fault:
    try:
        path.encode()
    except UnicodeEncodeError:
        readable = os.fsencode(path).decode("utf-8", "backslashreplace")
        return Fault(readable, "broken", "its name is not UTF-8; rename it")
    kind = kind_of(Path(path))
    if kind in ("archive", "pdf", "video"):
        return Item(path, name, (kind, path))
    return Item(path, name, source or ("folder", os.path.dirname(path)))
