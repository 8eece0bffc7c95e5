"""Detection labels, a file or line a picture: what is written is read again, and what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from boxes import AWKWARD, box, no_fault, quads, same, texts
from hypothesis import given
from hypothesis import strategies as st

from synthtext.labels.icdar import icdar_lines, parse_icdar, read_icdar
from synthtext.labels.levels import TextBox
from synthtext.labels.plain import plain_lines, read_plain
from synthtext.labels.ppocr_det import det_line, read_det
from synthtext.labels.yolo import data_yaml, obb_lines, read_obb

SIZE_WH = (1000, 1000)


def _det(line: str, folder: Path) -> tuple[TextBox, ...]:
    path = folder / "train.txt"
    path.write_bytes(line.encode())
    (read,) = read_det(path, no_fault)
    return read.boxes


@pytest.mark.parametrize("text", AWKWARD)
def test_det__awkward_texts_come_back(text: str, tmp_path: Path) -> None:
    wanted = [box(text), box(text, ignore=True), box(text, category="filled")]

    line = det_line("images/0/1.jpg", wanted)

    assert line.count("\n") == 1
    assert line.count("\t") == 1  # PaddleOCR splits there
    found = _det(line, tmp_path)
    assert all(same(one, other, 0.006) for one, other in zip(found, wanted, strict=True))


@given(outline=quads(), text=texts, ignore=st.booleans())
def test_det__any_box_comes_back(
    outline: np.ndarray, text: str, ignore: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wanted = TextBox(outline, text, "filled", ignore)

    (found,) = _det(det_line("a.jpg", [wanted]), tmp_path_factory.getbasetemp())

    assert same(found, wanted, 0.006)


def test_det__as_paddleocr_parses_it() -> None:
    polygon = TextBox(np.arange(12, dtype=np.float32).reshape(6, 2), "弯曲")

    path, items = det_line("images/00000/1.jpg", [box("a\tb"), polygon, box("x", ignore=True)]).strip("\n").split("\t")

    data = json.loads(items)
    assert path == "images/00000/1.jpg"
    assert [item["transcription"] for item in data] == ["a\tb", "弯曲", "###"]
    assert data[0]["points"] == [[1.25, 2.0], [30.5, 3.0], [31.0, 17.0], [0.0, 16.75]]
    assert len(data[1]["points"]) == 6


@pytest.mark.parametrize(("path", "given_boxes"), [("a.jpg", []), ("a\tb", [box("x")]), ("a.jpg", [box("")])])
def test_det_line__refuses_what_would_be_misread(path: str, given_boxes: list[TextBox]) -> None:
    with pytest.raises(ValueError):
        det_line(path, given_boxes)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", ""),
        (b"\n", "blank line"),
        (b"a.jpg []\n", "no tab"),
        (b"a.jpg\t[{]\n", "cannot be read"),
        (b'a.jpg\t[{"points": [[0,0],[1,0],[1,1]]}]\n', "transcription"),
        (b'a.jpg\t[{"transcription": "x", "points": [0, 0, 1, 1]}]\n', "pairs"),
        (b'a.jpg\t[{"transcription": 5, "points": [[0,0],[1,0],[1,1]]}]\n', "not a text"),
        (b"a.jpg\t{}\xff\n", "not UTF-8"),
        (b"\xef\xbb\xbfa.jpg\t[]\n", "byte-order mark"),
    ],
)
def test_read_det__says_what_is_wrong(raw: bytes, what: str, tmp_path: Path) -> None:
    path, faults = tmp_path / "val.txt", []
    path.write_bytes(raw)

    list(read_det(path, faults.append))

    assert [str(fault) for fault in faults if what in fault.what] == [str(fault) for fault in faults]
    assert bool(faults) == bool(what)
    assert all(fault.where == f"{path}:1" for fault in faults)


@pytest.mark.parametrize("text", AWKWARD)
def test_icdar__awkward_texts_come_back(text: str, tmp_path: Path) -> None:
    path = tmp_path / "gt_img_1.txt"
    path.write_bytes(icdar_lines([box(text), box(text, ignore=True)]).encode())

    found = read_icdar(path, no_fault)

    assert [one.label for one in found] == [text, "###"]
    assert np.array_equal(found[0].outline, [[1, 2], [30, 3], [31, 17], [0, 17]])


@given(st.lists(st.tuples(quads(), texts)))
def test_icdar__any_boxes_come_back(pairs: list[tuple[np.ndarray, str]]) -> None:
    wanted = [TextBox(outline, text) for outline, text in pairs]

    found = parse_icdar(icdar_lines(wanted).encode(), "here", no_fault)

    assert all(same(one, other, 0.501) for one, other in zip(found, wanted, strict=True))


def test_icdar__whole_numbers_only_as_the_trainer_casts_them() -> None:
    line = icdar_lines([box("a,b")])

    assert line == "1,2,30,3,31,17,0,17,a,b\n"


def test_read_icdar__official_files_with_a_mark() -> None:
    data = b"\xef\xbb\xbf377,117,463,117,465,130,378,130,Genaxis Theatre\r\n374,155,409,155,409,170,374,170,###\r\n"

    found = parse_icdar(data, "gt_img_1.txt", no_fault)

    assert [(one.text, one.ignore) for one in found] == [("Genaxis Theatre", False), ("###", True)]


@pytest.mark.parametrize("line", ["1,2,3\n", "1,2,3,4,5,6,7,8.5,x\n", "\n"])
def test_read_icdar__says_what_is_wrong(line: str) -> None:
    faults: list[object] = []

    assert parse_icdar(line.encode(), "gt.txt", faults.append) == []
    assert str(faults[0]).startswith("gt.txt:1: cannot be read")


def test_icdar_lines__refuses_polygons_and_line_breaks() -> None:
    with pytest.raises(ValueError, match="quad"):
        icdar_lines([TextBox(np.zeros((6, 2), np.float32), "x")])
    with pytest.raises(ValueError, match="line break"):
        icdar_lines([box("a\nb")])


def test_plain__by_hand(tmp_path: Path) -> None:
    wanted = [box("a"), box("b", ignore=True), box("c", category="filled")]

    text = plain_lines("images/00000/a b,c.jpg", wanted)

    assert text == "images/00000/a b,c.jpg\n1.25,2,30.5,3,31,17,0,16.75,0\n1.25,2,30.5,3,31,17,0,16.75,1\n"
    (tmp_path / "x.txt").write_bytes(text.encode())
    read = read_plain(tmp_path / "x.txt", no_fault)
    assert read is not None
    assert read.path == "images/00000/a b,c.jpg"
    assert [one.category for one in read.boxes] == ["printed", "filled"]
    assert np.array_equal(read.boxes[0].outline, wanted[0].outline)


@given(pairs=st.lists(st.tuples(quads(), st.sampled_from(["printed", "filled"]))))
def test_plain__any_boxes_come_back(
    pairs: list[tuple[np.ndarray, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.txt"
    path.write_bytes(
        plain_lines("a.jpg", [TextBox(outline, category=category) for outline, category in pairs]).encode()
    )

    read = read_plain(path, no_fault)

    assert read is not None
    for found, (outline, category) in zip(read.boxes, pairs, strict=True):
        assert same(found, TextBox(outline, category=category), 0.006)


@pytest.mark.parametrize(
    ("text", "where"),
    [("\n1,2,3,4,5,6,7,8,0\n", 1), ("a\n1,2\n", 2), ("a\n1,2,3,4,5,6,7,8,2\n", 2), ("a\nx,2,3,4,5,6,7,8,0\n", 2)],
)
def test_read_plain__says_what_is_wrong(text: str, where: int, tmp_path: Path) -> None:
    path, faults = tmp_path / "a.txt", []
    path.write_text(text)

    read_plain(path, faults.append)

    assert [fault.where for fault in faults] == [f"{path}:{where}"]


@given(pairs=st.lists(st.tuples(quads(), st.sampled_from(["printed", "filled"]))))
def test_yolo__any_boxes_come_back(
    pairs: list[tuple[np.ndarray, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "obb.txt"
    path.write_text(obb_lines([TextBox(outline, category=category) for outline, category in pairs], SIZE_WH))

    found = read_obb(path, SIZE_WH, no_fault)

    for one, (outline, category) in zip(found, pairs, strict=True):
        assert same(one, TextBox(outline, category=category), 0.002)


def test_yolo__by_hand() -> None:
    text = obb_lines([box("a", category="filled"), box("b", ignore=True)], (100, 50))

    assert text == "1 0.012500 0.040000 0.305000 0.060000 0.310000 0.340000 0.000000 0.335000\n"


@pytest.mark.parametrize("line", ["0 0.5 0.5", "2 0 0 1 0 1 1 0 1", "0 0 0 1.2 0 1 1 0 1", "x 0 0 1 0 1 1 0 1"])
def test_read_obb__says_what_is_wrong(line: str, tmp_path: Path) -> None:
    path, faults = tmp_path / "a.txt", []
    path.write_text(line)

    assert read_obb(path, SIZE_WH, faults.append) == []
    assert [fault.where for fault in faults] == [f"{path}:1"]


def test_lines__unknown_categories_are_refused() -> None:
    for write in (lambda boxes: plain_lines("a.jpg", boxes), lambda boxes: obb_lines(boxes, SIZE_WH)):
        with pytest.raises(ValueError, match="stamp"):
            write([box("a", category="stamp")])


@pytest.mark.parametrize(
    ("parts", "paths"),
    [
        (["train", "val", "test"], ["train: images/train", "val: images/val", "test: images/test"]),
        (["train"], ["train: images/train", "val: images/train"]),
    ],
)
def test_data_yaml__names_folders_that_exist(parts: list[str], paths: list[str]) -> None:
    lines = data_yaml(parts).splitlines()

    assert lines[1 : 1 + len(paths)] == paths
    assert lines[-3:] == ["names:", "  0: printed", "  1: filled"]
