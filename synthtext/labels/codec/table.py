"""Names of formats, as `--from`, `--to` and `--format` take them, and the codec behind each."""

from __future__ import annotations

from pathlib import Path

from synthtext.errors import UserError, suggestion
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.coco import Coco
from synthtext.labels.codec.cocotext import CocoText
from synthtext.labels.codec.columns import Columns
from synthtext.labels.codec.craft import Craft
from synthtext.labels.codec.cvat import Cvat
from synthtext.labels.codec.doctr import DocTr
from synthtext.labels.codec.icdar import ICDAR2013, ICDAR2015, MLT
from synthtext.labels.codec.imagefolder import ImageFolder
from synthtext.labels.codec.labelme import Labelme
from synthtext.labels.codec.labelstudio import LabelStudio
from synthtext.labels.codec.lmdb_pairs import LmdbPairs
from synthtext.labels.codec.mmocr import MmOcr
from synthtext.labels.codec.paddleocr import PaddleOcr
from synthtext.labels.codec.plain import Plain
from synthtext.labels.codec.ppocrlabel import PpocrLabel
from synthtext.labels.codec.trdg import Trdg
from synthtext.labels.codec.web import Web
from synthtext.labels.codec.yolo import YOLO, YOLO_OBB

CODECS: dict[str, Codec] = {
    codec.name: codec
    for codec in (
        PaddleOcr(),
        PpocrLabel(),
        Craft(),
        Plain(),
        ICDAR2013,
        ICDAR2015,
        MLT,
        Coco(),
        CocoText(),
        YOLO,
        YOLO_OBB,
        Labelme(),
        LabelStudio(),
        Cvat(),
        MmOcr(),
        DocTr(),
        Trdg(),
        LmdbPairs(),
        Web(),
        Columns(),
        ImageFolder(),
    )
}
# What is told from the others by one file's name or content comes first, what fits many folders last.
_BY_CERTAINTY = (
    *("ppocrlabel", "cvat", "cocotext", "coco", "mmocr", "labelstudio", "craft", "lmdb", "imagefolder", "doctr"),
    *("plain", "yolo", "yolo-obb", "mlt", "icdar2013", "icdar2015", "labelme", "trdg", "paddleocr"),
    *("webdataset", "parquet"),
)


def find_codec(name: str, option: str = "--format") -> Codec:
    """Return the codec of a format.

    Raises:
        UserError: there is none; the message names close ones.
    """
    found = CODECS.get(name.strip().lower())
    if found is None:
        raise UserError(f"{option}: {name!r} is not known; {suggestion(name.strip().lower(), CODECS)}")
    return found


def guess_codec(root: Path) -> Codec | None:
    """Return the codec of the format that a folder or file looks like; None when it looks like none."""
    for name in _BY_CERTAINTY:
        try:
            if CODECS[name].fits(root):
                return CODECS[name]
        except (OSError, ValueError):
            continue
    return None
