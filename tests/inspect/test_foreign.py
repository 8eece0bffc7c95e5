"""Datasets of all formats under `verify` and `inspect`: clean ones have no fault, and every known pitfall is found."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from synthtext.convert.choices import Choices
from synthtext.convert.run import convert
from synthtext.inspect.report import inspect_dataset
from synthtext.inspect.verify import verify
from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture
from synthtext.writers.craft import gt_name
from synthtext.writers.disk import write_new

WH = (160, 120)
QUAD = [[20, 20], [80, 20], [80, 40], [20, 40]]
ITEM = {"transcription": "ab", "points": QUAD}


def jpeg(exif: int = 0) -> bytes:
    rng = np.random.default_rng(exif)
    image = Pillow.fromarray(rng.integers(0, 255, (WH[1], WH[0], 3), np.uint8))
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


def det(root: Path, line: str | bytes) -> str:
    """A detection list whose second line is given; the first one is right."""
    folder(root, "a.jpg", "b.jpg")
    raw = line if isinstance(line, bytes) else line.encode()
    (root / "train.txt").write_bytes(f"a.jpg\t{json.dumps([ITEM])}\n".encode() + raw)
    return "paddleocr"


def item(**changes: object) -> str:
    return f"b.jpg\t{json.dumps([ITEM | changes])}\n"


def rec(root: Path, raw: bytes, chars: bytes = b"a\nb\n", name: str = "b.jpg") -> str:
    folder(root, "a.jpg", name)
    (root / "dict.txt").write_bytes(chars)
    (root / "train.txt").write_bytes(b"a.jpg\tab\n" + raw)
    return "paddleocr"


def yolo(root: Path, lines: str) -> str:
    folder(root, "images/train/a.jpg")
    (root / "labels/train").mkdir(parents=True)
    (root / "labels/train/a.txt").write_text(lines)
    (root / "data.yaml").write_text("train: images/train\nval: images/train\nnames: {0: printed}\n")
    return "yolo-obb"


def icdar(root: Path, text: str) -> str:
    folder(root, "ch4_training_images/a.jpg")
    labels = root / "ch4_training_localization_transcription_gt"
    labels.mkdir()
    (labels / "gt_a.txt").write_text(text)
    return "icdar2015"


def doctr(root: Path, value: object) -> str:
    folder(root, "images/a.jpg")
    (root / "labels.json").write_text(json.dumps({"a.jpg": value}))
    return "doctr"


def labelme(root: Path, width: int) -> str:
    folder(root, "a.jpg")
    shape = {"label": "ab", "points": QUAD, "shape_type": "polygon", "flags": {}}
    data = {"version": "5", "flags": {}, "shapes": [shape], "imagePath": "a.jpg", "imageData": None}
    (root / "a.json").write_text(json.dumps(data | {"imageHeight": WH[1], "imageWidth": width}))
    return "labelme"


def craft(root: Path, chars: np.ndarray, text: str = "ab") -> str:
    """A gt.mat of one word, by hand: two dimensions too many or too few are the point here."""
    from synthtext.labels.matfile import Row, file_head, row_head, single_cell, text_cell

    folder(root, "img/a.jpg")
    quads = np.array([QUAD], np.float32)
    cells = {
        "imnames": text_cell(["img/a.jpg"]),
        "wordBB": single_cell(quads.transpose(2, 1, 0)),
        "charBB": single_cell(chars.astype(np.float32).transpose(2, 1, 0)),
        "txt": text_cell([text]),
    }
    rows = b"".join(row_head(Row(name, 1, len(cell))) + cell for name, cell in cells.items())
    (root / gt_name(0)).write_bytes(file_head() + rows)
    return "craft"


def half_quads(*quads: object) -> np.ndarray:
    return np.array(quads, np.float32)


NO_POLYGONS = {"img_dimensions": WH[::-1], "polygons": []}
BOX = "0 0.1 0.1 0.4 0.1 0.4 0.3 0.1 0.3\n"
LEFT, RIGHT = [[20, 20], [50, 20], [50, 40], [20, 40]], [[50, 20], [80, 20], [80, 40], [50, 40]]


def tar(root: Path, *members: tuple[str, bytes]) -> str:
    with tarfile.open(root / "train-000000.tar", "w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return "webdataset"


def imagefolder(root: Path) -> str:
    folder(root, "train/a.jpg")
    (root / "train/metadata.jsonl").write_text(
        '{"file_name": "a.jpg", "text": "x"}\n{"file_name": "b.jpg", "text": "x"}\n'
    )
    return "imagefolder"


def bent_only(root: Path) -> str:
    points = [*QUAD[:2], [82, 30], *QUAD[2:]]
    folder(root, "a.jpg")
    (root / "train.txt").write_text(f"a.jpg\t{json.dumps([ITEM | {'points': points}])}\n")
    return "paddleocr"


BOW_TIE = [RIGHT[number] for number in (0, 1, 3, 2)]

Make = Callable[[Path], str]
# What is wrong, how it is made, where it is found and in which words.
PITFALLS: list[tuple[str, Make, str, str]] = [
    ("det: no text", lambda r: det(r, "b.jpg\t[]\n"), "train.txt:2", "empty"),
    ("det: polygons only", bent_only, "", "CopyPaste"),
    ("det: two points", lambda r: det(r, item(points=QUAD[:2])), "train.txt:2", "three or more"),
    ("det: bow tie", lambda r: det(r, item(points=[QUAD[0], QUAD[1], QUAD[3], QUAD[2]])), "train.txt:2", "clockwise"),
    ("det: not a number", lambda r: det(r, item(points=[[float("nan"), 1], *QUAD[1:]])), "train.txt:2", "finite"),
    ("det: flat", lambda r: det(r, item(points=[QUAD[0], QUAD[1], QUAD[1], QUAD[0]])), "train.txt:2", "clockwise"),
    ("det: outside", lambda r: det(r, item(points=[[-9, 20], *QUAD[1:]])), "train.txt:2", "reaches out"),
    ("det: anticlockwise", lambda r: det(r, item(points=QUAD[::-1])), "train.txt:2", "not clockwise"),
    (
        "det: flat list",
        lambda r: det(r, item(points=[value for point in QUAD for value in point])),
        "train.txt:2",
        "pairs",
    ),
    ("det: no text key", lambda r: det(r, f'b.jpg\t[{{"points": {QUAD}}}]\n'), "train.txt:2", "transcription"),
    ("det: space for tab", lambda r: det(r, f"b.jpg {json.dumps([ITEM])}\n"), "train.txt:2", "no tab"),
    ("det: no image", lambda r: det(r, f"c.jpg\t{json.dumps([ITEM])}\n"), "c.jpg", "missing"),
    ("det: latin-1", lambda r: det(r, b"b\xe9.jpg\t[]\n"), "train.txt:2", "UTF-8"),
    ("det: blank line", lambda r: det(r, "\n"), "train.txt:2", "blank"),
    ("det: absolute", lambda r: det(r, f"{r}/b.jpg\t{json.dumps([ITEM])}\n"), "train.txt:2", "absolute"),
    ("det: climbs out", lambda r: det(r, f"../../b.jpg\t{json.dumps([ITEM])}\n"), "train.txt:2", "outside"),
    ("rec: empty", lambda r: rec(r, b"b.jpg\t\n"), "train.txt:2", "empty"),
    ("rec: not in the dictionary", lambda r: rec(r, b"b.jpg\tabc\n"), "train.txt:2", "dictionary"),
    ("rec: spaces at an end", lambda r: rec(r, b"b.jpg\tab \n"), "train.txt:2", "white space"),
    ("rec: tab inside", lambda r: rec(r, b"b.jpg\ta\tb\n"), "train.txt:2", "fields"),
    ("rec: byte-order mark", lambda r: rec(r, b"b.jpg\tab\n", b"\xef\xbb\xbfa\nb\n"), "dict.txt:1", "byte-order"),
    ("rec: CR LF", lambda r: rec(r, b"b.jpg\tab\r\n"), "train.txt", "CR LF"),
    ("rec: NFD", lambda r: rec(r, "b.jpg\te\u0301\n".encode(), "é\na\nb\n".encode()), "train.txt:2", "NFC"),
    ("rec: blank class", lambda r: rec(r, b"b.jpg\tab\n", b"a\n\nb\n"), "dict.txt:2", "blank"),
    ("craft: too few boxes", lambda r: craft(r, half_quads(LEFT)), "picture 0", "boxes"),
    ("craft: box for the space", lambda r: craft(r, half_quads(LEFT, LEFT, RIGHT)), "picture 0", "boxes"),
    ("craft: flat box", lambda r: craft(r, half_quads(LEFT, [RIGHT[0]] * 4)), "picture 0", "score map"),
    (
        "craft: bow tie",
        lambda r: craft(r, half_quads(LEFT, BOW_TIE)),
        "picture 0",
        "score map",
    ),
    ("craft: anticlockwise", lambda r: craft(r, half_quads(LEFT, RIGHT[::-1])), "picture 0", "score map"),
    ("custom: fractions", lambda r: icdar(r, "1.5,20,80,20,80,40,20,40,ab\n"), "gt_a.txt:1", "cannot be read"),
    ("custom: blank last line", lambda r: icdar(r, "20,20,80,20,80,40,20,40,ab\n\n"), "gt_a.txt:2", "cannot be read"),
    (
        "doctr: no polygons",
        lambda r: doctr(r, {"img_dimensions": WH[::-1], "polygons": []}),
        "labels.json a.jpg",
        "no polygons",
    ),
    ("doctr: five points", lambda r: doctr(r, {"polygons": [[*QUAD, [20, 30]]]}), "labels.json a.jpg", "four"),
    ("doctr: a space", lambda r: doctr(r, "a b"), "labels.json a.jpg", "space"),
    ("yolo: outside", lambda r: yolo(r, "0 0.1 0.1 1.2 0.1 1.2 0.3 0.1 0.3\n"), "a.txt:1", "outside"),
    ("yolo: class", lambda r: yolo(r, "7 0.1 0.1 0.2 0.1 0.2 0.3 0.1 0.3\n"), "a.txt:1", "class 7"),
    (
        "yolo: columns",
        lambda r: yolo(r, "0 0.1 0.1 0.4 0.1 0.4 0.3 0.1 0.3\n0 0.5 0.5 0.2 0.2\n"),
        "a.txt:2",
        "columns",
    ),
    ("yolo: twice", lambda r: yolo(r, BOX * 2), "a.txt", "second time"),
    ("yolo: zero width", lambda r: yolo(r, "0 0.1 0.1 0.1 0.1 0.1 0.3 0.1 0.3\n"), "a.txt", "clockwise"),
    ("labelme: size", lambda r: labelme(r, 999), "a.json", "999x120"),
    ("imagefolder: no image", imagefolder, "b.jpg", "missing"),
    (
        "webdataset: other files",
        lambda r: tar(r, ("0.jpg", jpeg()), ("0.txt", b"x"), ("1.jpg", jpeg())),
        " 1",
        "first sample",
    ),
]


@pytest.mark.parametrize(("name", "make", "where", "what"), PITFALLS, ids=[row[0] for row in PITFALLS])
def test_verify__finds_every_pitfall_and_readers_go_on(
    name: str, make: Make, where: str, what: str, tmp_path: Path
) -> None:
    root = tmp_path / "set"
    root.mkdir()
    codec = make(root)

    found = [str(fault) for fault in verify(root, name=codec)]

    assert [fault for fault in found if where in fault and what in fault], found
    if codec == "paddleocr" and "train.txt:2" in where:
        read = list(CODECS[codec].read(root, lambda _: None))
        assert read[0].path == "a.jpg"


def test_verify__exif_is_found(tmp_path: Path) -> None:
    det(tmp_path, item())
    (tmp_path / "b.jpg").write_bytes(jpeg(exif=6))

    assert any("EXIF" in str(fault) for fault in verify(tmp_path, name="paddleocr"))


@pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.name)
def test_verify__nothing_is_wrong_with_what_is_written(codec, tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    quads = half_quads(LEFT, RIGHT)
    texts = ("ab", "中文", "true", "3;")
    boxes = [TextBox(np.array(QUAD, np.float32), text, char_quads=quads) for text in texts]
    anticlockwise = TextBox(np.array(QUAD[::-1], np.float32), "rl")
    outside = TextBox(np.array([[-30, 20], [60, 20], [60, 50], [-30, 50]], np.float32), "cut", ignore=True)
    pages = [Picture(f"{n}.jpg", "train", jpeg(), "", None, (box,), WH) for n, box in enumerate(boxes)]
    pages += [Picture("odd name, 5.jpg", "val", jpeg(), "", None, (anticlockwise, outside), WH)]
    sink = CODECS["imagefolder"].sink(Target(source, "source", Images()))
    for page in pages:
        sink.add(page)
    sink.close()
    report = convert(source, CODECS["imagefolder"], [codec], out, Choices())
    assert sum(report.written.values()) >= 4

    assert [str(fault) for fault in verify(out)] == []

    told = inspect_dataset(out)
    assert told.samples >= 3  # gt.mat names pages whose characters have boxes
    assert told.faults_total == 0


def test_inspect__other_kinds_of_images(tmp_path: Path) -> None:
    image = np.full((WH[1], WH[0], 3), 200, np.uint8)
    write_new(str(tmp_path / "a.bmp"), cv2.imencode(".bmp", image)[1].tobytes())
    (tmp_path / "train.txt").write_text(f"a.bmp\t{json.dumps([ITEM])}\n")

    told = inspect_dataset(tmp_path, name="paddleocr")

    assert (told.samples, told.undecoded, told.labels) == (1, 0, 1)
    assert verify(tmp_path, name="paddleocr") == []
