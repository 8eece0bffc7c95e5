"""Datasets that synthtext did not generate, in any format: read by the format's codec, seen as records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from synthtext.convert.room import REPORT
from synthtext.errors import DatasetError
from synthtext.inspect.records import Record, image_index
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.paddleocr import has_bent_pages_only
from synthtext.labels.codec.pitfalls import pitfalls
from synthtext.labels.codec.table import CODECS
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.formats import BY_CODEC
from synthtext.labels.levels import label_text
from synthtext.labels.picture import Picture
from synthtext.labels.upright import look_at

_PARTLESS = "train"


@dataclass(frozen=True, slots=True)
class CodecStore:
    """A folder or file in one format.

    Attributes:
        root: of the format.
        codec: that reads it.
        numbered: the images are named after their indices in a run.
    """

    root: Path
    codec: Codec
    numbered: bool = False

    @property
    def name(self) -> str:
        """Of the format."""
        return self.codec.name

    @property
    def tells_text(self) -> bool:
        """Whether labels have texts; of a run, whether they have all of them in their order."""
        keeps = self.codec.keeps
        return keeps.texts and not (self.numbered and (keeps.ignored == "left out" or not keeps.order))

    @property
    def skips_blank(self) -> bool:
        """Whether pages without text have no place."""
        return not self.codec.keeps.blank

    @property
    def is_pages(self) -> bool:
        """Whether the first picture is a page."""
        return any(picture.kind == "pages" for picture in islice(self.codec.read(self.root, _ignore), 1))

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield every picture; what its format's trainers stumble over is reported."""
        for picture in self.codec.read(self.root, on_fault):
            image = picture.read_image()
            for what, do in pitfalls(self.codec.name, picture):
                on_fault(Fault(picture.where, what, do))
            _check_size(picture, image, on_fault)
            yield _record(picture, image, image_index(picture.path) if self.numbered else None)
        if self.codec.name == "paddleocr":
            has_bent_pages_only(self.root, on_fault)


def made_formats(root: Path, names: Sequence[str]) -> list[CodecStore]:
    """Return those formats of a run that are written by their codec."""
    codecs = [CODECS[name] for name in names if name in BY_CODEC]
    return [CodecStore(root / codec.name, codec, numbered=True) for codec in codecs]


def written_formats(root: Path) -> list[CodecStore]:
    """Return the formats of a folder that convert or export wrote; none for any other folder.

    Raises:
        DatasetError: its report is damaged.
    """
    path = root / REPORT
    if not path.is_file():
        return []
    try:
        names = json.loads(path.read_bytes())["formats"]
        codecs = [CODECS[name] for name in names]
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{path}: is damaged ({error}); convert again") from error
    places = [(root if len(codecs) == 1 else root / codec.name, codec) for codec in codecs]
    return [CodecStore(folder, codec) for place, codec in places for folder in _folders(place, codec)]


def _folders(place: Path, codec: Codec) -> list[Path]:
    """Return the folders of a format that are read by themselves: PaddleOCR's crops are not among its pages."""
    parts = [place / name for name in ("det", "rec") if (place / name / "train.txt").is_file()]
    return parts if codec.name == "paddleocr" and parts else [place]


def _check_size(picture: Picture, image: bytes | None, on_fault: OnFault) -> None:
    look = look_at(image) if image and picture.size_wh is not None else None
    if look is not None and picture.size_wh != look.size_wh:
        said = "x".join(map(str, picture.size_wh or ()))
        what = f"the label says {said}, the image has {look.size_wh[0]}x{look.size_wh[1]} pixels"
        on_fault(Fault(picture.where, what, "label the image that is there, or restore the other one"))


def _record(picture: Picture, image: bytes | None, index: int | None) -> Record:
    where = picture.image if isinstance(picture.image, str) else f"{picture.where} {picture.path}"
    part = picture.part or _PARTLESS
    if picture.text is not None:
        return Record(index, part, picture.text, image, picture.where, where)
    return Record(index, part, label_text(picture.boxes), image, picture.where, where, picture.boxes)


def _ignore(_: Fault) -> None:
    return None
