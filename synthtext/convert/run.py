"""Converting folders: what is mixed into them, where they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synthtext.assets.charset import load_charset, shipped_charsets
from synthtext.convert.choices import Choices
from synthtext.convert.report import Report
from synthtext.convert.runs import find_source
from synthtext.convert.write import Progress, folder_source, write_dataset
from synthtext.errors import UserError
from synthtext.labels.codec.base import Codec


@dataclass(frozen=True, slots=True)
class Mixed:
    """A set that is mixed into the training part.

    Attributes:
        root: its folder.
        codec: of its format.
        ratio: pictures of it for each picture of the training part.
    """

    root: Path
    codec: Codec
    ratio: float


def convert(
    root: Path,
    codec: Codec,
    codecs: Sequence[Codec],
    out: Path,
    choices: Choices,
    mixed: Sequence[Mixed] = (),
    progress: Progress | None = None,
) -> Report:
    """Read a folder or file in one format and write it in others.

    Raises:
        UserError: `out` is taken or inside of the source, or a format cannot hold what is there.
        DatasetError: nothing was left to write.
        RunError: the disk is full, or refuses.
    """
    for source in (root, *(each.root for each in mixed)):
        check_apart(source, out)
    sources = [folder_source(root, codec), *(folder_source(each.root, each.codec, each.ratio) for each in mixed)]
    return write_dataset(sources, codecs, out, choices, progress)


def check_apart(source: Path, out: Path) -> None:
    """Make sure that what is written does not touch what is read.

    Raises:
        UserError: one of them lies in the other.
    """
    read, written = source.resolve(), out.resolve()
    if read.is_relative_to(written):
        raise UserError(f"--out: {out} would replace {source}, which is read; choose another folder")
    if written.is_relative_to(read):
        raise UserError(f"--out: {out} lies in {source}, which is read; choose another folder")


def mixed_from(text: str) -> Mixed:
    """Return the set that `DIR=RATIO` or `DIR:FORMAT=RATIO` says.

    Raises:
        UserError: it says none.
    """
    where, equals, ratio = text.rpartition("=")
    try:
        share = float(ratio)
    except ValueError:
        share = 0.0
    if not equals or not where or not 0 < share < 1e6:
        raise UserError(f"--mix: {text!r} is not DIR=RATIO; write for example data/synthetic=2")
    folder, colon, name = where.rpartition(":")
    named = bool(colon) and not Path(where).exists()
    root, format_name = (Path(folder), name) if named else (Path(where), None)
    found = find_source(root, format_name, "--mix")
    return Mixed(found.root, found.codec, share)


def charset_from(name_or_file: str) -> tuple[str, ...]:
    """Return the characters of a shipped charset, or of a dictionary as it lies there: class ids are its lines.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    path = Path(name_or_file).expanduser()
    if name_or_file in shipped_charsets() or not path.is_file():
        return load_charset(name_or_file).chars
    try:
        return tuple(line for line in path.read_text("utf-8-sig").split("\n") if line)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"--charset: {path} cannot be read ({error}); give a file, one character a line") from None
