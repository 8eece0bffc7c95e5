"""Boxes that a codec has to bring back, with texts that break careless ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from synthtext.labels.faults import Fault
from synthtext.labels.levels import TextBox

AWKWARD = (
    "plain",
    "with, commas, and, more",
    'a "quoted" text',
    "true null false",
    "none None NaN",
    "tab\there",
    "back\\slash \\n \\t",
    "[[1, 2], {}]",
    "# ### x",
    "####",
    "**",
    "中文，標點。",
    "Ünïcödé é",
    "👩‍👩‍👧 𠮷",
    "العربية",
    "ประเทศไทย",
    " ".join("abc"),
    "1,2,3,4,5,6,7,8,9",
    "\u2028\u0085 odd ends",
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text not in ("###", "*")
)


def quads() -> st.SearchStrategy[np.ndarray]:
    """Any four points inside 1000 x 1000 pixels."""
    return st.lists(st.floats(0, 1000, width=32), min_size=8, max_size=8).map(
        lambda numbers: np.array(numbers, np.float32).reshape(4, 2)
    )


def box(text: str, ignore: bool = False, category: str = "printed") -> TextBox:
    return TextBox(np.array([[1.25, 2], [30.5, 3], [31, 17], [0, 16.75]], np.float32), text, category, ignore)


def same(found: TextBox, wanted: TextBox, off_px: float) -> bool:
    """Whether two boxes say the same to a trainer, with corners this close."""
    marks = (found.label, found.category, found.ignore) == (wanted.label, wanted.category, wanted.ignore)
    return (
        marks and len(found.outline) == len(wanted.outline) and np.abs(found.outline - wanted.outline).max() <= off_px
    )


def no_fault(fault: Fault) -> None:
    raise AssertionError(str(fault))
