"""What whoever converts or exports can choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from synthtext.labels.codec.images import How
from synthtext.labels.picture import Picture

Others = Literal["drop", "ignore"]


@dataclass(frozen=True, slots=True)
class Choices:
    """How pictures are written.

    Attributes:
        split: ratio of train, val and test; None to leave every picture in the part that it is in.
        seed: of the split, and of what is drawn from sets that are mixed in.
        group: the name that pictures share which have to be in the same part; None for what `default_group` says.
        crops: lines are cut out of pages, where a format holds crops as well as pages.
        categories: boxes of these only; empty for all.
        others: boxes of other categories are left out, or stay and are to be ignored.
        one_category: all text becomes printed text.
        images: see `Images`.
        charset: characters of recognition labels in the order of class ids; None for those that are met.
        max_length: longer texts are left out of recognition; None for no limit.
        saved_maps: CRAFT's score maps are drawn where characters have boxes.
        least_px: boxes with a shorter side are to be ignored.
        verify: read everything back before it is put in place.
        strict: a fault in what is read ends it, and nothing is written.
        workers: processes that look at images and cut crops, or threads while there are few; 0 for as many as there
            are cores, eight at most.
    """

    split: tuple[int, ...] | None = None
    seed: int = 0
    group: Callable[[Picture], str] | None = None
    crops: bool = False
    categories: tuple[str, ...] = ()
    others: Others = "drop"
    one_category: bool = False
    images: How = "link"
    charset: tuple[str, ...] | None = None
    max_length: int | None = None
    saved_maps: bool = False
    least_px: float = 0.0
    verify: bool = True
    strict: bool = False
    workers: int = 0
