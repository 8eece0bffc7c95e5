"""Any format that has a codec, written shard by shard: images at once, label files when all shards are there.

    <format>/...                          as the codec lays it out, images in a folder for each shard where it allows
    .synthtext/<format>/00012             what the shard's pictures are, a line each: labels are made of these lines

Label files that tell of the whole dataset can only be written at its end, and a run that goes on must not read any
image again. So a shard's own label files are thrown away; `finalise` has the codec write them once more from the lines
of all shards, with images that are in place already.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from synthtext.labels.codec.base import Codec, Sink, Target, Unfit
from synthtext.labels.codec.crops import Crop, counts, cut
from synthtext.labels.codec.files import dump
from synthtext.labels.codec.images import SUFFIXES, Images
from synthtext.labels.codec.neutral import from_json, to_json
from synthtext.labels.levels import text_boxes
from synthtext.labels.picture import Picture
from synthtext.labels.ppocr import label_line, write_dict
from synthtext.values import Sample
from synthtext.writers.base import PARTS, STATE_DIR, Output, WriterOptions, numbered, shard_name
from synthtext.writers.disk import write_new


class CodecWriter:
    """Writes a folder of the format's name below a dataset's folder."""

    def __init__(self, codec: Codec, out: Path, options: WriterOptions) -> None:
        self._codec = codec
        self._out = out
        self._options = options
        self._state = f"{STATE_DIR}/{codec.name}"

    def open_shard(self, shard: int, room: Path) -> _CodecShard:
        """Start a shard in `room`."""
        return _CodecShard(self._codec, shard, room, self._options, self._state)

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        root = self._out / self._codec.name
        for path in _images_in(root):
            yield f"{self._codec.name}/{path}"
        yield from numbered(self._out, self._state)

    def finalise(self, shards: Sequence[int]) -> None:
        """Write the label files of the whole dataset."""
        root = self._out / self._codec.name
        root.mkdir(parents=True, exist_ok=True)
        room = self._out / STATE_DIR / f"{self._codec.name}.tmp"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        target = _target(self._codec, room, _InPlace(), self._options)
        target.cut = _uncut
        sink = self._codec.sink(target)
        for shard in shards:
            for line in (self._out / self._state / shard_name(shard)).read_text("utf-8").splitlines():
                sink.add(_picture(line, root))
        sink.close()
        if self._options.pages is None and not (room / "dict.txt").exists():
            (room / "dict.txt").write_bytes(write_dict(self._options.charset))
        _move_into(room, root)


class _CodecShard:
    def __init__(self, codec: Codec, shard: int, room: Path, options: WriterOptions, state: str) -> None:
        self._codec = codec
        self._name = shard_name(shard)
        self._room = room
        self._options = options
        self._state = state
        self._placed = room / "placed"
        self._scratch = room / "scratch"
        for folder in (self._placed, self._scratch):
            folder.mkdir()
        self._images = _Apart(self._placed)
        self._sink: Sink = codec.sink(_target(codec, self._scratch, self._images, options))
        self._lines: list[str] = []

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        picture = _picture_of(self._name, index, part, image, sample, self._options)
        if picture.text is not None:
            label_line(picture.path, picture.text)  # what a list could not say must not hide in another format
        try:
            self._sink.add(picture)
        except Unfit:  # such as a page without text, which the format's readers cannot take
            return
        self._lines.append(dump({"file": self._images.last, **to_json(picture)}) + "\n")

    def seal(self) -> list[Output]:
        self._sink.close()
        shutil.rmtree(self._scratch)
        write_new(f"{self._room}/lines", "".join(self._lines).encode())
        images = [Output(self._placed / path, f"{self._codec.name}/{path}") for path in _images_in(self._placed)]
        return [*images, Output(self._room / "lines", f"{self._state}/{self._name}")]

    def discard(self) -> None:
        self._sink.close()
        for folder in (self._placed, self._scratch):
            shutil.rmtree(folder, ignore_errors=True)


class _Apart(Images):
    """Puts images below a folder of its own, at the paths that a sink asks for."""

    def __init__(self, folder: Path) -> None:
        super().__init__("copy")
        self._folder = folder
        self.last = ""

    def put(self, picture: Picture, root: Path, path: str) -> str:
        """Write the image, and remember where below the format's folder."""
        self.last = self._write(picture.image, root, path)
        return path

    def write(self, data: bytes, root: Path, path: str) -> str:
        """Write a crop."""
        self._write(data, root, path)
        return path

    def _write(self, data: str | bytes, root: Path, path: str) -> str:
        # Some sinks give a folder of theirs as the root: what counts is the way from the format's own.
        inside = os.path.relpath(root / path, self._folder.parent / "scratch").replace(os.sep, "/")
        place = self._folder / inside
        place.parent.mkdir(parents=True, exist_ok=True)
        assert isinstance(data, bytes), "samples bring their encoded image"
        write_new(str(place), data)
        return inside


class _InPlace(Images):
    """Says where images are that have been put in place before."""

    def __init__(self) -> None:
        super().__init__("copy")

    def put(self, picture: Picture, root: Path, path: str) -> str:
        """Return the path."""
        return path

    def write(self, data: bytes, root: Path, path: str) -> str:
        """Return the path."""
        return path


def _target(codec: Codec, root: Path, images: Images, options: WriterOptions) -> Target:
    return Target(root, codec.name, images, options.charset if options.pages is None else None, cut=cut)


def _picture_of(shard: str, index: int, part: int, image: bytes, sample: Sample, options: WriterOptions) -> Picture:
    path = f"{shard}/{index:09d}.{options.image_format}"
    where = f"sample {index}"
    if options.pages is None:
        return Picture(path, PARTS[part], image, where, sample.text, size_wh=sample.size_wh)
    boxes = tuple(text_boxes(sample, options.pages.level, options.pages.polygons))
    return Picture(path, PARTS[part], image, where, None, boxes, sample.size_wh)


def _picture(line: str, root: Path) -> Picture:
    data = json.loads(line)
    return from_json(data, str(root / data["file"]), data["path"])


def _uncut(picture: Picture) -> list[Crop]:
    """Return the crops of a page, whose files are in place."""
    return [Crop(number, box.text, b"") for number, box in enumerate(picture.boxes) if counts(box)]


def _images_in(root: Path) -> Iterator[str]:
    """Yield the folders of shards below a root, and the images that are in none, relative to it."""
    for parent, folders, names in os.walk(root):
        inside = os.path.relpath(parent, root).replace(os.sep, "/")
        before = "" if inside == "." else f"{inside}/"
        shards = sorted(name for name in folders if len(name) == 5 and name.isascii() and name.isdigit())
        folders[:] = sorted(set(folders) - set(shards))
        yield from (f"{before}{name}" for name in shards if _has_images(Path(parent, name)))
        yield from (f"{before}{name}" for name in sorted(names) if os.path.splitext(name)[1].lower() in SUFFIXES)


def _has_images(folder: Path) -> bool:
    return any(path.suffix.lower() in SUFFIXES for path in folder.iterdir())


def _move_into(room: Path, root: Path) -> None:
    """Move all files of one folder to the same places in another, over those that are there."""
    for parent, _, names in os.walk(room):
        place = root / os.path.relpath(parent, room)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            os.replace(os.path.join(parent, name), place / name)
    shutil.rmtree(room)
