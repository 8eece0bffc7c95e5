from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthtext.labels.faults import Fault
from synthtext.labels.ppocr import LabelLine, label_line, read_dict, read_labels, write_dict

_WRITABLE = st.text(st.characters(exclude_characters="\t\n\r", exclude_categories=["Cs"]), min_size=1)


def _read(path: Path, data: bytes) -> tuple[list[LabelLine], list[Fault]]:
    path.write_bytes(data)
    faults: list[Fault] = []
    return list(read_labels(path, faults.append)), faults


@pytest.mark.parametrize(
    "text", ["abc", "a b", "###", '"quoted", comma', "true null", "[1, 2]", "中文", "e\u0301", "🙂"]
)
def test_label_line__round_trip(tmp_path: Path, text: str) -> None:
    lines, faults = _read(tmp_path / "train.txt", label_line("images/1.jpg", text).encode())

    assert lines == [LabelLine(1, "images/1.jpg", text)]
    assert faults == []


@given(st.lists(st.tuples(_WRITABLE, _WRITABLE), max_size=5))
def test_label_line__anything_writable_comes_back(pairs: list[tuple[str, str]]) -> None:
    text = "".join(label_line(path, label) for path, label in pairs)

    assert [tuple(line.split("\t")) for line in text.split("\n")[:-1]] == pairs


@pytest.mark.parametrize("text", ["", "a\tb", "a\nb", "a\r"])
def test_label_line__refuses_what_a_reader_would_misread(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.jpg"):
        label_line("a.jpg", text)


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        (b"a.jpg\tone\n\xef\xbb\xbf", ":2", "no tab"),
        (b"\xef\xbb\xbfa.jpg\tone\n", ":1", "byte-order mark"),
        (b"a.jpg\tone\n\nb.jpg\ttwo\n", ":2", "blank line"),
        (b"a.jpg one\n", ":1", "no tab"),
        (b"a.jpg\tone\ttwo\n", ":1", "3 fields"),
        (b"a.jpg\tone\n\xff\xfe\n", ":2", "not UTF-8"),
        (b"a.jpg\tone\r\nb.jpg\ttwo\r\n", "train.txt", "2 lines end in CR LF"),
    ],
)
def test_read_labels__names_file_and_line(tmp_path: Path, data: bytes, where: str, what: str) -> None:
    _, faults = _read(tmp_path / "train.txt", data)

    assert len(faults) == 1
    assert "train.txt" in faults[0].where
    assert faults[0].where.endswith(where)
    assert what in faults[0].what


def test_read_labels__goes_on_after_a_fault(tmp_path: Path) -> None:
    lines, faults = _read(tmp_path / "train.txt", b"a.jpg\tone\nbroken\nc.jpg\tthree\n")

    assert [line.number for line in lines] == [1, 3]
    assert len(faults) == 1


def test_read_labels__last_line_without_line_break(tmp_path: Path) -> None:
    lines, faults = _read(tmp_path / "train.txt", b"a.jpg\tone")

    assert lines == [LabelLine(1, "a.jpg", "one")]
    assert faults == []


def test_write_dict__keeps_the_order_and_leaves_the_space_out(tmp_path: Path) -> None:
    path = tmp_path / "dict.txt"
    path.write_bytes(write_dict("b a中"))
    faults: list[Fault] = []

    assert read_dict(path, faults.append) == ["b", "a", "中"]
    assert faults == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xef\xbb\xbfa\n", "byte-order mark"),
        (b"a\r\nb\r\n", "CR LF"),
        (b"a\n\nb\n", "blank line"),
        (b"a\nb\na\n", "second time"),
        ("e\u0301\n".encode(), "not NFC"),
        (b"a\n\xff\n", "not UTF-8"),
    ],
)
def test_read_dict__names_what_a_reader_would_misread(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "dict.txt"
    path.write_bytes(data)
    faults: list[Fault] = []

    read_dict(path, faults.append)

    assert [what in fault.what for fault in faults] == [True]
