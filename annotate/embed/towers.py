"""What a model must do to be searched with, and loading one. Nothing heavy is imported before a model is loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from annotate.errors import MissingExtra
from synthtext.geometry import Image

HUBS = ("hf-hub:", "local-dir:")

Vectors = npt.NDArray[np.float32]


class Tower(Protocol):
    """A model that puts pictures and texts into one space.

    Attributes:
        name: what the user asked for, such as `ViT-B-32/laion2b_s34b_b79k`.
        revision: differs whenever the weights differ.
        dim: length of a vector.
        size_wh: of the pictures that the model sees.
    """

    name: str
    revision: str
    dim: int
    size_wh: tuple[int, int]

    def images(self, images: Sequence[Image]) -> Vectors:
        """Return unit vectors (N, dim) of pictures of any size."""
        ...

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (N, dim) of texts."""
        ...


def load_tower(model: str, pretrained: str, device: str | None = None) -> Tower:
    """Load a model of open_clip.

    Args:
        model: a name that open_clip knows, `hf-hub:owner/name`, `local-dir:DIR`, or the path of a model's JSON file.
        pretrained: a tag of open_clip, or the path of a checkpoint; does not matter for `hf-hub:` and `local-dir:`.
        device: as torch names it; None for the GPU if there is one.

    Raises:
        MissingExtra: open_clip or torch is not installed.
        UserError: there is no such model, tag or file, or the file does not fit the model.
        ServiceError: the weights cannot be fetched.
    """
    try:
        from annotate.embed.openclip import OpenClip
    except ImportError as error:
        raise MissingExtra("searching by words and pictures", "annotate") from error
    return OpenClip(model, pretrained, device)


def model_name(model: str, pretrained: str) -> str:
    """Return what a model is called for people: files by their names, not by their paths."""
    if model.startswith(HUBS):
        return model
    return "/".join(Path(part).name if os.sep in part else part for part in (model, pretrained))


def unit(vectors: npt.ArrayLike) -> Vectors:
    """Return vectors scaled to length 1; a zero vector stays as it is."""
    array = np.asarray(vectors, np.float32)
    length = np.linalg.norm(array, axis=-1, keepdims=True)
    scaled: Vectors = np.divide(array, length, out=np.zeros_like(array), where=length > 0)
    return scaled
