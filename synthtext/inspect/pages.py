"""Reading pages back, in each of their formats, in constant memory. A page is a record with boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from synthtext.inspect.map_files import MapFiles
from synthtext.inspect.records import Record, find_lists, image_index, read_image
from synthtext.labels.craft import Scene, read_gt
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.headers import read_header
from synthtext.labels.icdar import parse_icdar
from synthtext.labels.levels import TextBox, label_text
from synthtext.labels.plain import read_plain
from synthtext.labels.ppocr_det import read_det
from synthtext.labels.yolo import read_obb
from synthtext.writers.base import PARTS
from synthtext.writers.craft import EASYOCR_ROOT
from synthtext.writers.craft import ROOT as CRAFT_ROOT
from synthtext.writers.paddle_pages import ROOT as DET_ROOT
from synthtext.writers.page_pairs import ICDAR_ROOT, PLAIN_ROOT, YOLO_ROOT, icdar_folders


@dataclass(frozen=True, slots=True)
class DetStore:
    """PaddleOCR's detection folder.

    Attributes:
        numbered: the images are named after their indices.
    """

    root: Path
    lists: dict[str, Path]
    numbered: bool
    name: str = "paddleocr"
    tells_text: bool = True
    tells_category: bool = True
    skips_blank: bool = True

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the pages of all lists."""
        inside = f"{self.root.resolve()}/"
        for part, path in self.lists.items():
            for line in read_det(path, on_fault):
                where = f"{path}:{line.number}"
                place = self.root / line.path
                if not str(place.resolve()).startswith(inside):
                    do = "write a path relative to the folder of the list"
                    on_fault(Fault(where, f"the image {line.path} lies outside the dataset", do))
                    continue
                index = image_index(line.path) if self.numbered else None
                yield _record(index, part, line.boxes, str(place), where)


@dataclass(frozen=True, slots=True)
class IcdarStore:
    """ICDAR 2015's folders."""

    out: Path
    root: Path
    name: str = "icdar2015"
    tells_text: bool = True
    tells_category: bool = False
    skips_blank: bool = False

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the pages of all parts."""
        for number, part in enumerate(PARTS):
            images, labels = icdar_folders(self.root.relative_to(self.out).as_posix(), number)
            for place in _sorted(self.out / images):
                label = self.out / labels / f"gt_{place.stem}.txt"
                data = read_image(str(label))
                if data is None:
                    on_fault(Fault(str(label), "the label file is missing", "make its shard again"))
                    continue
                boxes = parse_icdar(data, str(label), on_fault)
                yield _record(_flat_index(place), part, boxes, str(place), str(label))


@dataclass(frozen=True, slots=True)
class PairStore:
    """Images and label files side by side: plain text labels, or Ultralytics' oriented boxes."""

    root: Path
    name: str
    tells_text: bool = False
    tells_category: bool = True
    skips_blank: bool = False

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the pages of all parts."""
        for part in PARTS:
            for folder in _sorted(self.root / "images" / part):
                for place in _sorted(folder):
                    label = self.root / "labels" / part / folder.name / f"{place.stem}.txt"
                    if not label.is_file():
                        on_fault(Fault(str(label), "the label file is missing", "make its shard again"))
                        continue
                    image = read_image(str(place))
                    boxes = self._boxes(label, place, image, on_fault)
                    yield Record(image_index(place.name), part, "", image, str(label), str(place), tuple(boxes))

    def _boxes(self, label: Path, place: Path, image: bytes | None, on_fault: OnFault) -> Sequence[TextBox]:
        if self.name == "plain":
            read = read_plain(label, on_fault)
            if read is None:
                return ()
            if self.root / read.path != place:
                on_fault(Fault(f"{label}:1", f"names {read.path}, not its own image", "make its shard again"))
            return read.boxes
        header = read_header(image) if image else None
        return read_obb(label, header.size_wh, on_fault) if header else ()


@dataclass(frozen=True, slots=True)
class CraftStore:
    """`gt.mat` with its pictures, and their score maps when `maps` says how they were drawn."""

    root: Path
    maps: MapFiles | None = None
    name: str = "craft"
    tells_text: bool = False
    tells_category: bool = False
    skips_blank: bool = True

    def scan(self, on_fault: OnFault) -> Iterator[Record]:
        """Yield the pages that every part's files name."""
        for part in PARTS:
            for path in sorted((self.root / part).glob("gt*.mat")):
                for number, scene in enumerate(read_gt(path)):
                    yield self._page(scene, part, f"{path} picture {number}", on_fault)

    def _page(self, scene: Scene, part: str, where: str, on_fault: OnFault) -> Record:
        place = self.root / part / scene.path
        if len(scene.char_quads) != sum(map(len, scene.words)) or len(scene.word_quads) != len(scene.words):
            what = f"{len(scene.char_quads)} character boxes for {sum(map(len, scene.words))} characters"
            on_fault(Fault(where, what, "make its shard again"))
        boxes = [TextBox(quad, word) for quad, word in zip(scene.word_quads, scene.words, strict=False)]
        index = _flat_index(place)
        record = _record(index, part, boxes, str(place), where)
        header = read_header(record.image) if record.image else None
        if self.maps is not None and header is not None and index is not None:
            self.maps.check(self.root / part, index, scene, header.size_wh, on_fault)
        return record


PageStore = DetStore | IcdarStore | PairStore | CraftStore


def page_stores(out: Path, formats: Sequence[str]) -> list[PageStore]:
    """Return the formats of a dataset of pages; those that tell texts come first."""
    stores: list[PageStore] = []
    if "paddleocr" in formats:
        stores.append(DetStore(out / DET_ROOT, find_lists(out / DET_ROOT), numbered=True))
    if "icdar2015" in formats:
        stores.append(IcdarStore(out, out / ICDAR_ROOT))
    if "plain" in formats:
        stores.append(PairStore(out / PLAIN_ROOT, "plain"))
    if "yolo-obb" in formats:
        stores.append(PairStore(out / YOLO_ROOT, "yolo-obb"))
    if "craft" in formats:
        stores.append(CraftStore(out / CRAFT_ROOT))
        stores.append(IcdarStore(out, out / EASYOCR_ROOT, "craft's easyocr folder"))
    return stores


def is_det(lists: dict[str, Path]) -> bool:
    """Return whether label files are of pages: their first line goes on with a JSON list."""
    for path in lists.values():
        with path.open("rb") as file:
            return b"\t[" in file.readline()
    return False


def _record(index: int | None, part: str, boxes: Sequence[TextBox], place: str, where: str) -> Record:
    return Record(index, part, label_text(list(boxes)), read_image(place), where, place, tuple(boxes))


def _flat_index(place: Path) -> int | None:
    digits = place.stem.rpartition("_")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _sorted(folder: Path) -> list[Path]:
    """Return a folder's entries by the numbers in their names; none when there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(folder.iterdir(), key=lambda path: (_flat_index(path) or 0, path.name))
