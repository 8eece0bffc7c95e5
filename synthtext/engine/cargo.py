"""The user's own files that samples are drawn from, packed for machines that do not have them.

A crate goes to each machine once, into the cache folder, where it is found again by its digest. Files that are too
many for that must lie where every machine sees them under the same path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthtext.paths import cache_dir

MOST_BYTES = 1 << 30
_KEPT = 4
_KEYS = ("fonts.dirs", "background.dirs", "text.corpora", "charset", "ink.pairs")


@dataclass(frozen=True, slots=True)
class Crate:
    """Packed files.

    Attributes:
        places: the paths that were packed, as the configuration names them.
        files: number of the place, path below it (empty when the place is a file), content.
        digest: of all of it.
    """

    places: tuple[str, ...]
    files: tuple[tuple[int, str, bytes], ...]
    digest: str


def places_in(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files and folders of one's own that a configuration names.

    Lists of photographs and languages of one's own are left out: they name further files.
    """
    found: list[str] = []
    for key in _KEYS:
        value: Any = config
        for name in key.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        places = value if isinstance(value, (list, tuple)) else [value]
        found += [place for place in places if isinstance(place, str) and _is_place(key, place)]
    return tuple(dict.fromkeys(found))


def _is_place(key: str, place: str) -> bool:
    path = Path(_absolute(place))
    if key == "background.dirs":
        return path.is_dir()
    # A bare word is the name of something shipped.
    return path.exists() and (key == "fonts.dirs" or "/" in place or "." in place)


def size_of(places: Iterable[str]) -> int:
    """Return how many bytes files and folders hold."""
    return sum(path.stat().st_size for place in places for path in _below(Path(_absolute(place))))


def pack(places: Iterable[str]) -> Crate:
    """Return the crate with these files and folders."""
    names = tuple(places)
    files: list[tuple[int, str, bytes]] = []
    digest = hashlib.blake2b(digest_size=16)
    for number, place in enumerate(names):
        root = Path(_absolute(place))
        for path in _below(root):
            name, data = ("" if path == root else path.relative_to(root).as_posix()), path.read_bytes()
            digest.update(f"{number}/{root.name}/{name}/{len(data)}\0".encode())
            digest.update(data)
            files.append((number, name, data))
    return Crate(names, tuple(files), digest.hexdigest())


def folder_of(digest: str) -> Path:
    """Return where a crate lies on this machine once it is unpacked."""
    return cache_dir() / "cargo" / digest


def unpack(crate: Crate) -> None:
    """Unpack a crate on this machine, where it is not there yet."""
    folder = folder_of(crate.digest)
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        for number, name, data in crate.files:
            path = made / places_there(crate.places)[crate.places[number]]
            path = path / name if name else path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with suppress(OSError):  # another process was faster
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    others = [path for path in folder.parent.iterdir() if path != folder and not path.name.startswith(".")]
    for path in sorted(others, key=lambda path: path.stat().st_mtime)[: 1 - _KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def places_there(places: Iterable[str]) -> dict[str, str]:
    """Return where each packed place lies below the folder of its crate; names are kept, digests depend on them."""
    return {place: f"{number}/{Path(_absolute(place)).name}" for number, place in enumerate(places)}


def moved(config: Any, places: Mapping[str, str]) -> Any:
    """Return a configuration that names other places."""
    if isinstance(config, Mapping):
        return {key: moved(value, places) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        return [moved(value, places) for value in config]
    return places.get(config, config) if isinstance(config, str) else config


def _absolute(place: str) -> str:
    return os.path.abspath(os.path.expanduser(place))


def _below(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
