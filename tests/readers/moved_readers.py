"""Let trainers' readers judge what `convert` and `annotate export` write: docTR, Ultralytics, EasyOCR's folder, CRAFT.

Runs inside an environment that holds the packages without what they depend on (`reader_envs.PAGES`), never in the
project's own:

    python moved_readers.py DATASET_DIR

`DATASET_DIR` holds a folder for each format: `doctr`, `doctr-crops`, `yolo`, `yolo-obb`, `craft`; those that are
missing are left out. The packages' own files are loaded, with stand-ins for torch (`page_readers`).

What is checked: docTR's `DetectionDataset` and `RecognitionDataset` give every sample, coordinates in [0, 1];
Ultralytics accepts every label file, and counts as many boxes as it has lines; every line of EasyOCR's folder has eight
whole numbers, as its trainer parses it, and every picture a file; CRAFT's decoder finds the words in the score maps
that were saved for that trainer.

The last line of standard output is the report as JSON; the exit code is 1 when it holds a fault.
"""

import argparse
import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from page_readers import (
    LINK_THRESHOLD,
    LOW_TEXT,
    SHOWN,
    SPLITS,
    TEXT_THRESHOLD,
    StandIns,
    iou,
    load,
    ultralytics_check,
)

LEAST_PX, LEAST_IOU = 14, 0.5

Report = dict[str, Any]


@dataclass
class Sample:
    """What docTR's datasets give."""

    image: Any
    mask: Any
    target: Any


def doctr_readers() -> tuple[Any, Any]:
    """Return docTR's datasets for detection and recognition, reading images without torch."""
    importlib.import_module("doctr.utils").Sample = Sample  # type: ignore[attr-defined]
    shapes = importlib.import_module("doctr.io.image")
    shapes.get_img_shape = lambda image: image.shape[:2]  # type: ignore[attr-defined]
    load("python-doctr", "doctr/utils/geometry.py")
    load("python-doctr", "doctr/datasets/utils.py")
    base = load("python-doctr", "doctr/datasets/datasets/base.py")._AbstractDataset

    class Dataset(base):  # type: ignore[misc, valid-type]
        def _read_sample(self, index: int) -> tuple[Any, Any]:
            name, target = self.data[index]
            return cv2.imread(str(Path(self.root) / name)), target

    importlib.import_module("doctr.datasets.datasets").AbstractDataset = Dataset  # type: ignore[attr-defined]
    detection = load("python-doctr", "doctr/datasets/detection.py").DetectionDataset
    return detection, load("python-doctr", "doctr/datasets/recognition.py").RecognitionDataset


def check_doctr(root: Path) -> Report:
    """Return what docTR reads of pages."""
    detection, _ = doctr_readers()
    report: Report = {"faults": []}
    for split in SPLITS:
        data = detection(str(root / split / "images"), str(root / split / "labels.json"), use_polygons=True)
        boxes = 0
        for number in range(len(data)):
            sample = data[number]
            for name, polygons in sample.target.items():
                boxes += len(polygons)
                if polygons.shape[1:] != (4, 2) or polygons.min() < 0 or polygons.max() > 1:
                    report["faults"].append(f"{split} {data.data[number][0]} {name}: {polygons.shape}")
        report[split] = {"pictures": len(data), "boxes": boxes, "classes": data.class_names}
    return report


def check_doctr_crops(root: Path) -> Report:
    """Return what docTR reads of crops."""
    _, recognition = doctr_readers()
    report: Report = {"faults": []}
    for split in SPLITS:
        data = recognition(str(root / split / "images"), str(root / split / "labels.json"))
        samples = [data[number] for number in range(len(data))]
        wrong = [s.target for s in samples if s.image is None or not s.target or " " in s.target]
        report["faults"] += [f"{split}: {text!r} has no image, or a space" for text in wrong]
        report[split] = len(samples)
    return report


def check_yolo(root: Path) -> Report:
    """Return what Ultralytics makes of each part that `data.yaml` names."""
    data = yaml.safe_load((root / "data.yaml").read_text("utf-8"))
    utils = ultralytics_check()
    report: Report = {"faults": [], "names": data["names"]}
    for split in SPLITS:
        images = sorted(path for path in (root / data[split]).rglob("*") if path.is_file())
        labels = utils.img2label_paths([str(image) for image in images])
        boxes = 0
        for image, label in zip(images, labels, strict=True):
            found = utils.verify_image_label((str(image), label, "", False, len(data["names"]), 0, 0, False))
            lines = len(Path(label).read_text("utf-8").splitlines())
            if found[0] is None or found[9] or len(found[1]) != lines:
                report["faults"].append(f"{label}: {found[9] or f'{len(found[1])} boxes of {lines}'}")
            boxes += lines
        report[split] = {"pictures": len(images), "boxes": boxes}
    return report


def custom_boxes(label: Path) -> list[tuple[np.ndarray, str]]:
    """Return quads and texts of a label file as EasyOCR's trainer parses its lines: `int` of eight fields."""
    found = []
    for line in label.read_text("utf-8-sig").strip("\n").split("\n"):
        if not line and not found:
            return []  # an empty file is a picture without text
        fields = line.split(",")
        found.append((np.array([int(field) for field in fields[:8]]).reshape(4, 2), ",".join(fields[8:])))
    return found


def check_custom(root: Path) -> Report:
    """Return what EasyOCR's trainer finds in its folder, and CRAFT's decoder in the maps that it would load."""
    decode = load("easyocr", "easyocr/craft_utils.py").getDetBoxes
    report: Report = {"faults": [], "pictures": 0, "lines": 0, "words": 0, "found": 0}
    for image in sorted((root / "easyocr").glob("ch4_*_images/*")):
        report["pictures"] += 1
        folder = image.parent.name.replace("_images", "_localization_transcription_gt")
        boxes = custom_boxes(root / "easyocr" / folder / f"gt_{image.stem}.txt")
        report["lines"] += len(boxes)
        maps = [root / f"easyocr/saved_gt/res_{image.stem}_{name}.jpg" for name in ("region", "affi")]
        if not maps[0].is_file():
            continue
        region, affinity = (cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255 for path in maps)
        found, _, _ = decode(region, affinity, TEXT_THRESHOLD, LINK_THRESHOLD, LOW_TEXT, False)
        for quad, text in boxes:
            sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
            if text in ("###", "") or " " in text or len(text) < 2 or sides.min() < LEAST_PX:
                continue
            best = max((iou(np.asarray(box) * 2, quad) for box in found), default=0.0)
            report["words"] += 1
            report["found"] += best > LEAST_IOU
    return report


CHECKS = {
    "doctr": check_doctr,
    "doctr-crops": check_doctr_crops,
    "yolo": check_yolo,
    "yolo-obb": check_yolo,
    "craft": check_custom,
}


def main() -> int:
    """Run all that there is a folder for, print the report, return 1 if anything is off."""
    parser = argparse.ArgumentParser(description="Let trainers' readers judge converted and exported datasets.")
    parser.add_argument("dataset", type=Path)
    dataset = parser.parse_args().dataset.resolve()
    sys.meta_path.insert(0, StandIns())
    report = {name: check(dataset / name) for name, check in CHECKS.items() if (dataset / name).is_dir()}
    faults = {name: part["faults"] for name, part in report.items()}
    for name, part in report.items():
        part["faults"] = faults[name][:SHOWN]
    print(json.dumps(report, ensure_ascii=False), flush=True)
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
