"""What trainers of CRAFT read: SynthText's `gt.mat` for each part, and EasyOCR's `custom` folder.

    train/gt.mat train/img/img_1.jpg        words and characters; gt-2.mat, ... beyond 2 GB
    easyocr/ch4_training_images/img_1.jpg   quads and texts, with `###` for what is to be ignored
    easyocr/saved_gt/res_img_1_region.jpg   score maps, if asked for, as its trainer loads them (`saved_gt_dir`)

`gt.mat` names pictures whose words all know their characters' boxes, and these have maps; the folder has all pictures.
Read from `gt.mat` where there is one, else from the folder. Pictures are called `img_1`, `img_2`, ... as EasyOCR's
trainer wants it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import regex

from synthtext.errors import DatasetError
from synthtext.geometry import Floats
from synthtext.labels.codec.base import Keeps, Target, Unfit
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.files import Root, below, part_of
from synthtext.labels.codec.icdar import ICDAR2015
from synthtext.labels.codec.images import stem_of
from synthtext.labels.codec.pairs import SAVED_MAPS
from synthtext.labels.craft import Scene, corners_on, read_gt, scene_cells
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import TextBox
from synthtext.labels.maps import MapStyle, affinity_quads, heat, linked
from synthtext.labels.picture import Picture
from synthtext.writers.craft import gt_chunks, gt_groups, gt_name
from synthtext.writers.disk import write_new

_CELLS = ".cells"
_A_PIECE = 1_000
_STYLE = MapStyle("craft", "half", "uint8")


class Craft:
    """The codec `craft`."""

    name = "craft"
    summary = "gt.mat and EasyOCR's folder for CRAFT"
    keeps = Keeps(
        outlines="quad",
        ignored="left out",
        categories="none",
        language=False,
        direction=False,
        rest=False,
        about=False,
        blank=False,
        lines=False,
        charless=False,
        names="none",
    )
    drawn = False

    def fits(self, root: Path) -> bool:
        """Return whether a `gt.mat` is there."""
        return bool(_files(root))

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures that `gt.mat` names, or else those of EasyOCR's folder."""
        files = _files(root)
        if not files:
            yield from ICDAR2015.read(root, on_fault)
        for part, path in files:
            place = Root(path.parent)
            try:
                for number, scene in enumerate(read_gt(path)):
                    where = f"{path} picture {number}"
                    image = place.find(scene.path)
                    if image is None:
                        place.report_outside(scene.path, where, on_fault)
                        continue
                    boxes = _boxes(scene, where, on_fault)
                    yield Picture(below(scene.path, "img"), part, image, where, boxes=boxes)
            except DatasetError as error:
                on_fault(Fault(str(path), f"cannot be read on ({error})", "make it again"))

    def sink(self, target: Target) -> CraftSink:
        """Start writing."""
        return CraftSink(target)


class CraftSink:
    """Writes `gt.mat` and images for each part, and EasyOCR's folder."""

    def __init__(self, target: Target) -> None:
        self._target = target
        folder = target.root / "easyocr"
        folder.mkdir()
        self._folder = ICDAR2015.sink(replace(target, root=folder))
        self._counts: dict[str, int] = {}
        self._number = 0

    def add(self, picture: Picture) -> None:
        """Write one picture."""
        if picture.kind == "crops":
            raise Unfit("a crop, where pages belong")
        words = _words(picture)
        if words is None and self._target.saved_maps:
            raise Unfit("characters without boxes, of which no score maps can be drawn")
        part = picture.part or "train"
        suffix = picture.path[len(stem_of(picture.path)) :]
        named = replace(picture, part=part, path=f"img_{self._number + 1}{suffix}")
        self._folder.add(named)
        self._number += 1
        if words is not None and self._target.saved_maps and picture.size_wh is not None:
            self._draw(picture, [chars for _, _, chars in words], picture.size_wh)
        if words is None:
            self._target.dropped["page into gt.mat, which wants a sound box for every character"] += 1
        if not words:
            return
        path = self._target.images.put(named, self._target.root / part, f"img/{named.path}")
        texts, quads, chars = zip(*words, strict=True)
        number = self._counts.get(part, 0)
        self._counts[part] = number + 1
        piece = self._target.root / _CELLS / part / f"{number // _A_PIECE:06d}"
        piece.mkdir(parents=True, exist_ok=True)
        scene = Scene(path, texts, np.stack(quads), np.concatenate(chars))
        for name, cell in scene_cells(scene).items():
            with (piece / name).open("ab") as file:
                file.write(cell)

    def _draw(self, picture: Picture, words: list[Floats], size_wh: tuple[int, int]) -> None:
        folder = self._target.root / "easyocr" / SAVED_MAPS
        folder.mkdir(exist_ok=True)
        none = np.zeros((0, 4, 2), np.float32)
        region = np.concatenate([none, *words])
        affinity = np.concatenate([none, *(affinity_quads(_graphemes(chars)) for chars in words)])
        width, height = _STYLE.size_wh(size_wh)
        trust = np.full((height, width), 255, np.uint8)
        for box in picture.boxes:
            if box.ignore:
                cv2.fillPoly(trust, [np.round(box.outline * 0.5).astype(np.int32)], (0,))
        maps = {
            "region": heat(region, size_wh, _STYLE),
            "affi": heat(affinity, size_wh, _STYLE),
            "cf_mask_thresh_0.6": trust,
        }
        for name, values in maps.items():
            _, buffer = cv2.imencode(".jpg", values, [cv2.IMWRITE_JPEG_QUALITY, 95])
            write_new(f"{folder}/res_img_{self._number}_{name}.jpg", buffer.tobytes())

    def close(self) -> None:
        """Put the files of each part together."""
        self._folder.close()
        for part in self._counts:
            pieces = sorted((self._target.root / _CELLS / part).iterdir())
            for number, group in enumerate(gt_groups(pieces)):
                with (self._target.root / part / gt_name(number)).open("xb") as file:
                    file.writelines(gt_chunks(group))
        shutil.rmtree(self._target.root / _CELLS, ignore_errors=True)


def _graphemes(chars: Floats) -> Floats:
    """Return a word's characters once each: one of several code points has its quad several times."""
    apart = np.ones(len(chars), bool)
    apart[1:] = np.any(chars[1:] != chars[:-1], axis=(1, 2))
    return chars[apart]


def _words(picture: Picture) -> list[tuple[str, Floats, Floats]] | None:
    """Return text, quad and a quad for each code point of all words; None when characters of one have no fit quads."""
    found = []
    for box in picture.boxes:
        if box.ignore or not box.text.strip():
            continue
        quads = _by_code_point(box)
        if quads is None:
            return None
        texts = box.text.split()
        start = 0
        for text in texts:
            own = quads[start : start + len(text)]
            start += len(text)
            turn = corners_on(own)
            chars = np.roll(own, -turn, axis=1)
            if not linked(chars):
                return None
            found.append((text, _quad(box) if len(texts) == 1 else np.roll(_round(chars), turn, axis=0), chars))
    return found


def _by_code_point(box: TextBox) -> Floats | None:
    quads = box.char_quads
    text = "".join(box.text.split())
    if quads is None or len(quads) == len(text):
        return quads
    chars = regex.findall(r"\X", text)
    return np.repeat(quads, [len(char) for char in chars], axis=0) if len(chars) == len(quads) else None


def _quad(box: TextBox) -> Floats:
    return box.outline if len(box.outline) == 4 else quad_round(box.outline)


def _round(chars: Floats) -> Floats:
    """Return the quad round a word's characters, whose first sides lie along it."""
    return np.stack([chars[0, 0], chars[-1, 1], chars[-1, 2], chars[0, 3]])


def _boxes(scene: Scene, where: str, on_fault: OnFault) -> tuple[TextBox, ...]:
    wanted = sum(map(len, scene.words))
    same = len(scene.char_quads) == wanted
    if not same or len(scene.word_quads) != len(scene.words):
        what = (
            f"{len(scene.words)} words of {wanted} characters have "
            f"{len(scene.word_quads)} and {len(scene.char_quads)} boxes"
        )
        on_fault(Fault(where, what, "give every word and character without white space one box"))
    boxes = []
    start = 0
    for word, quad in zip(scene.words, scene.word_quads, strict=False):
        chars = scene.char_quads[start : start + len(word)] if same else None
        start += len(word)
        boxes.append(TextBox(quad, word, char_quads=chars))
    return tuple(boxes)


def _files(root: Path) -> list[tuple[str, Path]]:
    if root.is_file():
        return [("", root)] if root.suffix == ".mat" else []
    paths = sorted([*root.glob("gt*.mat"), *root.glob("*/gt*.mat")])
    found = [(part_of(path.parent.name), path) for path in paths]
    order = ("", "train", "val", "test")
    return sorted(found, key=lambda pair: (order.index(pair[0]), str(pair[1])))
