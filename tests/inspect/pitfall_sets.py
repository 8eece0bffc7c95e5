"""Small datasets by hand, each with one sound picture, `a`, and another with something wrong, `b`."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from synthtext.labels.matfile import Row, file_head, row_head, single_cell, text_cell
from synthtext.writers.craft import gt_name

WH = (160, 120)
QUAD = [[20, 20], [80, 20], [80, 40], [20, 40]]
LEFT, RIGHT = [[20, 20], [50, 20], [50, 40], [20, 40]], [[50, 20], [80, 20], [80, 40], [50, 40]]
BOW_TIE = [RIGHT[number] for number in (0, 1, 3, 2)]
ITEM = {"transcription": "ab", "points": QUAD}
SOUND_2015 = "20,20,80,20,80,40,20,40,ab\n"
OBB = "0 0.1 0.1 0.4 0.1 0.4 0.3 0.1 0.3\n"
YOLO = "0 0.3 0.3 0.2 0.1\n"

Make = Callable[[Path], str]


def jpeg(exif: int = 0, size_wh: tuple[int, int] = WH) -> bytes:
    rng = np.random.default_rng(exif)
    image = Pillow.fromarray(rng.integers(0, 255, (size_wh[1], size_wh[0], 3), np.uint8))
    buffer = io.BytesIO()
    tags = image.getexif()
    tags[0x0112] = exif
    image.save(buffer, "JPEG", **({"exif": tags} if exif else {}))
    return buffer.getvalue()


def folder(root: Path, *files: str) -> Path:
    """A folder with images of these names."""
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(jpeg())
    return root


def put(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def det(line: str | bytes, *, first: str | bytes = f"a.jpg\t{json.dumps([ITEM])}\n", name: str = "b.jpg") -> Make:
    """A detection list whose second line is given."""

    def make(root: Path) -> str:
        folder(root, "a.jpg", name)
        raw = [text if isinstance(text, bytes) else text.replace("$ROOT", str(root)).encode() for text in (first, line)]
        (root / "train.txt").write_bytes(b"".join(raw))
        return "paddleocr"

    return make


def item(**changes: object) -> Make:
    """A detection list whose second line has one box, changed."""
    return det(f"b.jpg\t{json.dumps([ITEM | changes])}\n")


def rec(raw: bytes, chars: bytes = b"a\nb\n", *, yml: str = "", first: bytes = b"a.jpg\tab\n") -> Make:
    """A recognition list whose second line is given."""

    def make(root: Path) -> str:
        folder(root, "a.jpg", "b.jpg")
        (root / "dict.txt").write_bytes(chars)
        (root / "train.txt").write_bytes(first + raw)
        if yml:
            (root / "rec.yml").write_text(yml)
        return "paddleocr"

    return make


def yolo(lines: str, codec: str = "yolo-obb", size_wh: tuple[int, int] = WH) -> Make:
    def make(root: Path) -> str:
        folder(root, "images/train/a.jpg", "images/train/b.jpg")
        (root / "images/train/b.jpg").write_bytes(jpeg(0, size_wh))
        put(root / "labels/train/a.txt", OBB if codec == "yolo-obb" else YOLO)
        put(root / "labels/train/b.txt", lines)
        put(root / "data.yaml", "train: images/train\nval: images/train\nnames: {0: printed}\n")
        return codec

    return make


def icdar(text: str | None, codec: str = "icdar2015") -> Make:
    def make(root: Path) -> str:
        folder(root, "ch4_training_images/a.jpg", "ch4_training_images/b.jpg")
        labels = root / "ch4_training_localization_transcription_gt"
        put(labels / "gt_a.txt", SOUND_2015)
        if text is not None:
            put(labels / "gt_b.txt", text)
        return codec

    return make


def words_2013(line: str, name: str = "b.jpg") -> Make:
    def make(root: Path) -> str:
        folder(root, "a.jpg", name)
        put(root / "gt.txt", f'a.jpg, "ab"\n{line}\n')
        return "icdar2013"

    return make


def doctr(value: object, sound: object = None) -> Make:
    def make(root: Path) -> str:
        folder(root, "images/a.jpg", "images/b.jpg")
        page = {"img_dimensions": WH[::-1], "polygons": [QUAD]}
        first = sound or ("ab" if isinstance(value, str) else page)
        put(root / "labels.json", json.dumps({"a.jpg": first, "b.jpg": value}))
        return "doctr"

    return make


def labelme(root: Path) -> str:
    """The size of the second image is not what its file says."""
    folder(root, "a.jpg", "b.jpg")
    shape = {"label": "printed", "points": QUAD, "shape_type": "polygon", "flags": {}, "description": "ab"}
    for name, width in (("a", WH[0]), ("b", 999)):
        data = {"version": "5", "flags": {}, "shapes": [shape], "imagePath": f"{name}.jpg", "imageData": None}
        put(root / f"{name}.json", json.dumps(data | {"imageHeight": WH[1], "imageWidth": width}))
    return "labelme"


def craft(*chars: object, texts: tuple[str, ...] = ("ab",)) -> Make:
    """A gt.mat by hand: boxes too many or too few, or of odd form, are the point here."""

    def make(root: Path) -> str:
        folder(root, "img/a.jpg", "img/b.jpg")
        word = single_cell(np.array([QUAD], np.float32).transpose(2, 1, 0))
        both = [np.array(quads, np.float32).transpose(2, 1, 0) for quads in ((LEFT, RIGHT), chars)]
        rows = {
            "imnames": text_cell(["img/a.jpg"]) + text_cell(["img/b.jpg"]),
            "wordBB": word + word,
            "charBB": b"".join(map(single_cell, both)),
            "txt": text_cell(["ab"]) + text_cell(list(texts)),
        }
        cells = b"".join(row_head(Row(name, 2, len(cell))) + cell for name, cell in rows.items())
        (root / gt_name(0)).write_bytes(file_head() + cells)
        return "craft"

    return make


def saved_maps(root: Path) -> str:
    """EasyOCR's folder with score maps of `img_1`, and a picture that has another name."""
    folder(root, "ch4_training_images/img_1.jpg", "ch4_training_images/b.jpg")
    for name in ("img_1", "b"):
        put(root / f"ch4_training_localization_transcription_gt/gt_{name}.txt", SOUND_2015)
    folder(root, "saved_gt/res_img_1_region.jpg")
    return "icdar2015"


def tar(*members: tuple[str, bytes]) -> Make:
    def make(root: Path) -> str:
        with tarfile.open(root / "train-000000.tar", "w") as archive:
            for name, data in (("0.jpg", jpeg()), ("0.txt", b"ab"), *members):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return "webdataset"

    return make


def imagefolder(root: Path) -> str:
    folder(root, "train/a.jpg")
    put(root / "train/metadata.jsonl", '{"file_name": "a.jpg", "text": "x"}\n{"file_name": "b.jpg", "text": "x"}\n')
    return "imagefolder"


def imagefolder_above(root: Path) -> str:
    """Metadata beside the folder of a part, not in it."""
    folder(root, "train/a.jpg", "val/b.jpg")
    put(root / "train/metadata.jsonl", '{"file_name": "a.jpg", "text": "x"}\n')
    put(root / "metadata.jsonl", '{"file_name": "val/b.jpg", "text": "x"}\n')
    return "imagefolder"


def coco_named(name: str) -> Make:
    """Two images, the second of an odd name."""

    def make(root: Path) -> str:
        folder(root, "a.jpg", name)
        images = [
            {"id": number, "file_name": file, "width": WH[0], "height": WH[1]}
            for number, file in enumerate(("a.jpg", name), 1)
        ]
        box = {"category_id": 1, "bbox": [20, 20, 60, 20], "area": 1200, "iscrowd": 0}
        outline = {"segmentation": [[value for point in QUAD for value in point]]}
        said = {"attributes": {"transcription": "ab"}}
        labels = [{"id": number, "image_id": number, **box, **outline, **said} for number in (1, 2)]
        data = {"images": images, "annotations": labels, "categories": [{"id": 1, "name": "printed"}]}
        put(root / "annotations/instances_train.json", json.dumps(data))
        return "coco"

    return make


def bent_only(root: Path) -> str:
    points = [*QUAD[:2], [82, 30], *QUAD[2:]]
    folder(root, "a.jpg")
    put(root / "train.txt", f"a.jpg\t{json.dumps([ITEM | {'points': points}])}\n")
    return "paddleocr"
