"""Datasets of pages: no fault is found in a sound one, every planted one is; and what is counted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_pages import page_job
from scenes import page

from synthtext.engine.run import run
from synthtext.inspect.page_checks import check_boxes
from synthtext.inspect.report import inspect_dataset
from synthtext.inspect.verify import verify
from synthtext.labels.levels import TextBox
from synthtext.labels.maps import MapStyle
from synthtext.preview import contact_sheet
from synthtext.writers.base import PageOptions

COUNT = 20
TRAIN = "det/train.txt"
Plant = Callable[[Path], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sound")
    run(page_job(PageOptions(maps="npy", masks=True)), out, COUNT, method="inline")
    return out


@pytest.mark.parametrize(
    "pages",
    [
        PageOptions(maps="npy", masks=True),
        PageOptions(level="word", maps="u8", maps_mode="craft", maps_size="half"),
        PageOptions(polygons=True),
    ],
    ids=["lines", "words", "polygons"],
)
def test_verify__a_sound_dataset(pages: PageOptions, tmp_path: Path) -> None:
    run(page_job(pages), tmp_path, COUNT, method="inline")

    assert verify(tmp_path) == []


def test_verify__pages_without_lines(tmp_path: Path) -> None:
    run(page_job(PageOptions(maps="u8"), blank=True), tmp_path, COUNT, method="inline")

    faults = verify(tmp_path)

    assert [fault for fault in faults if "recipe" not in fault.what and ".yml" not in fault.where] == []


def test_verify__a_bare_detection_folder(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound / "det", tmp_path / "det")

    assert verify(tmp_path) == []
    assert verify(tmp_path / "det") == []


def _first(root: Path) -> int:
    """The index of the first page of the training part."""
    return int(Path((root / TRAIN).read_text("utf-8").split("\t", 1)[0]).stem)


def _edit_items(change: Callable[[list[dict[str, object]]], None]) -> Plant:
    def plant(root: Path) -> None:
        lines = (root / TRAIN).read_text("utf-8").splitlines()
        path, items = lines[0].split("\t", 1)
        data = json.loads(items)
        change(data)
        lines[0] = f"{path}\t{json.dumps(data, ensure_ascii=False)}"
        (root / TRAIN).write_text("\n".join(lines) + "\n", "utf-8")

    return plant


def _points(*points: tuple[float, float]) -> Plant:
    return _edit_items(lambda items: items[0].update(points=[list(point) for point in points]))


def _swap_labels(root: Path) -> None:
    lines = (root / TRAIN).read_text("utf-8").splitlines()
    (one, first), (two, second) = (line.split("\t", 1) for line in lines[:2])
    (root / TRAIN).write_text("\n".join([f"{one}\t{second}", f"{two}\t{first}", *lines[2:]]) + "\n", "utf-8")


def _map(root: Path, kind: str, suffix: str = "npy") -> Path:
    return root / f"craft/train/{kind}/img_{kind}_{_first(root)}.{suffix}"


def _cold(kind: str) -> Plant:
    def plant(root: Path) -> None:
        np.save(_map(root, kind), np.zeros_like(np.load(_map(root, kind))))

    return plant


def _shifted(root: Path) -> None:
    path = _map(root, "region")
    np.save(path, np.roll(np.load(path), 20, axis=0))


def _small(root: Path) -> None:
    path = _map(root, "affinity")
    np.save(path, np.load(path)[::2, ::2])


def _yolo(change: Callable[[list[str]], list[str]]) -> Plant:
    def plant(root: Path) -> None:
        path = next((root / "yolo-obb/labels/train").rglob(f"{_first(root):09d}.txt"))
        path.write_text("".join(f"{line}\n" for line in change(path.read_text().splitlines())))

    return plant


def _icdar_text(root: Path) -> None:
    path = root / f"icdar2015/ch4_training_localization_transcription_gt/gt_img_{_first(root)}.txt"
    path.write_text(path.read_text("utf-8").replace("Hello", "Hallo"), "utf-8")


def _gray(root: Path) -> None:
    _, data = cv2.imencode(".jpg", np.full((360, 640, 3), 90, np.uint8))
    next((root / "plain/images").rglob("*.jpg")).write_bytes(data.tobytes())


def _moved(items: list[dict[str, object]]) -> None:
    items[0]["points"] = [[x + 4, y + 6] for x, y in items[0]["points"]]  # type: ignore[attr-defined]


def _rolled(items: list[dict[str, object]]) -> None:
    items[0]["points"] = [*items[0]["points"][1:], items[0]["points"][0]]  # type: ignore[index]


def _edit_lines(path: str, change: Callable[[list[str]], list[str]], end: str = "\n") -> Plant:
    def plant(root: Path) -> None:
        lines = (root / path).read_text("utf-8").splitlines()
        (root / path).write_bytes("".join(f"{line}{end}" for line in change(lines)).encode())

    return plant


def _swap_texts(lines: list[str]) -> list[str]:
    (one, first), (two, second) = (line.split("\t") for line in lines[:2])
    return [f"{one}\t{second}", f"{two}\t{first}", *lines[2:]]


def _easyocr(root: Path) -> Path:
    folder = root / "craft/easyocr/ch4_training_localization_transcription_gt"
    return folder / f"gt_img_{_first(root)}.txt"


def _easyocr_text(old: str, new: str) -> Plant:
    return lambda root: (
        _easyocr(root).write_text(_easyocr(root).read_text("utf-8").replace(old, new, 1), "utf-8") and None
    )


def _mask(kind: str, change: Callable[[np.ndarray], np.ndarray] | None) -> Plant:
    def plant(root: Path) -> None:
        path = next((root / "masks" / kind).rglob("*.png"))
        if change is None:
            path.unlink()
        else:
            cv2.imwrite(str(path), change(cv2.imread(str(path), cv2.IMREAD_UNCHANGED)))

    return plant


# name, what is broken, where the fault must point, what it must say
FAULTS: list[tuple[str, Plant, str, str]] = [
    ("outside", _points((600, 10), (660, 10), (660, 40), (600, 40)), f"{TRAIN}:1", "reaches out of the picture"),
    ("counter-clockwise", _points((10, 10), (10, 40), (60, 40), (60, 10)), f"{TRAIN}:1", "not clockwise"),
    ("concave", _points((10, 10), (90, 10), (30, 30), (10, 90)), f"{TRAIN}:1", "not convex"),
    ("a sliver", _points((10, 10), (90, 10), (90, 10.2), (10, 10.2)), f"{TRAIN}:1", "shorter than a pixel"),
    ("flat list", _edit_items(lambda items: items[0].update(points=[1, 2, 3, 4])), f"{TRAIN}:1", "cannot be read"),
    ("other text", _edit_items(lambda items: items[0].update(transcription="中文")), f"{TRAIN}:1", "not the text made"),
    ("a box less", _edit_items(lambda items: items.pop() and None), f"{TRAIN}:1", "not the text made"),
    ("strange char", _edit_items(lambda items: items[0].update(transcription="Q")), f"{TRAIN}:1", "U+0051"),
    ("swapped labels", _swap_labels, f"{TRAIN}:1", "not the text made"),
    ("no map", lambda root: _map(root, "region").unlink(), "img_region_", "the map is missing"),
    ("no confidence", lambda root: _map(root, "confidence", "png").unlink(), "img_confidence_", "the map is missing"),
    ("cold region", _cold("region"), "img_region_", "no peak in their middle"),
    ("cold affinity", _cold("affinity"), "img_affinity_", "no peak in their middle"),
    ("shifted region", _shifted, "img_region_", "no peak in their middle"),
    ("small map", _small, "img_affinity_", "of shape (180, 320)"),
    ("not a map", lambda root: _map(root, "region").write_bytes(b"no map") and None, "img_region_", "cannot be read"),
    ("yolo box outside", _yolo(lambda lines: [f"0 {'1.5 ' * 8}", *lines[1:]]), "yolo-obb/labels", "outside [0, 1]"),
    ("yolo box lost", _yolo(lambda lines: lines[1:]), "yolo-obb/labels", "another format of the same page has 4"),
    ("icdar text", _icdar_text, "gt_img_", "not the text made"),
    ("another image", _gray, "plain/images", "not the one that was made"),
    (
        "crop lost",
        lambda root: next((root / "rec/images").rglob("*.jpg")).unlink(),
        "rec/images",
        "the image is missing",
    ),
    (
        "left over",
        lambda root: (root / "craft/train/img/img_99.jpg").write_bytes(b"") and None,
        "craft/train/img/img_99.jpg",
        "left by an interrupted run",
    ),
    ("moved box", _edit_items(_moved), "icdar2015/", "another format of the same page has"),
    ("rolled corners", _edit_items(_rolled), "icdar2015/", "in another order of boxes or corners"),
    ("category", _edit_items(lambda items: items[0].update(category="filled")), "plain/", "categories are not those"),
    ("crop texts swapped", _edit_lines("rec/train.txt", _swap_texts), "rec/train.txt:1", "is not the text of label"),
    ("crop line lost", _edit_lines("rec/train.txt", lambda lines: lines[1:]), "rec", "no list names the crop"),
    (
        "crop line twice",
        _edit_lines("rec/train.txt", lambda lines: [lines[0], *lines]),
        "rec/train.txt:2",
        "second time",
    ),
    ("carriage returns", _edit_lines("rec/train.txt", list, "\r\n"), "rec/train.txt", "CR"),
    ("easyocr text", _easyocr_text("Hello", "Hallo"), "craft/easyocr", "not the text made"),
    ("easyocr float", _easyocr_text(",", ".5,"), "craft/easyocr", "cannot be read"),
    ("easyocr emptied", lambda root: _easyocr(root).write_text("") and None, "craft/easyocr", "not the text made"),
    ("class names lost", lambda root: (root / "yolo-obb/data.yaml").unlink(), "data.yaml", "names of the classes"),
    ("mask lost", _mask("words", None), "masks/words", "the mask is missing"),
    ("mask empty", _mask("chars", np.zeros_like), "masks/chars", "the mask is empty"),
    ("mask cut", _mask("chars", lambda mask: mask[:50]), "masks/chars", "the mask is 640x50"),
    ("mask of strangers", _mask("words", lambda mask: mask // mask.clip(1) * 9999), "masks/words", "names word 9999"),
    ("recipe lost", lambda root: (root / "det/det.yml").unlink(), "det/det.yml", "configuration is missing"),
]


@pytest.mark.parametrize(("name", "plant", "where", "what"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_verify__finds(name: str, plant: Plant, where: str, what: str, sound: Path, tmp_path: Path) -> None:
    root = tmp_path / "broken"
    shutil.copytree(sound, root)
    plant(root)

    faults = verify(root)

    assert any(where in fault.where and what in fault.what for fault in faults), [str(fault) for fault in faults[:5]]


def test_check_boxes__polygons_and_small_boxes_are_fine() -> None:
    ring = np.array([[10, 10], [20, 5], [30, 10], [30, 20], [20, 15], [10, 20]], np.float32)
    dent = np.array([[10, 10], [13, 11], [13, 12], [10, 12]], np.float32)

    assert list(check_boxes([TextBox(ring, "bent"), TextBox(dent, "1")], (100, 100))) == []


def test_inspect__counts_lines_of_pages(sound: Path) -> None:
    report = inspect_dataset(sound)

    assert report.samples == COUNT
    assert report.labels == 4 * COUNT
    assert report.ignored == COUNT
    assert report.lengths[12] == COUNT  # Hello, world
    assert report.tables["ignored"] == {"not ignored": 4 * COUNT, "too small": COUNT}
    assert report.tables["lines a page"] == {"5": COUNT}
    assert report.coverage is not None
    assert report.coverage.seen >= 20
    text = report.to_text()
    assert f"labels: {4 * COUNT}, and {COUNT} to be ignored" in text
    assert "height of lines, px" in text


@pytest.mark.parametrize("name", ["craft", "plain", "icdar2015", "yolo-obb"])
def test_inspect__one_format_alone(name: str, tmp_path: Path) -> None:
    run(page_job(PageOptions(), formats=(name,)), tmp_path, 10, method="inline")

    report = inspect_dataset(tmp_path)

    assert verify(tmp_path) == []
    assert report.samples == 10
    assert report.labels == (8 if name == "craft" else 4) * 10  # gt.mat has words
    assert (report.mean_length > 1) == (name in ("craft", "icdar2015"))
    assert report.to_text()


def test_contact_sheet__heat_lies_on_characters() -> None:
    sample = page(0)

    plain = contact_sheet([sample], 1)
    heated = contact_sheet([sample], 1, maps=MapStyle())

    assert plain.shape == heated.shape
    line = sample.instances[3]
    x, y = (line.cell_quads[0].mean(axis=0) + 14).astype(int)
    red, green, blue = heated[y, x].astype(int)
    assert red > 150 > green
    assert red > blue
    middle = (line.cell_quads[0].mean(axis=0) + line.cell_quads[1].mean(axis=0)) / 2 + 14
    red, green, blue = heated[int(middle[1]), int(middle[0])].astype(int)
    assert blue > red
