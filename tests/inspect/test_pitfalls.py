"""What trainers stumble over, a row each: `verify` finds it, reading reports it and goes on, nothing of ours has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pitfall_sets import (
    BOW_TIE,
    ITEM,
    LEFT,
    OBB,
    QUAD,
    RIGHT,
    WH,
    YOLO,
    Make,
    bent_only,
    coco_named,
    craft,
    det,
    doctr,
    folder,
    icdar,
    imagefolder,
    imagefolder_above,
    item,
    jpeg,
    labelme,
    put,
    rec,
    saved_maps,
    tar,
    words_2013,
    yolo,
)

from synthtext.convert.choices import Choices
from synthtext.convert.run import convert
from synthtext.errors import DatasetError
from synthtext.inspect.verify import verify
from synthtext.labels.codec.table import CODECS

NAN = float("nan")
FLAT = [value for point in QUAD for value in point]
LINE = json.dumps([ITEM])
ROLLED = [*RIGHT[1:], RIGHT[0]]
FAR = [[-90, 20], [-60, 20], [-60, 40], [-90, 40]]
FIVE = [*QUAD, [20, 30]]
LIMIT = "Global: {max_text_length: 25}\n"
MULTI = (
    "Train: {dataset: {name: MultiScaleDataSet, data_dir: ., label_file_list: [train.txt], ratio_list: [0.5]%s}%s}\n"
)
DROP = ", loader: {drop_last: true, batch_size_per_card: 128}"

# What is wrong, how it is made, where `verify` finds it and in which words, what a conversion tells of it.
ROWS: list[tuple[str, Make, str, str, str]] = [
    # PaddleOCR's detector
    ("det: no text", det("b.jpg\t[]\n"), "train.txt:2", "empty", "no text at all"),
    ("det: polygons only", bent_only, "", "CopyPaste", "wrote 1"),
    ("det: two points", item(points=QUAD[:2]), "train.txt:2", "three or more", "three or more"),
    ("det: bow tie", item(points=[QUAD[0], QUAD[1], QUAD[3], QUAD[2]]), "train.txt:2", "clockwise", "uncrossed"),
    ("det: not a number", item(points=[[NAN, 1], *QUAD[1:]]), "train.txt:2", "finite", "finite"),
    ("det: flat", item(points=[QUAD[0], QUAD[1], QUAD[1], QUAD[0]]), "train.txt:2", "clockwise", "without extent"),
    (
        "det: smaller than a pixel",
        item(points=[[20, 20], [20.3, 20], [20.3, 20.3], [20, 20.3]]),
        "train.txt:2",
        "shorter than a pixel",
        "without extent",
    ),
    ("det: partly outside", item(points=[[-9, 20], *QUAD[1:3], [-9, 40]]), "train.txt:2", "reaches out", "cut off"),
    ("det: mostly outside", item(points=[[-90, 20], *QUAD[1:3], [-90, 40]]), "train.txt:2", "reaches out", "less than"),
    ("det: wholly outside", item(points=FAR), "train.txt:2", "reaches out", "outside of the picture"),
    ("det: anticlockwise", item(points=QUAD[::-1]), "train.txt:2", "not clockwise", "turned round"),
    ("det: flat list", item(points=FLAT), "train.txt:2", "pairs", "pairs"),
    ("det: no text key", det(f'b.jpg\t[{{"points": {QUAD}}}]\n'), "train.txt:2", "transcription", "transcription"),
    ("det: space for tab", det(f"b.jpg {LINE}\n"), "train.txt:2", "no tab", "no tab"),
    ("det: no image", det(f"c.jpg\t{LINE}\n"), "train.txt:2", "missing", "missing"),
    ("det: byte-order mark", det(f"b.jpg\t{LINE}\n", first=f"\ufeffa.jpg\t{LINE}\n"), "train.txt:1", "byte-", "byte-"),
    ("det: latin-1", det(b"b\xe9.jpg\t[]\n"), "train.txt:2", "UTF-8", "UTF-8"),
    ("det: blank line", det("\n"), "train.txt:2", "blank", "blank"),
    ("det: absolute", det(f"$ROOT/b.jpg\t{LINE}\n"), "train.txt:2", "absolute", "absolute"),
    ("det: climbs out", det(f"../../b.jpg\t{LINE}\n"), "train.txt:2", "outside", "outside"),
    ("det: alternatives", det(f'["b.jpg", "a.jpg"]\t{LINE}\n'), "train.txt:2", "alternative", "alternative"),
    ("det: on the net", det(f"http://host/b.jpg\t{LINE}\n"), "train.txt:2", "on the net", "on the net"),
    # PaddleOCR's recogniser
    ("rec: empty", rec(b"b.jpg\t\n"), "train.txt:2", "empty", "the text is empty"),
    ("rec: not in the dictionary", rec(b"b.jpg\tabc\n"), "train.txt:2", "dictionary", "not in the dictionary"),
    ("rec: none in the dictionary", rec(b"b.jpg\txyz\n"), "train.txt:2", "dictionary", "not in the dictionary"),
    ("rec: 24 characters", rec(b"b.jpg\t%s\n" % (b"ab" * 12), yml=LIMIT), "train.txt:2", "limit is 23", "longer than"),
    ("rec: spaces at an end", rec(b"b.jpg\tab \n"), "train.txt:2", "white space", "put in order"),
    ("rec: tab inside", rec(b"b.jpg\ta\tb\n"), "train.txt:2", "fields", "fields"),
    ("rec: no tab", rec(b"b.jpg ab\n"), "train.txt:2", "no tab", "no tab"),
    ("rec: byte-order mark", rec(b"b.jpg\tab\n", first=b"\xef\xbb\xbfa.jpg\tab\n"), "train.txt:1", "byte-", "byte-"),
    ("rec: latin-1", rec(b"b.jpg\tcaf\xe9\n"), "train.txt:2", "UTF-8", "UTF-8"),
    ("rec: CR LF", rec(b"b.jpg\tab\r\n"), "train.txt", "CR LF", "CR LF"),
    ("rec: decomposed", rec(b"b.jpg\te\xcc\x81\n", "é\na\nb\n".encode()), "train.txt:2", "NFC", "NFC"),
    ("dict: byte-order mark", rec(b"b.jpg\tab\n", b"\xef\xbb\xbfa\nb\n"), "dict.txt:1", "byte-order", "wrote 2"),
    ("dict: blank class", rec(b"b.jpg\tab\n", b"a\n\nb\n"), "dict.txt:2", "blank", "wrote 2"),
    ("dict: CR LF", rec(b"b.jpg\tab\n", b"a\r\nb\r\n"), "dict.txt", "CR LF", "wrote 2"),
    ("yml: some of the lines", rec(b"b.jpg\tab\n", yml=MULTI % ("", "")), "rec.yml", "first lines", "wrote 2"),
    ("yml: no whole batch", rec(b"b.jpg\tab\n", yml=MULTI % ("", DROP)), "rec.yml", "drop_last", "wrote 2"),
    ("yml: no sizes", rec(b"b.jpg\tab\n", yml=MULTI % (", ds_width: true", "")), "rec.yml", "ds_width", "wrote 2"),
    # Names
    ("name: tab", coco_named("b\tc.jpg"), "image 1", "'\\t' in the name", "wrote 2"),
    ("name: line break", coco_named("b\nc.jpg"), "image 1", "'\\n' in the name", "wrote 2"),
    ("name: comma", words_2013('b,c.jpg, "ab"', "b,c.jpg"), "gt.txt:2", "comma in the name", "wrote 2"),
    ("name: not img_<number>", saved_maps, "gt_b.txt", "img_<number>", "wrote 2"),
    # CRAFT
    ("craft: too few boxes", craft(LEFT), "picture 1", "boxes", "boxes"),
    ("craft: box for the space", craft(LEFT, LEFT, RIGHT), "picture 1", "boxes", "boxes"),
    ("craft: words that are split", craft(LEFT, RIGHT, texts=("a b",)), "picture 1", "boxes", "boxes"),
    ("craft: flat box", craft(LEFT, [RIGHT[0]] * 4), "picture 1", "score map", "into gt.mat"),
    ("craft: bow tie", craft(LEFT, BOW_TIE), "picture 1", "score map", "characters left out"),
    ("craft: not a number", craft(LEFT, [[NAN, 1], *RIGHT[1:]]), "picture 1", "score map", "into gt.mat"),
    ("craft: anticlockwise", craft(LEFT, RIGHT[::-1]), "picture 1", "score map", "into gt.mat"),
    ("craft: corners turned on", craft(LEFT, ROLLED), "picture 1", "first corner", "into gt.mat"),
    ("craft: all turned on", craft([*LEFT[1:], LEFT[0]], ROLLED), "picture 1", "first corner", "wrote 2"),
    ("craft: outside", craft(FAR, RIGHT), "picture 1", "outside", "into gt.mat"),
    ("custom: fractions", icdar("1.5,20,80,20,80,40,20,40,ab\n"), "gt_b.txt:1", "cannot be read", "cannot be read"),
    ("custom: blank line", icdar("20,20,80,20,80,40,20,40,ab\n\n"), "gt_b.txt:2", "cannot be read", "cannot be read"),
    ("custom: no label file", icdar(None), "b.jpg", "label file is missing", "label file is missing"),
    # docTR
    ("doctr: no polygons", doctr({"polygons": []}), "labels.json b.jpg", "no polygons", "no text that counts"),
    ("doctr: empty classes", doctr({"polygons": {"x": []}}), "labels.json b.jpg", "no polygons", "no text that counts"),
    ("doctr: five points", doctr({"polygons": [FIVE]}), "labels.json b.jpg", "four", "four"),
    ("doctr: of several lengths", doctr({"polygons": [QUAD, FIVE]}), "labels.json b.jpg", "four", "four"),
    ("doctr: ragged", doctr({"polygons": [[[1, 2], [3]]]}), "labels.json b.jpg", "pairs", "pairs"),
    ("doctr: outside", doctr({"polygons": [FAR, QUAD]}), "labels.json b.jpg", "reaches out", "outside of the picture"),
    ("doctr: a space", doctr("a b"), "labels.json b.jpg", "space", "space"),
    ("doctr: empty", doctr("", "ab"), "labels.json b.jpg", "empty", "empty"),
    # Ultralytics
    ("yolo-obb: outside", yolo("0 0.1 0.1 1.2 0.1 1.2 0.3 0.1 0.3\n"), "b.txt:1", "outside", "outside"),
    ("yolo-obb: class", yolo(OBB.replace("0 ", "7 ", 1)), "b.txt:1", "class 7", "class 7"),
    ("yolo-obb: columns", yolo(OBB + YOLO), "b.txt:2", "columns", "columns"),
    ("yolo-obb: twice", yolo(OBB * 2), "b.txt", "second time", "second time"),
    ("yolo-obb: no width", yolo("0 0.1 0.1 0.1 0.1 0.1 0.3 0.1 0.3\n"), "b.txt", "clockwise", "without extent"),
    ("yolo: outside", yolo("0 0.9 0.3 0.4 0.1\n", "yolo"), "b.txt:1", "outside", "outside"),
    ("yolo: class", yolo(YOLO.replace("0 ", "7 ", 1), "yolo"), "b.txt:1", "class 7", "class 7"),
    ("yolo: columns", yolo(YOLO + OBB, "yolo"), "b.txt:2", "columns", "columns"),
    ("yolo: twice", yolo(YOLO * 2, "yolo"), "b.txt", "second time", "second time"),
    ("yolo: no width", yolo("0 0.3 0.3 0.0 0.1\n", "yolo"), "b.txt", "clockwise", "without extent"),
    ("yolo: tiny image", yolo("", "yolo", (9, 9)), "b.txt", "10 pixels", "10 pixels"),
    # Others
    ("labelme: size", labelme, "b.json", "999x120", "another size"),
    ("imagefolder: no image", imagefolder, "metadata.jsonl:2", "missing", "missing"),
    ("imagefolder: metadata above", imagefolder_above, "val", "metadata.jsonl", "metadata.jsonl"),
    ("webdataset: other files", tar(("1.jpg", jpeg())), " 1", "first sample", "first sample"),
    (
        "webdataset: apart",
        tar(("1.jpg", jpeg()), ("2.jpg", jpeg()), ("1.txt", b"ab"), ("2.txt", b"ab")),
        " 1",
        "first sample",
        "first sample",
    ),
    ("webdataset: dot in the key", tar(("b.1.jpg", jpeg()), ("b.1.txt", b"ab")), " b", "no image", "no image"),
]


@pytest.mark.parametrize(("name", "make", "where", "what", "told"), ROWS, ids=[row[0] for row in ROWS])
def test_pitfall__found_reported_and_never_written(
    name: str, make: Make, where: str, what: str, told: str, tmp_path: Path
) -> None:
    source, out = tmp_path / "set", tmp_path / "out"
    source.mkdir()
    codec = CODECS[make(source)]

    found = [str(fault) for fault in verify(source, name=codec.name)]
    assert [fault for fault in found if where in fault and what in fault], found

    limits = Choices(charset=("a", "b", "x", "é") if name.startswith(("rec", "dict")) else None, max_length=23)
    report = convert(source, codec, [codec], out, limits)
    assert told in "\n".join(report.lines())
    read = {picture.path for picture in codec.read(out, lambda _: None)}
    assert read & {"a.jpg", "img_1.jpg", "000000001.jpg", "0.jpg"}, read

    assert [str(fault) for fault in verify(out)] == []


@pytest.mark.parametrize(
    ("line", "what"),
    [("b.jpg\t[]\n", "empty"), (f"b.jpg {LINE}\n", "no tab"), (f"missing.jpg\t{LINE}\n", "missing")],
    ids=["no text", "no tab", "no image"],
)
def test_pitfall__every_line_is_bad(line: str, what: str, tmp_path: Path) -> None:
    """PaddleOCR hangs on such a list."""
    source = tmp_path / "set"
    source.mkdir()
    det(line, first=line)(source)

    found = [str(fault) for fault in verify(source, name="paddleocr")]

    for number in (1, 2):
        assert [fault for fault in found if f"train.txt:{number}" in fault and what in fault], found
    with pytest.raises(DatasetError, match="nothing was left to write"):
        convert(source, CODECS["paddleocr"], [CODECS["paddleocr"]], tmp_path / "out", Choices())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "make",
    [
        det(f"b.jpg\t{json.dumps([ITEM, ITEM | {'points': [*QUAD[:2], [82, 30], [80, 40], [50, 44], [20, 40]]}])}\n"),
        det(f"b.jpg\t{LINE}\r\n", first=f"a.jpg\t{LINE}\r\n"),
        doctr({"img_dimensions": WH[::-1], "polygons": {"printed": [QUAD], "filled": []}}),
        doctr({"b.jpg": {}}.get("x", {"polygons": [QUAD]})),
    ],
    ids=["det: quads and polygons", "det: CR LF", "doctr: one class is empty", "doctr: no size"],
)
def test_verify__what_trainers_take(make: Make, tmp_path: Path) -> None:
    codec = make(tmp_path)

    assert [str(fault) for fault in verify(tmp_path, name=codec)] == []


def test_verify__exif_is_found(tmp_path: Path) -> None:
    source, out = tmp_path / "set", tmp_path / "out"
    source.mkdir()
    det(f"b.jpg\t{LINE}\n")(source)
    (source / "b.jpg").write_bytes(jpeg(exif=6))

    assert any("EXIF" in str(fault) and "b.jpg" in str(fault) for fault in verify(source, name="paddleocr"))

    report = convert(source, CODECS["paddleocr"], [CODECS["paddleocr"]], out, Choices())
    assert "EXIF" in "\n".join(report.lines())
    assert verify(out) == []


def test_trdg__a_space_in_a_name(tmp_path: Path) -> None:
    """In its list such a name is cut; where files are named after their texts it is none."""
    source, out = tmp_path / "set", tmp_path / "out"
    folder(source, "a.jpg", "b c.jpg")
    put(source / "labels.txt", "a.jpg ab\nb c.jpg ab\n")

    found = [str(fault) for fault in verify(source, name="trdg")]
    assert [fault for fault in found if "labels.txt:2" in fault and "b" in fault], found

    report = convert(source, CODECS["trdg"], [CODECS["trdg"]], out, Choices())
    assert report.faults_total == 1
    assert verify(out) == []


def test_convert__small_boxes_can_be_ignored(tmp_path: Path) -> None:
    """PaddleOCR ignores what is smaller than 8 pixels in its training crop, whose scale no label tells."""
    source = tmp_path / "set"
    source.mkdir()
    item(points=[[20, 20], [80, 20], [80, 27], [20, 27]])(source)

    report = convert(source, CODECS["paddleocr"], [CODECS["paddleocr"]], tmp_path / "out", Choices(least_px=8))

    assert report.ignored == 1
    assert report.mended["ignored: too small"] == 1
