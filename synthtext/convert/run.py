"""Converting folders: which format they are in, what is mixed into them, what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.convert.choices import Choices
from synthtext.convert.report import Report
from synthtext.convert.write import Progress, Source, write_dataset
from synthtext.errors import UserError
from synthtext.labels.codec.base import Codec
from synthtext.labels.codec.table import CODECS, find_codec, guess_codec
from synthtext.labels.faults import OnFault
from synthtext.labels.picture import Picture


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
        if out.resolve() == source.resolve() or source.resolve().is_relative_to(out.resolve()):
            raise UserError(f"--out: {out} would replace {source}, which is read; choose another folder")
        if out.resolve().is_relative_to(source.resolve()) and source.is_dir():
            raise UserError(f"--out: {out} lies in {source}, which is read; choose another folder")
    train = _TrainCount()
    sources = [Source(root.name, codec, lambda on_fault: train.counted(codec.read(root, on_fault)))]
    sources += [_mixed_source(each, train, choices) for each in mixed]
    return write_dataset(sources, codecs, out, choices, progress)


def resolve_codec(root: Path, name: str | None, option: str = "--from") -> Codec:
    """Return the codec of a name, or of what a folder looks like.

    Raises:
        UserError: there is no such folder or name, or the folder looks like no format.
    """
    if not root.exists():
        raise UserError(f"{root}: there is no such file or folder")
    if name is not None:
        return find_codec(name, option)
    found = guess_codec(root)
    if found is None:
        raise UserError(f"{root}: looks like no format that is known; name it with {option} ({', '.join(CODECS)})")
    return found


class _TrainCount:
    """Counts the pictures that came from the main source."""

    def __init__(self) -> None:
        self.pictures = 0

    def counted(self, pictures: Iterable[Picture]) -> Iterator[Picture]:
        for picture in pictures:
            self.pictures += 1
            yield picture


def _mixed_source(each: Mixed, train: _TrainCount, choices: Choices) -> Source:
    def read(on_fault: OnFault) -> Iterator[Picture]:
        share = (choices.split[0] / sum(choices.split)) if choices.split else 1.0
        wanted = round(each.ratio * share * train.pictures)
        total = sum(1 for _ in each.codec.read(each.root, lambda _: None))
        yield from drawn(each.codec.read(each.root, on_fault), total, wanted, choices.seed)

    return Source(each.root.name, each.codec, read, each.ratio)


def drawn(pictures: Iterable[Picture], total: int, wanted: int, seed: int) -> Iterator[Picture]:
    """Yield `wanted` of `total` pictures, or all when there are fewer, each with the same chance, in their order.

    (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.)
    """
    rng = np.random.Generator(np.random.Philox(key=seed))
    left = min(wanted, total)
    for number, picture in enumerate(pictures):
        if left <= 0:
            return
        if rng.random() * (total - number) < left:
            left -= 1
            yield picture
