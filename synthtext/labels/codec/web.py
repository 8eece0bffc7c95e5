"""WebDataset: tar files with an image, a JSON file, and of a crop its text, for each sample.

    train-000000.tar    000000012.jpg 000000012.json 000000012.txt

The JSON is that of `neutral`. Read from any tars whose samples have an image, and a text or such a JSON file.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.files import PARTS, dump, parse_json, part_of
from synthtext.labels.codec.images import SUFFIXES
from synthtext.labels.codec.neutral import from_json, to_json
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.picture import Picture

_A_SHARD = 10_000
_MOST_BYTES = 1 << 30
_DO = "write <key>.jpg with <key>.txt, or with <key>.json"
_NO_PART = "data"


class Web:
    """The codec `webdataset`."""

    name = "webdataset"
    summary = "WebDataset's tar files"
    keeps = Keeps(kinds=("pages", "crops"))
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether there are tar files."""
        return bool(_files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the samples of all tars, in constant memory."""
        for part, path in _files(root):
            try:
                with tarfile.open(path, "r|*") as archive:
                    first: set[str] = set()
                    for key, members in _samples(archive):
                        fields = {"image" if suffix in SUFFIXES else suffix for suffix in members}
                        first = first or fields
                        if fields != first:
                            _report_other_fields(f"{path} {key}", fields, first, on_fault)
                        picture = _picture(f"{path} {key}", part, key, members, on_fault)
                        if picture is not None:
                            yield picture
            except (tarfile.TarError, OSError, EOFError) as error:
                on_fault(Fault(str(path), f"cannot be read on ({error})", "make it again"))

    def sink(self, target: Target) -> WebSink:
        """Start writing."""
        return WebSink(target)


class WebSink:
    """Writes tars of 10,000 samples or a gigabyte at most."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._tars: dict[str, tarfile.TarFile] = {}
        self._counts: dict[str, int] = {}
        self._shards: dict[str, int] = {}
        self._number = 0

    def add(self, picture: Picture) -> None:
        """Write one sample."""
        data = picture.read_image()
        if not data:
            raise Unfit("the image is missing")
        archive = self._tar(picture.part)
        key = f"{self._number:09d}"
        self._number += 1
        suffix = "." + picture.path.rpartition(".")[2].lower()
        files = {f"{key}{suffix if suffix in SUFFIXES else '.jpg'}": data}
        files[f"{key}.json"] = dump(to_json(picture)).encode()
        if picture.text is not None:
            files[f"{key}.txt"] = picture.text.encode()
        for name, content in files.items():
            # Times, owners and modes as they come would make equal samples unequal files.
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = 0o644
            archive.addfile(info, io.BytesIO(content))

    def close(self) -> None:
        """Finish the tars."""
        for archive in self._tars.values():
            archive.close()

    def _tar(self, part: str) -> tarfile.TarFile:
        archive = self._tars.get(part)
        if archive is not None and (self._counts[part] >= _A_SHARD or archive.offset >= _MOST_BYTES):
            archive.close()
            archive = None
        if archive is None:
            number = self._shards.get(part, 0)
            self._shards[part] = number + 1
            self._counts[part] = 0
            path = self._target.root / f"{part or _NO_PART}-{number:06d}.tar"
            archive = self._tars[part] = tarfile.open(path, "x:", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
        self._counts[part] += 1
        return archive


def _report_other_fields(where: str, found: set[str], first: set[str], on_fault: OnFault) -> None:
    what = f"has {', '.join(sorted(found))}, the first sample {', '.join(sorted(first))}"
    on_fault(Fault(where, f"{what}; readers make columns of the first", "give all samples the same files"))


def _samples(archive: tarfile.TarFile) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield key and members by suffix of each sample: neighbours whose names are equal up to the first dot."""
    key = ""
    members: dict[str, bytes] = {}
    for info in archive:
        if not info.isreg():
            continue
        folder, slash, name = info.name.rpartition("/")
        stem, _, suffix = name.partition(".")
        this = f"{folder}{slash}{stem}"
        if this != key and members:
            yield key, members
            members = {}
        key = this
        file = archive.extractfile(info)
        members[f".{suffix.lower()}"] = file.read() if file is not None else b""
    if members:
        yield key, members


def _picture(where: str, part: str, key: str, members: dict[str, bytes], on_fault: OnFault) -> Picture | None:
    suffix = next((suffix for suffix in members if suffix in SUFFIXES), None)
    if suffix is None:
        on_fault(Fault(where, "there is no image", _DO))
        return None
    image, path = members[suffix], f"{key}{suffix}"
    if ".json" in members:
        data = parse_json(members[".json"], f"{where}.json", on_fault)
        if data is None:
            return None
        try:
            picture = from_json(data, image, where)
        except ValueError as error:
            on_fault(Fault(f"{where}.json", f"cannot be read ({error})", "mend or remove it"))
            return None
        # A JSON file beside a text may be about anything.
        if picture.text is not None or isinstance(data.get("lines"), list):
            return replace(picture, path=picture.path or path, part=picture.part or part)
    if ".txt" in members:
        try:
            return Picture(path, part, image, where, members[".txt"].decode("utf-8-sig").rstrip("\r\n"))
        except UnicodeDecodeError as error:
            on_fault(Fault(f"{where}.txt", f"not UTF-8 ({error.reason})", "save it as UTF-8"))
            return None
    on_fault(Fault(where, f"no label that is known here, but {', '.join(sorted(members))}", _DO))
    return None


def _files(root: Path) -> list[tuple[str, Path]]:
    paths = [root] if root.is_file() else [*sorted(root.rglob("*.tar")), *sorted(root.rglob("*.tar.gz"))]
    found = []
    for path in paths:
        if path.name.endswith((".tar", ".tar.gz")):
            words = [*path.name.partition(".")[0].replace("_", "-").split("-"), path.parent.name]
            found.append((next((part for word in words if (part := part_of(word))), ""), path))
    return sorted(found, key=lambda pair: ([*PARTS, ""].index(pair[0]), str(pair[1])))
