"""Datasets at a URL (`s3://`, `gs://`, anything that fsspec knows): made on a local stage, sent shard by shard.

A shard is sent whole, its record last; the manifest comes after the shards. The stage keeps what later steps need:
records, pieces of lists, and an empty stand-in for everything that was sent.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from synthtext.engine.lock import RunLock
from synthtext.engine.record import Checksums, ShardRecord, record_files
from synthtext.errors import RunError, SynthtextError, UserError
from synthtext.writers.base import STATE_DIR, Output
from synthtext.writers.disk import file_error

_T = TypeVar("_T")

MANIFEST = "manifest.json"
_LOCAL = ("file", "local")
# An object is there when all of it has arrived; other stores show a file while it grows.
_OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "oci", "memory"})
_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
_TRIES = 3
_PAUSE_SECONDS = 0.5
_HERE_ONLY = (f"{STATE_DIR}/lock", f"{STATE_DIR}/partial")


def place_of(out: Path | str) -> Path | str:
    """Return the folder that `out` means, or its URL when it lies elsewhere."""
    if isinstance(out, Path) or "://" not in out:
        return Path(out)
    split = urlsplit(out)
    if split.scheme in _LOCAL:
        return Path(unquote(split.path))
    return out.rstrip("/")


@contextmanager
def staging(url: str) -> Iterator[Path]:
    """Hold a folder on this machine for a run to a URL.

    Raises:
        UserError: another run on this machine holds it.
        RunError: it cannot be made.
    """
    name = hashlib.blake2b(url.encode(), digest_size=8).hexdigest()
    stage = Path(tempfile.gettempdir()) / f"synthtext-stage-{name}"
    try:
        stage.mkdir(exist_ok=True)
    except OSError as error:
        raise file_error(error, stage, "TMPDIR") from error
    with RunLock(stage):
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


class Remote:
    """A dataset at a URL.

    Raises:
        UserError: its package is not installed, or nobody knows this kind of URL.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._fs, self._root = _open(url)
        protocol = self._fs.protocol
        self._whole = not _OBJECT_STORES.isdisjoint((protocol,) if isinstance(protocol, str) else protocol)

    def deliver(self, outputs: Sequence[Output], record: ShardRecord, checksums: Checksums) -> None:
        """Send a shard, its record last, and leave stand-ins for what only the reader of the dataset needs.

        Raises:
            RunError: it could not be sent.
        """
        self._send([pair for output in outputs for pair in _files(output)])
        for output in outputs:  # not before all are sent: some are links to others
            if not output.target.startswith(f"{STATE_DIR}/"):
                _empty(output.source)
        for name, data in record_files(record, checksums):
            self._write(name, data)

    def pull(self, stage: Path) -> None:
        """Bring manifest and state to the stage, with a stand-in for every output that is there.

        Raises:
            RunError: they could not be read.
        """
        shutil.rmtree(stage / STATE_DIR / "shards", ignore_errors=True)
        names = [name for name in self._names(STATE_DIR) if not name.startswith(_HERE_ONLY)]
        if self._told(lambda: self._fs.exists(self._at(MANIFEST))):
            names.append(MANIFEST)
        for name in names:
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
        if names:
            self._told(lambda: self._fs.get([self._at(name) for name in names], [str(stage / name) for name in names]))

    def stand_in(self, stage: Path, outputs: Iterable[str]) -> None:
        """Make an empty file or folder on the stage for each of these outputs that is at the URL."""
        names = list(outputs)
        folders = {name.rpartition("/")[0] for name in names}
        there = {f"{folder}/{name}" for folder in folders for name in self._listed(folder)}
        for name in names:
            if name in there and not (stage / name).exists():
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                _make_empty(stage / name)

    def push(self, stage: Path, outputs: set[str]) -> None:
        """Send what belongs to the dataset as a whole, the manifest last.

        Args:
            outputs: those of shards, which are at the URL already.

        Raises:
            RunError: they could not be sent.
        """
        pairs = []
        for path in sorted(stage.rglob("*")):
            name = path.relative_to(stage).as_posix()
            if path.is_file() and not name.startswith((f"{STATE_DIR}/", MANIFEST)) and name not in outputs:
                pairs.append((path, name))
        self._send(pairs)
        self.push_manifest(stage)

    def push_manifest(self, stage: Path) -> None:
        """Send the manifest."""
        self._send([(stage / MANIFEST, MANIFEST)])

    def check(self) -> None:
        """Make sure that the place can be written and holds nothing else, before anything is made.

        Raises:
            UserError: it holds other things.
            RunError: it cannot be written.
        """
        others = sorted(name for name in self._listed("") if name != STATE_DIR)
        if others and MANIFEST not in others:
            raise UserError(
                f"{self.url}: holds other things ({', '.join(others[:3])}) and no manifest; choose another --out"
            )
        self._write(f"{STATE_DIR}/probe", b"")
        self._told(lambda: self._fs.rm_file(self._at(f"{STATE_DIR}/probe")))

    def _send(self, pairs: Sequence[tuple[Path, str]]) -> None:
        if not pairs:
            return
        if self._whole:
            places = [self._at(name) for _, name in pairs]
            self._told(lambda: self._fs.put([str(path) for path, _ in pairs], places))
            return
        for path, name in pairs:
            self._write(name, path)

    def _write(self, name: str, data: bytes | Path) -> None:
        place = self._at(name)
        target = place if self._whole else f"{place}.part"

        def write() -> None:
            if not self._whole:
                self._fs.makedirs(place.rpartition("/")[0], exist_ok=True)
            if isinstance(data, Path):
                self._fs.put_file(str(data), target)
            else:
                self._fs.pipe_file(target, data)
            if target != place:
                self._fs.mv(target, place)

        self._told(write)

    def _names(self, folder: str) -> list[str]:
        """Return all files below a folder, relative to the dataset."""
        self._fs.invalidate_cache()
        found: list[str] = self._told(lambda: self._fs.find(self._at(folder)))
        return sorted(path[len(self._root) + 1 :] for path in found)

    def _listed(self, folder: str) -> list[str]:
        """Return the names in a folder; none when there is no such folder."""

        def look() -> list[str]:
            try:
                found: list[str] = self._fs.ls(self._at(folder).rstrip("/"), detail=False)
            except FileNotFoundError:
                return []
            return found

        self._fs.invalidate_cache()
        found = self._told(look)
        return [path.rstrip("/").rpartition("/")[2] for path in found]

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _told(self, act: Callable[[], _T]) -> _T:
        """Do something with the store, more than once when it fails; what stays wrong is one clear line."""
        for left in reversed(range(_TRIES)):
            try:
                return act()
            except SynthtextError:
                raise
            except Exception as error:  # every store has errors of its own
                if not left or isinstance(error, PermissionError):
                    said = " ".join(str(error).split()) or "no reason is given"
                    raise RunError(
                        f"{self.url}: {type(error).__name__}: {said}; mend it and give the same command again"
                    ) from error
            time.sleep(_PAUSE_SECONDS * (_TRIES - left))
        raise AssertionError("unreachable")


def _open(url: str) -> tuple[Any, str]:
    scheme = urlsplit(url).scheme
    try:
        import fsspec
    except ImportError:
        raise UserError(f"{url}: URLs need fsspec; pip install 'synthtext[containers]', or name a folder") from None
    try:
        fs, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        package = _PACKAGES.get(scheme, "its package")
        raise UserError(f"{url}: {scheme}:// needs {package} ({error}); pip install {package}") from None
    except ValueError as error:
        raise UserError(f"{url}: nobody knows {scheme}:// ({error}); use s3://, gs:// or a folder") from None
    return fs, str(root).rstrip("/")


def _files(output: Output) -> list[tuple[Path, str]]:
    if output.source.is_file():
        return [(output.source, output.target)]
    return [
        (path, f"{output.target}/{path.relative_to(output.source).as_posix()}")
        for path in sorted(output.source.rglob("*"))
        if path.is_file()
    ]


def _empty(source: Path) -> None:
    if source.is_dir():
        shutil.rmtree(source)
        source.mkdir()
    else:
        source.unlink()
        source.touch()


def _make_empty(path: Path) -> None:
    # Which of both it is matters to nobody: it only has to be there.
    path.touch() if "." in path.name else path.mkdir()
