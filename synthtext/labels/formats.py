"""Names of formats, as `--format` takes them, and what stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Literal

from synthtext.errors import UserError
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.table import CODECS
from synthtext.writers.base import PageOptions, Writer, WriterOptions
from synthtext.writers.by_codec import CodecWriter
from synthtext.writers.craft import CraftWriter
from synthtext.writers.folder import FolderWriter
from synthtext.writers.lmdb_pairs import LmdbWriter
from synthtext.writers.masks import MasksWriter
from synthtext.writers.paddle_pages import PaddlePagesWriter
from synthtext.writers.page_pairs import IcdarWriter, PlainWriter, YoloWriter
from synthtext.writers.parquet_shards import ParquetWriter, require_arrow
from synthtext.writers.tar_shards import WebdatasetWriter

Kind = Literal["crops", "pages"]
_Opener = Callable[[Path, WriterOptions], Writer]

# Pages are large and slow to make: a shard of them is done in some ten seconds.
_PAGES_A_SHARD = 100
# Above this many files a folder is a burden to every file system; containers are not.
FILES_LIMIT = 200_000
# Measured on full pages: bytes a pixel of a map or mask as PNG, and crops relative to their picture.
_U8_MAP, _MASK, _CROPS = 0.1, 0.03, 0.6


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a dataset.

    Attributes:
        name: as the user says it.
        summary: one line for the help.
        writers: what writes crops of one line each, pictures with many lines, or both.
        shard_size: crops a shard when nothing else is said.
        overhead_bytes: on disk beside each image: label, name, the unused end of its last block.
        files: a sample; 0 for containers, whose files hold many.
    """

    name: str
    summary: str
    writers: Mapping[Kind, _Opener]
    shard_size: int
    overhead_bytes: int
    files: int = 0


FORMATS: dict[str, Format] = {
    fmt.name: fmt
    for fmt in (
        Format(
            "paddleocr",
            "image files with label lists for PaddleOCR (rec/; det/ and rec/ for pages)",
            {"crops": FolderWriter, "pages": PaddlePagesWriter},
            1_000,
            2_500,
            files=1,
        ),
        Format(
            "lmdb",
            "LMDB of image and label pairs for PaddleOCR, PARSeq, mmocr (lmdb/)",
            {"crops": LmdbWriter},
            10_000,
            2_300,
        ),
        Format(
            "webdataset",
            "tar archives to be read in a row, with text and JSON beside each image (webdataset/)",
            {"crops": WebdatasetWriter, "pages": WebdatasetWriter},
            10_000,
            2_700,
        ),
        Format(
            "parquet",
            "tables with the images inside, for Hugging Face datasets (parquet/)",
            {"crops": ParquetWriter, "pages": ParquetWriter},
            10_000,
            200,
        ),
        Format(
            "craft", "gt.mat, EasyOCR's folder and score maps (craft/)", {"pages": CraftWriter}, 1_000, 12_000, files=4
        ),
        Format(
            "plain", "a text file a page: corners and category (plain/)", {"pages": PlainWriter}, 1_000, 7_000, files=2
        ),
        Format(
            "icdar2015",
            "a text file a page: corners and text (icdar2015/)",
            {"pages": IcdarWriter},
            1_000,
            7_000,
            files=2,
        ),
        Format("yolo-obb", "Ultralytics' oriented boxes (yolo-obb/)", {"pages": YoloWriter}, 1_000, 7_000, files=2),
    )
}


def _by_codec(codec: Codec) -> Format:
    writers: dict[Kind, _Opener] = {kind: partial(CodecWriter, codec) for kind in codec.keeps.kinds}
    return Format(codec.name, f"{codec.summary} ({codec.name}/)", writers, 1_000, 7_000, files=1)


# Formats that are written by their codec, and have no writer of their own.
BY_CODEC = frozenset(set(CODECS) - set(FORMATS))
FORMATS |= {name: _by_codec(codec) for name, codec in CODECS.items() if name in BY_CODEC}


def find_format(name: str) -> Format:
    """Return the format of this name.

    Raises:
        UserError: there is none; the message names close ones.
    """
    found = FORMATS.get(name.strip().lower())
    if found is not None:
        return found
    close = get_close_matches(name.lower(), FORMATS, n=2, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(FORMATS)}"
    raise UserError(f"--format: '{name}' is not known; {hint}")


def parse_formats(names: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names in `a,b` or in a list, checked, in the registry's order and without repeats.

    Raises:
        UserError: a name is not known, or there is none.
    """
    wanted = {find_format(name).name for name in (names.split(",") if isinstance(names, str) else names)}
    if not wanted:
        raise UserError(f"--format: no format is named; there are {', '.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in wanted)


def check_formats(names: Iterable[str], options: WriterOptions) -> None:
    """Make sure that formats can hold what is made.

    Raises:
        UserError: one of them is for crops and pages are made, or the other way round; maps or polygons have no place.
    """
    kind = _kind(options)
    made = {"pages": "pictures with many lines", "crops": "crops of single lines"}
    other: Kind = "crops" if kind == "pages" else "pages"
    fitting = ", ".join(name for name, fmt in FORMATS.items() if kind in fmt.writers)
    for name in names:
        if kind not in FORMATS[name].writers:
            raise UserError(f"--format: {name} holds {made[other]}, this preset makes {made[kind]}; use {fitting}")
    if "doctr" in names and kind == "crops" and options.use_space:
        raise UserError("--format: docTR's recognisers know no spaces; use rec-en-word or --set text.spaces=false")
    if options.pages is not None and options.pages.maps != "none" and not {"craft", "webdataset"}.intersection(names):
        raise UserError(
            "--maps: score maps belong to the formats craft and webdataset; "
            f"write --format {','.join([*names, 'craft'])}"
        )
    if options.pages is not None and options.pages.polygons and not any(map(_holds_polygons, names)):
        raise UserError(
            f"--polygons: {', '.join(names)} can hold quads alone; write --format {','.join([*names, 'paddleocr'])}"
        )
    if "parquet" in names:
        require_arrow()


def default_shard_size(formats: Iterable[str], options: WriterOptions | None = None) -> int:
    """Return how many samples a shard holds when the configuration leaves it open."""
    if options is not None and options.pages is not None:
        return _PAGES_A_SHARD
    return max(find_format(name).shard_size for name in formats)


def crowded(formats: Iterable[str], samples: int, pages: bool) -> str | None:
    """Return a line about formats that make more files than a file system likes; None when there are none."""
    files = {name: samples * FORMATS[name].files for name in formats if samples * FORMATS[name].files > FILES_LIMIT}
    if not files:
        return None
    kind: Kind = "pages" if pages else "crops"
    better = " or ".join(name for name, fmt in FORMATS.items() if kind in fmt.writers and not fmt.files)
    return (
        f"--format {','.join(files)}: {sum(files.values()):,} files are slow to copy, to list and to remove; "
        f"{better} hold the same samples in few large files"
    )


def disk_need(
    formats: Iterable[str], samples: int, image_bytes: float, page_px: float = 0.0, maps_bytes: float = 0.0
) -> int:
    """Return an estimate of the bytes on disk for so many samples with images of this mean size.

    Args:
        page_px: pixels of a picture with many lines, 0 for crops.
        maps_bytes: of a picture's maps and masks, see `maps_need`.
    """
    need = sum(image_bytes + find_format(name).overhead_bytes for name in formats)
    if page_px and "paddleocr" in formats:
        need += _CROPS * image_bytes
    return int(samples * (need + maps_bytes))


def maps_need(pages: PageOptions | None, page_px: float) -> float:
    """Return an estimate of the bytes of the maps and masks of a picture with so many pixels."""
    if pages is None:
        return 0.0
    map_px = page_px / 4 if pages.maps_size == "half" else page_px
    maps = {"none": 0.0, "npy": 8.0 * map_px + 4_096, "u8": 2 * _U8_MAP * map_px + 8_192}[pages.maps]
    return maps + (2 * _MASK * page_px + 8_192 if pages.masks else 0.0)


def open_writers(formats: Iterable[str], out: Path, options: WriterOptions) -> dict[str, Writer]:
    """Return a writer for each format, by name; masks have one of their own."""
    writers = {name: find_format(name).writers[_kind(options)](out, options) for name in formats}
    if options.pages is not None and options.pages.masks:
        writers["masks"] = MasksWriter(out, options)
    return writers


def _holds_polygons(name: str) -> bool:
    return CODECS[name].keeps.outlines == "polygon"


def _kind(options: WriterOptions) -> Kind:
    return "pages" if options.pages is not None else "crops"
