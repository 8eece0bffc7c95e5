"""Names of formats, as `--format` takes them, and what stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from synthtext.errors import UserError
from synthtext.writers.base import Writer, WriterOptions
from synthtext.writers.folder import FolderWriter
from synthtext.writers.lmdb_pairs import LmdbWriter


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a dataset.

    Attributes:
        name: as the user says it.
        summary: one line for the help.
        writer: makes its writer for a dataset's folder.
        shard_size: samples a shard when nothing else is said.
        overhead_bytes: on disk beside each image: label, name, the unused end of its last block.
    """

    name: str
    summary: str
    writer: Callable[[Path, WriterOptions], Writer]
    shard_size: int
    overhead_bytes: int


FORMATS: dict[str, Format] = {
    fmt.name: fmt
    for fmt in (
        Format("paddleocr", "image files with label lists for PaddleOCR (rec/)", FolderWriter, 1_000, 2_500),
        Format(
            "lmdb",
            "LMDB of image and label pairs for PaddleOCR, PARSeq, mmocr (lmdb/)",
            LmdbWriter,
            10_000,
            2_300,
        ),
    )
}


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


def default_shard_size(formats: Iterable[str]) -> int:
    """Return how many samples a shard holds when the configuration leaves it open."""
    return max(find_format(name).shard_size for name in formats)


def disk_need(formats: Iterable[str], samples: int, image_bytes: float) -> int:
    """Return an estimate of the bytes on disk for so many samples with images of this mean size."""
    return int(sum(samples * (image_bytes + find_format(name).overhead_bytes) for name in formats))


def open_writers(formats: Iterable[str], out: Path, options: WriterOptions) -> dict[str, Writer]:
    """Return a writer for each format, by name."""
    return {name: find_format(name).writer(out, options) for name in formats}
