"""Whether a picture's score maps are there, of the right kind, and hot where its characters are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from synthtext.geometry import Floats
from synthtext.labels.craft import Scene
from synthtext.labels.faults import Fault, OnFault
from synthtext.labels.maps import Heat, affinity_quads, sound
from synthtext.quads import side_lengths
from synthtext.writers.base import PageOptions
from synthtext.writers.craft import map_name

_DO = "make its shard again"
# In smaller boxes no pixel need lie near the peak.
_LEAST_SIDE_PX = 4.0
_PEAK = 0.5
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MapFiles:
    """The maps of a dataset.

    Attributes:
        pages: how they were written.
    """

    pages: PageOptions

    def check(self, root: Path, index: int, scene: Scene, image_wh: tuple[int, int], on_fault: OnFault) -> None:
        """Report what is wrong with the maps of a picture of this size.

        Args:
            root: the folder of the part.
        """
        half = self.pages.maps_size == "half"
        width, height = self.pages.map_style.size_wh(image_wh)
        scale = np.float32(0.5 if half else 1.0)
        quads = {"region": scene.char_quads * scale, "affinity": _links(scene) * scale}
        for kind in ("region", "affinity", "confidence"):
            path = root / kind / map_name(kind, index, self.pages)
            heat = _load(path)
            if heat is None:
                what = "cannot be read" if path.exists() else "the map is missing"
                on_fault(Fault(str(path), what, _DO))
                continue
            wanted = np.dtype("float32" if path.suffix == ".npy" else "uint8")
            if heat.shape != (height, width) or heat.dtype != wanted:
                what = f"holds {heat.dtype} of shape {heat.shape}, not {wanted} of {(height, width)}"
                on_fault(Fault(str(path), what, _DO))
            elif kind != "confidence":
                # What the border cuts off has its peak elsewhere.
                whole = ((quads[kind] > 0) & (quads[kind] < (width, height))).all(axis=(1, 2))
                for what in _faults(heat, quads[kind][whole]):
                    on_fault(Fault(str(path), what, _DO))


def _faults(heat: Heat, quads: Floats) -> list[str]:
    most = 255 if heat.dtype == np.uint8 else 1
    if not np.isfinite(heat).all() or heat.min() < 0 or heat.max() > most:
        return [f"values are outside 0..{most}"]
    if not len(quads):
        return []
    large = sound(quads) & (side_lengths(quads).min(axis=1) >= _LEAST_SIDE_PX)
    columns, rows = np.floor(quads[large].mean(axis=1)).astype(int).T
    inside = (rows >= 0) & (columns >= 0) & (rows < heat.shape[0]) & (columns < heat.shape[1])
    cold = np.flatnonzero(heat[rows[inside], columns[inside]] < _PEAK * most)
    if not len(cold):
        return []
    places = list(zip(columns[inside][cold].tolist(), rows[inside][cold].tolist(), strict=True))
    shown = ", ".join(map(str, places[:_SHOWN]))
    return [f"{len(cold)} of {int(inside.sum())} boxes have no peak in their middle (at {shown})"]


def _links(scene: Scene) -> Floats:
    """Return the affinity quads of a picture's words, from boxes whose first sides lie along the words."""
    links = [np.zeros((0, 4, 2), np.float32)]
    start = 0
    for word in scene.words:
        quads = scene.char_quads[start : start + len(word)]
        start += len(word)
        # A grapheme of several code points has its box several times.
        apart = np.ones(len(quads), bool)
        apart[1:] = np.any(quads[1:] != quads[:-1], axis=(1, 2))
        links.append(affinity_quads(quads[apart]))
    return np.concatenate(links)


def _load(path: Path) -> Heat | None:
    try:
        if path.suffix == ".npy":
            array: Heat = np.load(path, allow_pickle=False)
            return array
        return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    except (OSError, ValueError, EOFError, cv2.error):
        return None
