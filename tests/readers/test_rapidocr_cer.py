"""The arithmetic of `rapidocr_cer`, with readers that are made up: no model is loaded."""

from pathlib import Path

import pytest
import rapidocr_cer


def crop(text: str, index: int = 0) -> rapidocr_cer.Crop:
    return rapidocr_cer.Crop(index, Path(f"{index:09d}.jpg"), text)


@pytest.mark.parametrize(
    ("text", "read", "fold", "edits", "length"),
    [
        ("abc", "", "fold_nfkc", 3, 3),
        ("abc", "abc", "fold_nfkc", 0, 3),
        ("ＡＢＣ１", "ABC1", "fold_nfkc", 0, 4),
        ("a b", "ab", "fold_nfkc", 1, 3),
        ("a b", "ab", "fold_no_space", 0, 2),
        ("张\u3000三", "张三", "fold_no_space", 0, 2),
        ("ab", "abcdef", "fold_nfkc", 4, 2),
    ],
)
def test_compare__counts_edits_after_folding(text: str, read: str, fold: str, edits: int, length: int) -> None:
    reading = rapidocr_cer.compare(crop(text), read, getattr(rapidocr_cer, fold))

    assert (reading.edits, reading.length) == (edits, length)


@pytest.mark.parametrize(
    ("rate", "name"),
    [
        (0.0, "0"),
        (0.01, "<=0.2"),
        (0.2, "<=0.2"),
        (0.21, "<=0.5"),
        (0.5, "<=0.5"),
        (0.99, "<1"),
        (1.0, ">=1"),
        (3.0, ">=1"),
    ],
)
def test_bucket__edges(rate: float, name: str) -> None:
    assert rapidocr_cer.bucket(rate) == name


def test_measure__weighs_characters_not_crops() -> None:
    crops = [crop("abcdefgh", 1), crop("x", 2), crop("yz", 3)]
    readings = {1: "abcdefgh", 2: "", 3: "y"}

    report = rapidocr_cer.measure(crops, lambda path: readings[int(path.stem)])

    assert report["nfkc"]["cer"] == pytest.approx(2 / 11)
    assert report["nfkc"]["histogram"] == {"0": 1, "<=0.2": 0, "<=0.5": 1, "<1": 0, ">=1": 1}
    assert [entry["index"] for entry in report["worst"]] == [2, 3]
    assert (report["crops"], report["nothing_read"]) == (3, 1)


def test_crops_of__come_by_index_over_all_splits(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("images/0/002.jpg\t二\nimages/0/000.jpg\ta\u2028b\n", "utf-8")
    (tmp_path / "val.txt").write_text("images/0/001.jpg\tone\n", "utf-8")

    found = rapidocr_cer.crops_of(tmp_path)

    assert [(one.index, one.text) for one in found] == [(0, "a\u2028b"), (1, "one"), (2, "二")]
    assert found[1].path == tmp_path / "images/0/001.jpg"
