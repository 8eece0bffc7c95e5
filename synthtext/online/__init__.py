"""Samples made while a model trains: PyTorch datasets over the same corridor that writes datasets to disk.

`RecognitionDataset` makes crops with CTC targets, `CraftDataset` pages with CRAFT's score maps; `Stream` makes
batches of either without end. This room is the only one that knows torch: docs/guides/online.md.
"""

from __future__ import annotations

try:
    import torch as _torch  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "torch":
        raise
    raise ImportError(
        "synthtext.online needs torch, which is not installed here; pip install 'synthtext[online]'", name="torch"
    ) from None

from synthtext.online.classes import Classes
from synthtext.online.craft import CraftDataset, MapPage
from synthtext.online.recognition import Crop, CropBatch, RecognitionDataset
from synthtext.online.stream import Stream
from synthtext.online.widths import WidthBatchSampler

__all__ = [
    "Classes",
    "CraftDataset",
    "Crop",
    "CropBatch",
    "MapPage",
    "RecognitionDataset",
    "Stream",
    "WidthBatchSampler",
]
