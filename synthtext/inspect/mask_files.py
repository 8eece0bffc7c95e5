"""Whether the masks of pages are there, of the pages' sizes, and not empty where there is text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from synthtext.labels.faults import Fault, OnFault
from synthtext.writers.masks import KINDS, ROOT

_DO = "remove the record of its shard under .synthtext/shards, then run the same generate command again"


def check_masks(out: Path, shard: str, images: Sequence[str], on_fault: OnFault) -> None:
    """Report what is wrong with the masks of a shard.

    Args:
        images: names of its pages' files.
    """
    for name in images:
        masks = []
        for kind in KINDS:
            path = out / ROOT / kind / shard / f"{Path(name).stem}.png"
            if not path.is_file():
                on_fault(Fault(str(path), "the mask is missing", _DO))
                continue
            mask = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
            if mask is None or mask.ndim != 2:
                on_fault(Fault(str(path), "the mask cannot be read as a gray PNG file", _DO))
                continue
            masks.append((path, mask, int(mask.max(initial=0))))
        if len(masks) < len(KINDS):
            continue
        (chars_at, chars, most_chars), (words_at, words, most_words) = masks
        if chars.shape != words.shape:
            sizes = f"{chars.shape[1]}x{chars.shape[0]}, the mask of words is {words.shape[1]}x{words.shape[0]}"
            on_fault(Fault(str(chars_at), f"the mask is {sizes}", _DO))
        for path, most, other in ((chars_at, most_chars, most_words), (words_at, most_words, most_chars)):
            if other and not most:
                on_fault(Fault(str(path), "the mask is empty, but the page has text", _DO))
        if most_words > most_chars > 0:
            what = f"it names word {most_words} of a page of {most_chars} characters"
            on_fault(Fault(str(words_at), what, _DO))
