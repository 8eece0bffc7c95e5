"""Pictures with many lines in every format: what is on disk, and that it is the same however it came there."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml
from fake_pages import PAGE_FORMATS, page_job, page_tree
from scenes import page

from synthtext.engine.run import run
from synthtext.errors import RunError, UserError
from synthtext.labels.codec.table import CODECS
from synthtext.labels.craft import read_gt, scene_of
from synthtext.labels.faults import Fault
from synthtext.labels.icdar import read_icdar
from synthtext.labels.levels import text_boxes
from synthtext.labels.maps import MapStyle, confidence_mask, score_maps
from synthtext.labels.plain import read_plain
from synthtext.labels.ppocr import read_labels
from synthtext.labels.ppocr_det import read_det
from synthtext.labels.rectify import rectified
from synthtext.labels.yolo import read_obb
from synthtext.writers.base import PageOptions

COUNT = 25
ALL = PageOptions(maps="npy", masks=True)


def no_fault(fault: Fault) -> None:
    raise AssertionError(str(fault))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """25 pages in every format, made in one go."""
    out = tmp_path_factory.mktemp("pages")
    run(page_job(ALL), out, COUNT, method="inline")
    return out


def lists(dataset: Path) -> dict[int, str]:
    """The part of each picture."""
    return {
        int(Path(line.path).stem): part
        for part in ("train", "val", "test")
        for line in read_det(dataset / "det" / f"{part}.txt", no_fault)
    }


def test_det__every_page_with_its_lines(dataset: Path) -> None:
    seen = []
    for part in ("train", "val", "test"):
        for line in read_det(dataset / "det" / f"{part}.txt", no_fault):
            index = int(Path(line.path).stem)
            seen.append(index)
            assert cv2.imread(str(dataset / "det" / line.path)) is not None
            for found, wanted in zip(line.boxes, text_boxes(page(index)), strict=True):
                assert (found.label, found.category) == (wanted.label, wanted.category)
                assert np.abs(found.outline - wanted.outline).max() < 0.01
    assert sorted(seen) == list(range(COUNT))


def test_det__recipe_is_yaml_and_leads_to_its_lists(dataset: Path) -> None:
    recipe = yaml.safe_load((dataset / "det" / "det.yml").read_text("utf-8"))

    for section in ("Train", "Eval"):
        for name in recipe[section]["dataset"]["label_file_list"]:
            assert (dataset / "det" / name).is_file()


def test_rec__crops_of_what_counts(dataset: Path) -> None:
    crops = {
        line.path: line.text
        for part in ("train", "val", "test")
        for line in read_labels(dataset / "rec" / f"{part}.txt", no_fault)
    }

    assert len(crops) == 4 * COUNT
    assert crops["images/00001/000000013_003.jpg"] == "大減價"
    sample = page(13)
    for number, box in enumerate(text_boxes(sample)[:4]):
        file = dataset / "rec" / f"images/00001/000000013_{number:03d}.jpg"
        found = cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)
        wanted = rectified(sample.image, box.outline)
        assert found.shape == wanted.shape
        assert np.abs(found.astype(int) - wanted).mean() < 8


def test_rec__recipe_holds_the_longest_text(tmp_path: Path) -> None:
    job = page_job(PageOptions(), formats=("paddleocr",))
    run(replace(job, options=replace(job.options, max_text_length=5)), tmp_path, 10, method="inline")

    recipe = yaml.safe_load((tmp_path / "rec" / "rec.yml").read_text("utf-8"))
    assert recipe["Global"]["max_text_length"] >= len('Zürich "5, #3"') + 2


def test_rec__a_picture_and_its_crops_are_in_the_same_part(dataset: Path) -> None:
    parts = lists(dataset)
    for part in ("train", "val", "test"):
        for line in read_labels(dataset / "rec" / f"{part}.txt", no_fault):
            assert parts[int(Path(line.path).stem.split("_")[0])] == part


def test_craft__boxes_pictures_and_maps(dataset: Path) -> None:
    parts = lists(dataset)
    for part in ("train", "val", "test"):
        root = dataset / "craft" / part
        scenes = list(read_gt(root / "gt.mat"))
        assert [scene.path for scene in scenes] == [f"img/img_{n}.jpg" for n in sorted(parts) if parts[n] == part]
        for scene in scenes:
            index = int(re.fullmatch(r"img/img_(\d+)\.jpg", scene.path)[1])  # type: ignore[index]
            sample = page(index)
            wanted = scene_of(scene.path, sample)
            assert scene.words == wanted.words
            assert np.array_equal(scene.char_quads, wanted.char_quads)
            region, affinity = score_maps(sample.instances, sample.size_wh, MapStyle())
            assert np.array_equal(np.load(root / f"region/img_region_{index}.npy"), region)
            assert np.array_equal(np.load(root / f"affinity/img_affinity_{index}.npy"), affinity)
            trust = cv2.imread(str(root / f"confidence/img_confidence_{index}.png"), cv2.IMREAD_UNCHANGED)
            assert np.array_equal(trust, confidence_mask(sample.instances, sample.size_wh, MapStyle()))
            assert (root / scene.path).samefile(dataset / f"craft/easyocr/ch4_{_icdar(part)}_images/img_{index}.jpg")


def _icdar(part: str) -> str:
    return {"train": "training", "val": "validation", "test": "test"}[part]


@pytest.mark.parametrize("root", ["icdar2015", "craft/easyocr"])
def test_icdar__a_label_file_for_every_picture(root: str, dataset: Path) -> None:
    for index, part in lists(dataset).items():
        stem = dataset / root / f"ch4_{_icdar(part)}"
        assert Path(f"{stem}_images/img_{index}.jpg").is_file()
        found = read_icdar(Path(f"{stem}_localization_transcription_gt/gt_img_{index}.txt"), no_fault)
        assert [box.label for box in found] == [box.label for box in text_boxes(page(index))]


def test_plain_and_yolo__agree(dataset: Path) -> None:
    for index, part in lists(dataset).items():
        plain = read_plain(dataset / f"plain/labels/{part}/{index // 10:05d}/{index:09d}.txt", no_fault)
        assert plain is not None
        assert (dataset / "plain" / plain.path).is_file()
        width, height = page(index).size_wh
        yolo = read_obb(
            dataset / f"yolo-obb/labels/{part}/{index // 10:05d}/{index:09d}.txt", (width, height), no_fault
        )
        assert (dataset / f"yolo-obb/images/{part}/{index // 10:05d}/{index:09d}.jpg").is_file()
        assert [box.category for box in yolo] == [box.category for box in plain.boxes]
        for one, other in zip(plain.boxes, yolo, strict=True):
            assert np.abs(one.outline - other.outline).max() < 0.02
        assert len(yolo) == 4


def test_masks__numbers_of_words_and_characters(dataset: Path) -> None:
    sample = page(4)
    words = cv2.imread(str(dataset / "masks/words/00000/000000004.png"), cv2.IMREAD_UNCHANGED)
    chars = cv2.imread(str(dataset / "masks/chars/00000/000000004.png"), cv2.IMREAD_UNCHANGED)

    assert words.dtype == chars.dtype == np.uint16
    for number, box in enumerate(text_boxes(sample, "word"), 1):
        x, y = box.outline.mean(axis=0).astype(int)
        assert words[y, x] == number
    cells = np.concatenate([line.cell_quads for line in sample.instances])
    for number, (x, y) in enumerate(cells.mean(axis=1).astype(int).tolist(), 1):
        assert chars[y, x] == number
    assert words[0, 0] == chars[0, 0] == 0


def test_run__workers_make_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    run(page_job(ALL), tmp_path, COUNT, workers=2, method="fork")

    assert page_tree(tmp_path) == page_tree(dataset)


def test_run__goes_on_after_an_interruption_and_a_larger_count(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    run(page_job(ALL), out, 13, method="inline")
    (out / ".synthtext/shards/00000.json").unlink()  # its files are strays now
    (out / "craft/train/img/img_999.jpg").write_bytes(b"left over")

    run(page_job(ALL), out, COUNT, method="inline")

    assert page_tree(out) == page_tree(dataset)


def test_run__words_by_choice(tmp_path: Path) -> None:
    run(page_job(PageOptions(level="word"), formats=("paddleocr", "icdar2015")), tmp_path, 10, method="inline")

    line = next(iter(read_det(tmp_path / "det" / "train.txt", no_fault)))
    index = int(Path(line.path).stem)
    assert [box.label for box in line.boxes] == [box.label for box in text_boxes(page(index), "word")]
    assert len((tmp_path / "rec" / "train.txt").read_text().splitlines()) == 6 * 8
    found = read_icdar(tmp_path / f"icdar2015/ch4_training_localization_transcription_gt/gt_img_{index}.txt", no_fault)
    assert len(found) == len(line.boxes)


@pytest.mark.parametrize(("size", "shape"), [("full", (360, 640)), ("half", (180, 320))])
def test_run__maps_of_bytes(size: str, shape: tuple[int, int], tmp_path: Path) -> None:
    options = PageOptions(maps="u8", maps_mode="craft", maps_size=size)  # type: ignore[arg-type]
    run(page_job(options, formats=("craft",)), tmp_path, 10, method="inline")

    files = sorted((tmp_path / "craft").glob("*/region/*.png"))
    assert len(files) == 10
    heat = cv2.imread(str(files[0]), cv2.IMREAD_UNCHANGED)
    assert (heat.shape, heat.dtype) == (shape, np.uint8)
    index = int(files[0].stem.rpartition("_")[2])
    wanted = score_maps(page(index).instances, (640, 360), MapStyle("craft", size, "uint8"))[0]  # type: ignore[arg-type]
    assert np.array_equal(heat, wanted)


def test_run__manifest_counts_lines(dataset: Path) -> None:
    manifest = json.loads((dataset / "manifest.json").read_bytes())

    assert manifest["options"]["pages"]["maps"] == "npy"
    statistics = manifest["statistics"]
    assert statistics["lines"] == {"5": COUNT}
    assert statistics["ignored"] == {"not ignored": 4 * COUNT, "too small": COUNT}
    assert statistics["directions"] == {"ltr": 4 * COUNT, "ttb": COUNT}
    assert statistics["categories"] == {"printed": 4 * COUNT, "filled": COUNT}
    assert statistics["angles"]["10"] >= COUNT


def test_run__another_level_is_another_dataset(dataset: Path) -> None:
    with pytest.raises(UserError, match=r"options\.pages\.level"):
        run(page_job(replace(ALL, level="word")), dataset, COUNT, method="inline")


def test_run__pages_without_lines_are_left_out_where_readers_want_it(tmp_path: Path) -> None:
    run(page_job(PageOptions(), blank=True), tmp_path, 10, method="inline")

    assert not list((tmp_path / "det").glob("*.txt"))
    assert not list((tmp_path / "craft").glob("*/gt.mat"))
    assert len(list((tmp_path / "yolo-obb/images").rglob("*.jpg"))) == 10
    assert all(not path.read_bytes() for path in (tmp_path / "yolo-obb/labels").rglob("*.txt"))
    assert len(list((tmp_path / "craft/easyocr").rglob("gt_img_*.txt"))) == 10


def test_run__maps_that_the_disk_cannot_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10**9))

    with pytest.raises(RunError, match=r"need about 1\.9 GB.*1\.0 GB free.*--maps u8"):
        run(page_job(PageOptions(maps="npy"), formats=("craft",)), tmp_path, 1_000, method="inline")


@pytest.mark.parametrize(
    ("formats", "pages", "message"),
    [
        (("lmdb",), PageOptions(), "lmdb holds crops of single lines"),
        (("craft",), None, "craft holds pictures with many lines"),
        (("plain", "craft"), PageOptions(polygons=True), "--polygons: craft, plain can hold quads alone"),
        (("mlt",), PageOptions(polygons=True), "--polygons: mlt can hold quads alone; write --format mlt,paddleocr"),
        (("paddleocr",), PageOptions(maps="npy"), "--maps: score maps belong to the formats craft and webdataset"),
    ],
)
def test_run__formats_that_do_not_fit_are_refused(
    formats: tuple[str, ...], pages: PageOptions | None, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=message):
        run(page_job(pages, formats=formats), tmp_path, 10, method="inline")


@pytest.mark.slow
def test_run__killed_again_and_again_gives_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    script = Path(__file__).with_name("fake_pages.py")
    for seconds in (0.6, 0.8, 1.0, 1.2):
        process = subprocess.Popen([sys.executable, str(script), str(tmp_path), str(COUNT)])
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    run(page_job(ALL), tmp_path, COUNT, method="inline")

    assert page_tree(tmp_path) == page_tree(dataset)


def test_formats__are_all_here() -> None:
    assert set(PAGE_FORMATS) == {name for name, codec in CODECS.items() if "pages" in codec.keeps.kinds}
