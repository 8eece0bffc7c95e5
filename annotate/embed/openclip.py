"""The towers of an open_clip model: its weights from a tag, a hub or a file; on the GPU if there is one.

A picture is squashed to the model's square and not cropped: a centre crop would cut off the ends of banners, tickers
and plates, which are what people look for here.
"""

from __future__ import annotations

import hashlib
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Before the hub's client is loaded: it counts its users unless it is told not to.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import cv2
import numpy as np
import open_clip
import torch

from annotate.embed.towers import HUBS, Vectors, model_name, unit
from annotate.errors import ServiceError
from synthtext.errors import UserError
from synthtext.geometry import Image

_PER_BATCH = 64
_MOST_TOLD = 2000


class OpenClip:
    """An open_clip model as a `Tower`.

    Raises:
        UserError: there is no such model, tag or file, or the file does not fit the model.
        ServiceError: the weights cannot be fetched.
    """

    def __init__(self, model: str, pretrained: str, device: str | None = None) -> None:
        self.name = model_name(model, pretrained)
        self._told: dict[str, Vectors] = {}
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        known = _known(model)
        _check(model, known, pretrained)
        with _quiet():
            self._model = _load(model, known, pretrained)
            self._tokens = _tokenizer(model, known)
        self._model.eval().to(self._device)
        config = dict(self._model.visual.preprocess_cfg)
        size = config["size"]
        self.size_wh = (size, size) if isinstance(size, int) else (int(size[1]), int(size[0]))
        self._mean = np.asarray(config["mean"], np.float32) * 255
        self._scale = 1 / (np.asarray(config["std"], np.float32) * 255)
        self.revision = _revision(self._model)
        self.dim = self.texts(["a"]).shape[1]

    def images(self, images: Sequence[Image]) -> Vectors:
        """Return unit vectors (N, dim) of pictures of any size."""
        found = [self._images(images[at : at + _PER_BATCH]) for at in range(0, len(images), _PER_BATCH)]
        return np.concatenate(found) if found else np.zeros((0, self.dim), np.float32)

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (N, dim) of texts; those asked for before (the next page, a prompt pack) are kept."""
        new = [text for text in dict.fromkeys(texts) if text not in self._told]
        if new:
            with torch.inference_mode():
                found = _unit(self._model.encode_text(self._tokens(new).to(self._device)))
            if len(self._told) > _MOST_TOLD:
                self._told.clear()
                return self.texts(texts)
            self._told.update(zip(new, found, strict=True))
        return np.stack([self._told[text] for text in texts])

    def _images(self, images: Sequence[Image]) -> Vectors:
        ready = np.stack([(_squash(image, self.size_wh) - self._mean) * self._scale for image in images])
        batch = torch.from_numpy(np.ascontiguousarray(ready.transpose(0, 3, 1, 2))).to(self._device)
        half = self._device.type == "cuda"
        with torch.inference_mode(), torch.autocast(self._device.type, torch.float16, enabled=half):
            return _unit(self._model.encode_image(batch))


def _squash(image: Image, size_wh: tuple[int, int]) -> np.ndarray[Any, np.dtype[np.float32]]:
    smaller = image.shape[1] > size_wh[0] or image.shape[0] > size_wh[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cv2.resize(image, size_wh, interpolation=how).astype(np.float32)


def _unit(found: torch.Tensor) -> Vectors:
    return unit(found.float().cpu().numpy())


def _known(model: str) -> str:
    """Return the name by which open_clip knows the model; one described by a JSON file is made known first."""
    if not model.endswith(".json"):
        return model.replace("/", "-") if not model.startswith(HUBS) else model
    path = Path(model)
    if not path.is_file():
        raise UserError(f"--clip-model: {model}: no such file")
    try:
        open_clip.add_model_config(path)
    except (ValueError, OSError) as error:
        raise UserError(f"--clip-model: {model}: describes no open_clip model: {error}") from error
    if path.stem not in open_clip.list_models():
        raise UserError(
            f"--clip-model: {model}: is no description of an open_clip model: embed_dim, vision_cfg, text_cfg"
        )
    return path.stem


def _check(model: str, known: str, pretrained: str) -> None:
    if known.startswith("local-dir:") and not Path(known.removeprefix("local-dir:")).is_dir():
        raise UserError(f"--clip-model: {known.removeprefix('local-dir:')}: no such folder")
    if known.startswith(HUBS):
        return
    if known not in open_clip.list_models():
        raise UserError(f"--clip-model: open_clip knows no model {model!r}; such as xlm-roberta-base-ViT-B-32")
    tags = open_clip.list_pretrained_tags_by_model(known)
    if not Path(pretrained).is_file() and pretrained not in tags:
        offered = f"one of {', '.join(tags)}, or a file" if tags else "the path of a checkpoint"
        raise UserError(f"--clip-pretrained: {pretrained!r} is no file and no tag of {model}; give {offered}")


def _load(model: str, known: str, pretrained: str) -> Any:
    from_file = not known.startswith(HUBS) and Path(pretrained).is_file()
    try:
        if known.startswith(HUBS):
            return open_clip.create_model(known, weights_only=True, require_pretrained=True)
        return open_clip.create_model(known, pretrained, weights_only=True, require_pretrained=True)
    except Exception as error:  # the loaders of open_clip, torch and the hub have no common class of errors
        if from_file:
            raise UserError(
                f"--clip-pretrained: {pretrained}: is no checkpoint of {model}: {_first_line(error)}"
            ) from error
        if known.startswith("local-dir:"):
            raise UserError(f"--clip-model: {model}: {_first_line(error)}") from error
        raise ServiceError(
            f"the weights of {model_name(model, pretrained)} cannot be fetched; is there a network? Fetch them once "
            f"where there is one, or give a file: --clip-pretrained PATH"
        ) from error


def _tokenizer(model: str, known: str) -> Any:
    try:
        return open_clip.get_tokenizer(known)
    except Exception as error:  # as above
        raise ServiceError(f"the tokenizer of {model} cannot be fetched; is there a network?") from error


def _revision(model: Any) -> str:
    # The beginning of every tensor: enough to tell any two trainings apart, and quick for the largest model.
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(value.shape)} ".encode())
        digest.update(value.flatten()[:256].float().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the loaders' chatter off the user's terminal; what matters is raised."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
