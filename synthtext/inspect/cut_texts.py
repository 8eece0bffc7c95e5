"""Whether the crops that were cut out of pages say what the pages' own labels say."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthtext.inspect.checks import Finding
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.levels import TextBox

_DO = "run the same generate command again: it writes the lists anew"
_NAME = re.compile(r"(\d+)_(\d+)\.\w+$")
_NO_CROP = 0


class CutTexts:
    """Checksums of the texts of each page's boxes: four bytes for each box."""

    def __init__(self) -> None:
        self._sums: dict[int, NDArray[np.uint32]] = {}

    def remember(self, index: int, boxes: Sequence[TextBox]) -> None:
        """Keep what a page's labels say."""
        self._sums[index] = np.array([_NO_CROP if box.ignore else _sum(box.text) for box in boxes], np.uint32)

    def check(self, place: str, text: str) -> Iterator[Finding]:
        """Yield what is wrong with the text of a crop, which is named after its page and its place there."""
        named = _NAME.search(place)
        sums = self._sums.get(int(named[1])) if named else None
        if named is None or sums is None:
            return
        number = int(named[2])
        if number >= len(sums):
            yield f"crop {number} of a page that has {len(sums)} labels", "remove it from the dataset"
        elif sums[number] == _NO_CROP:
            yield "the page's own label is one to be ignored, or the crop is here for the second time", _DO
        elif sums[number] != _sum(text):
            yield f"{text!r} is not the text of label {number} of its page (changed or swapped)", _DO
        if number < len(sums):
            sums[number] = _NO_CROP

    def check_missing(self, root: Path, on_fault: OnFault) -> None:
        """Report labels of pages whose crop no list has named."""
        for index, sums in self._sums.items():
            for number in np.flatnonzero(sums != _NO_CROP).tolist():
                on_fault(
                    Fault(f"{root}", f"no list names the crop {index:09d}_{number:03d} of a label of its page", _DO)
                )


def _sum(text: str) -> int:
    return max(1, zlib.crc32(text.encode()))
