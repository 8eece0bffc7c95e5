"""What trainers of CRAFT read: `gt.mat`, EasyOCR's folder, and score maps that are already drawn.

    craft/train/gt.mat                              SynthText's, of the pictures below; gt-2.mat, ... beyond 2 GB
    craft/train/img/img_120345.jpg
    craft/train/region/img_region_120345.npy        with --maps npy: (h, w) float32; with u8: 8-bit .png
    craft/train/affinity/img_affinity_120345.npy
    craft/train/confidence/img_confidence_120345.png    with --maps: 0 where text is to be ignored, else 255
    craft/easyocr/ch4_training_images/img_120345.jpg    the same pictures (hard links) for EasyOCR's `custom` data
    craft/easyocr/ch4_training_localization_transcription_gt/gt_img_120345.txt

Pictures without a legible word are not in `gt.mat`: its readers cannot take them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from synthtext.errors import RunError
from synthtext.geometry import Image
from synthtext.labels.craft import VARIABLES, scene_cells, scene_of
from synthtext.labels.maps import Heat, confidence_mask, score_maps
from synthtext.labels.matfile import Row, cell_count, file_head, row_head
from synthtext.values import Sample
from synthtext.writers.base import (
    PARTS,
    STATE_DIR,
    Output,
    PageOptions,
    WriterOptions,
    names_in,
    numbered,
    shard_name,
)
from synthtext.writers.disk import replace_file, write_new
from synthtext.writers.lists import chunks
from synthtext.writers.page_pairs import IcdarShard, IcdarWriter

ROOT = "craft"
EASYOCR_ROOT = f"{ROOT}/easyocr"
CELLS = f"{STATE_DIR}/craft"
PREFIX = "img"
MAPS = ("region", "affinity", "confidence")
_FOLDERS = ("img", *MAPS)
_PNG_OPTIONS = (cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)


class CraftWriter:
    """Writes `craft/` below a dataset's folder."""

    def __init__(self, out: Path, options: WriterOptions) -> None:
        self._out = out
        self._options = options
        self._easyocr = IcdarWriter(out, options, EASYOCR_ROOT)

    def open_shard(self, shard: int, room: Path) -> _CraftShard:
        """Start a shard in `room`."""
        twins = room / "easyocr"
        twins.mkdir()
        return _CraftShard(shard, room, self._options, self._easyocr.open_shard(shard, twins))

    def outputs(self) -> Iterator[str]:
        """Yield the path of every output that is in place."""
        for part in PARTS:
            for folder in _FOLDERS:
                place = f"{ROOT}/{part}/{folder}"
                yield from (f"{place}/{name}" for name in names_in(self._out / place))
        yield from self._easyocr.outputs()
        yield from numbered(self._out, CELLS)

    def finalise(self, shards: Sequence[int]) -> None:
        """Put `gt.mat` together from the cells of all shards."""
        for part in PARTS:
            pieces = [self._out / CELLS / shard_name(shard) / part for shard in shards]
            groups = list(gt_groups([piece for piece in pieces if piece.is_dir()]))
            root = self._out / ROOT / part
            names = [gt_name(number) for number in range(len(groups))]
            for name in names_in(root):
                if name.startswith("gt") and name.endswith(".mat") and name not in names:
                    (root / name).unlink()
            for name, group in zip(names, groups, strict=True):
                replace_file(root / name, gt_chunks(group))


class _CraftShard:
    def __init__(self, shard: int, room: Path, options: WriterOptions, easyocr: IcdarShard) -> None:
        self._name = shard_name(shard)
        self._room = room
        self._suffix = options.image_format
        self._pages = options.pages or PageOptions()
        self._easyocr = easyocr
        self._outputs: list[Output] = []
        self._cells: dict[int, dict[str, list[bytes]]] = {}

    def add(self, index: int, part: int, image: bytes, sample: Sample) -> None:
        name = f"{PREFIX}_{index}.{self._suffix}"
        self._keep(part, "img", name, image)
        self._easyocr.put(index, part, image, sample, self._room / name)
        scene = scene_of(f"img/{name}", sample)
        if scene.words:
            rows = self._cells.setdefault(part, {variable: [] for variable in VARIABLES})
            for variable, cell in scene_cells(scene).items():
                rows[variable].append(cell)
        if self._pages.maps != "none":
            self._draw(index, part, sample)

    def seal(self) -> list[Output]:
        cells = self._room / "cells"
        cells.mkdir()
        for part, rows in self._cells.items():
            (cells / PARTS[part]).mkdir()
            for variable, pieces in rows.items():
                write_new(f"{cells}/{PARTS[part]}/{variable}", b"".join(pieces))
        return [*self._outputs, *self._easyocr.seal(), Output(cells, f"{CELLS}/{self._name}")]

    def discard(self) -> None:
        self._easyocr.discard()
        for output in self._outputs:
            output.source.unlink(missing_ok=True)

    def _draw(self, index: int, part: int, sample: Sample) -> None:
        style = self._pages.map_style
        region, affinity = score_maps(sample.instances, sample.size_wh, style)
        for kind, heat in (("region", region), ("affinity", affinity)):
            data = npy(heat) if self._pages.maps == "npy" else png(heat)
            self._keep(part, kind, map_name(kind, index, self._pages), data)
        trust = confidence_mask(sample.instances, sample.size_wh, style)
        self._keep(part, "confidence", map_name("confidence", index, self._pages), png(trust))

    def _keep(self, part: int, folder: str, name: str, data: bytes) -> None:
        write_new(f"{self._room}/{name}", data)
        self._outputs.append(Output(self._room / name, f"{ROOT}/{PARTS[part]}/{folder}/{name}"))


def map_name(kind: str, index: int, pages: PageOptions) -> str:
    """Return the name of a picture's map: region, affinity or confidence."""
    return f"{PREFIX}_{kind}_{index}.{'npy' if pages.maps == 'npy' and kind != 'confidence' else 'png'}"


def gt_name(number: int) -> str:
    """Return the name of a part's files of words and boxes: there is one, unless it would be too long."""
    return "gt.mat" if not number else f"gt-{number + 1}.mat"


def png(image: Image | Heat) -> bytes:
    """Return a PNG file of an image (h, w), uint8 or uint16."""
    # Runs of equal bytes are most of a map; looking for more takes twice the time and saves nothing.
    done, buffer = cv2.imencode(".png", image, _PNG_OPTIONS)
    if not done:
        raise ValueError(f"OpenCV could not encode an image of shape {image.shape}")
    return buffer.tobytes()


def npy(heat: Heat) -> bytes:
    """Return a NumPy file of a map (h, w)."""
    file = io.BytesIO()
    np.save(file, heat, allow_pickle=False)
    return file.getvalue()


def _row(name: str, pieces: Sequence[Path]) -> Row:
    files = [piece / name for piece in pieces]
    return Row(name, sum(map(cell_count, files)), sum(file.stat().st_size for file in files))


def gt_groups(pieces: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield the pieces in groups that a file can hold."""
    group: list[Path] = []
    sizes = dict.fromkeys(VARIABLES, 0)
    for piece in pieces:
        more = {name: (piece / name).stat().st_size for name in VARIABLES}
        if group and not all(Row(name, 0, sizes[name] + more[name]).fits for name in VARIABLES):
            yield group
            group, sizes = [], dict.fromkeys(VARIABLES, 0)
        group.append(piece)
        sizes = {name: sizes[name] + more[name] for name in VARIABLES}
    if group:
        yield group


def gt_chunks(pieces: Sequence[Path]) -> Iterator[bytes]:
    rows = [_row(name, pieces) for name in VARIABLES]
    if not all(row.fits for row in rows):
        raise RunError(f"{pieces[0]}: one shard's boxes are too many for a MATLAB file; lower engine.shard_size")
    yield file_head()
    for row in rows:
        yield row_head(row)
        yield from chunks([piece / row.name for piece in pieces])
