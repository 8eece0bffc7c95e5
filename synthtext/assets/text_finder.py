"""Finding text that a photograph already holds: the one place that knows an OCR engine.

The engine is optional and is loaded when it is first needed. Its detector alone sees text in waves, leaves and
window fronts, even across a whole picture of sand. So every place that it names is read as well: words that can be
read are text; what cannot be read (a script that the reader does not know) is text when the detector is sure of it
and it has the size of text.
"""

from __future__ import annotations

import importlib.metadata
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from synthtext.geometry import Floats, Image, Warp
from synthtext.quads import enclosing_boxes, side_lengths, signed_area

EXTRA = "pip install 'synthtext[textfinder]'"

# Places of a lower score are not kept.
LEAST_SCORE = 0.3

# Raise this when the same engine is to be asked again: what is in the cache was found under another rule.
_RULES = 1
# Longer sides in which the detector sees a photograph: in the first it finds small letters, in the second large ones
# and those that lie in what looked like one huge text.
_DETECT_PX = (960, 480)
_SAME = 0.5  # of two places that overlap by this much (intersection over union) the surer one is kept
# Only so many of the largest places of a photograph are read; one that has more holds text in any case.
_READ = 40
_LEAST_LETTERS = 2
_LEAST_SIDE_PX = 16
_MOST_SHARE = 0.25
_UNLIKELY = 0.5
_COLUMN = 1.5  # height to width from which a place is read as a column, turned to lie down


@dataclass(frozen=True, slots=True, eq=False)
class TextFound:
    """The text that was found in a photograph.

    Attributes:
        quads: (N, 4, 2) float32, pixels of the decoded photograph of the size `size_wh`, right to a pixel or two.
        scores: (N,) float32 in [0, 1], how sure it is that there is text.
        size_wh: width and height, in pixels, of the photograph as it was looked at; (0, 0) if it is unreadable.
    """

    quads: Floats
    scores: Floats
    size_wh: tuple[int, int]

    @staticmethod
    def none(size_wh: tuple[int, int]) -> TextFound:
        """Return that nothing was found."""
        return TextFound(np.zeros((0, 4, 2), np.float32), np.zeros(0, np.float32), size_wh)

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def share(self) -> float:
        """The share of the photograph that the quads cover; where they overlap it counts twice, at most 1."""
        width, height = self.size_wh
        return min(1.0, float(np.abs(signed_area(self.quads)).sum()) / (width * height)) if len(self) else 0.0

    def sure(self, least: float) -> TextFound:
        """Return what has at least this score."""
        kept = self.scores >= np.float32(least)
        return TextFound(self.quads[kept], self.scores[kept], self.size_wh)

    def scaled(self, size_wh: tuple[int, int]) -> TextFound:
        """Return the same in the pixels of the photograph decoded to another size."""
        if not len(self):
            return TextFound.none(size_wh)
        scale = np.array([size_wh[0] / self.size_wh[0], size_wh[1] / self.size_wh[1]], np.float32)
        return TextFound(self.quads * scale, self.scores, size_wh)


Find = Callable[[Image], TextFound]


@dataclass(frozen=True, slots=True)
class TextFinder:
    """A way to find text.

    Attributes:
        name: another name is another finder, which is asked again about photographs that the first one knew.
        open: returns the function that looks at one photograph, (H, W, 3) uint8 RGB; called once a thread.
    """

    name: str
    open: Callable[[], Find]


def shipped_finder() -> TextFinder | None:
    """Return the finder that works with rapidocr, None where that is not installed."""
    try:
        version = importlib.metadata.version("rapidocr")
        importlib.metadata.version("onnxruntime")
    except importlib.metadata.PackageNotFoundError:
        return None
    # Models change from one minor version to the next, if at all.
    return TextFinder(f"rapidocr {'.'.join(version.split('.')[:2])}, rules {_RULES}", _open_rapidocr)


def _open_rapidocr() -> Find:
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime looks at it when it is imported
    settings: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.use_preprocess_img": False,  # would resize small pictures, and bend them
        "Global.text_score": 0.0,
        "Det.limit_side_len": max(_DETECT_PX),
        "Det.limit_type": "max",
        "Det.box_thresh": LEAST_SCORE,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # one photograph a thread is faster
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rapidocr import RapidOCR

        engine: Any = RapidOCR(params=settings)  # what it returns has another type for each of its steps

    def find(image: Image) -> TextFound:
        size_wh = image.shape[1], image.shape[0]
        bgr = np.ascontiguousarray(image[..., ::-1])  # as rapidocr takes it
        quads, detected = _places(engine, bgr)
        if not len(quads):
            return TextFound.none(size_wh)
        shares = np.abs(signed_area(quads)) / (size_wh[0] * size_wh[1])
        readings = _readings(engine, bgr, quads, np.argsort(-shares, kind="stable")[:_READ].tolist())
        shorts = side_lengths(quads).min(axis=1)
        scores = np.array(list(map(evidence, detected, readings, shares.tolist(), shorts.tolist())), np.float32)
        kept = _surest(quads, scores)
        return TextFound(quads[kept], scores[kept], size_wh)

    return find


def evidence(detected: float, reading: tuple[str, float], share: float, short_px: float) -> float:
    """Return how sure it is, in [0, 1], that there is text at a place.

    Args:
        detected: the detector's score.
        reading: what is read there, and the reader's score. A single letter is no evidence: a pole is an I.
        share: of the photograph that the place covers.
        short_px: the place's shorter side.
    """
    text, read = reading
    letters = sum(char.isalnum() for char in text)
    likely = share <= _MOST_SHARE and short_px >= _LEAST_SIDE_PX
    return max(detected if likely else detected * _UNLIKELY, read if letters >= _LEAST_LETTERS else 0.0)


def _places(engine: Any, bgr: Image) -> tuple[Floats, list[float]]:
    """Return what the detector names: (N, 4, 2) quads in pixels of the image, and its scores."""
    quads: list[Floats] = [np.zeros((0, 4, 2), np.float32)]
    scores: list[float] = []
    height, width = bgr.shape[:2]
    for side_px in _DETECT_PX:
        scale = min(1.0, side_px / max(width, height))
        if scale == 1.0 and side_px != max(_DETECT_PX):
            continue
        size_wh = max(1, round(width * scale)), max(1, round(height * scale))
        seen = cv2.resize(bgr, size_wh, interpolation=cv2.INTER_AREA) if scale < 1.0 else bgr
        found = engine(seen, use_det=True, use_cls=False, use_rec=False)
        if found.boxes is not None and len(found.boxes):
            corners = np.asarray(found.boxes, np.float32).reshape(-1, 4, 2)
            quads.append(corners * np.array([width / size_wh[0], height / size_wh[1]], np.float32))
            scores.extend(map(float, found.scores))
    return np.concatenate(quads), scores


def _readings(engine: Any, bgr: Image, quads: Floats, numbers: list[int]) -> list[tuple[str, float]]:
    """Return the text and the score of each place; ("", 0) for those whose numbers are not given."""
    found = [("", 0.0)] * len(quads)
    for number in numbers:
        read = engine(_upright(bgr, quads[number]), use_det=False, use_cls=False, use_rec=True)
        if read.txts:
            found[number] = (str(read.txts[0]), float(read.scores[0]))
    return found


def _upright(image: Image, quad: Floats) -> Image:
    """Return what a quad shows, as a picture of its own; a column turned by 90 degrees counter-clockwise."""
    top, right, bottom, left = side_lengths(quad[None])[0]
    width, height = max(1, round(max(top, bottom))), max(1, round(max(left, right)))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    cut: Image = Warp.between(quad, corners).image(image, (width, height), border=None)
    if height < _COLUMN * width:
        return cut
    return np.ascontiguousarray(np.rot90(cut))


def _surest(quads: Floats, scores: Floats) -> list[int]:
    """Return which places are kept, ascending: none that is much the same as a surer one."""
    boxes = enclosing_boxes(quads)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    for number in np.argsort(-scores, kind="stable").tolist():
        low, high = np.maximum(boxes[kept, :2], boxes[number, :2]), np.minimum(boxes[kept, 2:], boxes[number, 2:])
        common = np.clip(high - low, 0, None).prod(axis=1)
        if not (common > _SAME * (areas[kept] + areas[number] - common)).any():
            kept.append(number)
    return sorted(kept)
