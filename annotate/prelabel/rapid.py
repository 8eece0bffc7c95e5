"""rapidocr, with the models that it brings or with ONNX files of one's own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotate.errors import MissingExtra
from annotate.prelabel.reader import Found, Read
from synthtext.errors import UserError
from synthtext.geometry import Image

DETECT_PX = 960
_LEAST_SCORE = 0.3
_BATCH = 6
# The settings of rapidocr that name a file of one's own.
_FILES = {"det": "Det.model_path", "rec": "Rec.model_path", "keys": "Rec.rec_keys_path"}


class RapidReader:
    """Reads with rapidocr on one thread: as many readers as cores are faster than one on all of them.

    Args:
        files: `det` and `rec`, ONNX models with the interface of PaddleOCR's; `keys`, the characters that `rec` knows,
            one a line, where the model does not hold them itself.
        detect_px: the longer side in which the detector sees a picture.
    """

    def __init__(self, files: dict[str, Path] | None = None, detect_px: int = DETECT_PX) -> None:
        self.name = rapid_name(files or {})
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime looks at it when it is imported
        settings: dict[str, Any] = {
            "Global.log_level": "error",
            "Global.use_preprocess_img": False,
            "Global.text_score": 0.0,
            "Det.limit_side_len": detect_px,
            "Det.limit_type": "max",
            "Det.box_thresh": _LEAST_SCORE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            **{_FILES[key]: str(path) for key, path in (files or {}).items()},
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from rapidocr import RapidOCR
            from rapidocr.ch_ppocr_rec import TextRecInput

            self._engine: Any = RapidOCR(params=settings)  # what it returns has another type for each of its steps
            self._input: Any = TextRecInput

    def detect(self, image: Image) -> list[Found]:
        """Find text in a picture."""
        found: Any = self._engine(np.ascontiguousarray(image[..., ::-1]), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None or not len(found.boxes):
            return []
        quads = np.asarray(found.boxes, np.float64).reshape(-1, 4, 2).tolist()
        scores = [float(score) for score in found.scores]
        return [Found(tuple((x, y) for x, y in quad), score) for quad, score in zip(quads, scores, strict=True)]

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Read crops that lie down."""
        if not crops:
            return []
        recogniser = self._engine._load_rec_model()  # its public call reads one crop a time, which is slower
        bgr = [np.ascontiguousarray(crop[..., ::-1]) for crop in crops]
        read = recogniser(self._input(img=bgr, return_word_box=True))
        return [
            _read(str(text), float(score), words)
            for text, score, words in zip(read.txts, read.scores, read.word_results, strict=True)
        ]


def rapid_name(files: dict[str, Path]) -> str:
    """Return the reader's name, which says which rapidocr and which files.

    Raises:
        MissingExtra: rapidocr is not installed.
        UserError: a file is not there.
    """
    try:
        version = ".".join(importlib.metadata.version("rapidocr").split(".")[:2])
        importlib.metadata.version("onnxruntime")
    except importlib.metadata.PackageNotFoundError as error:
        raise MissingExtra("The reader rapidocr", "annotate") from error
    if not files:
        return f"rapidocr {version}"
    digest = hashlib.sha256()
    for key, path in sorted(files.items()):
        if not path.is_file():
            raise UserError(f"--reader: {key}={path}: no such file")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    main = files.get("rec") or files.get("det") or next(iter(files.values()))
    return f"onnx {main.stem[:40]} {digest.hexdigest()[:8]}"


def _read(text: str, score: float, words: Any) -> Read:
    scores: list[float] = list(getattr(words, "confs", None) or [])
    return Read(text, score, tuple(map(float, scores)) if text and len(scores) == len(text) else None)
