"""The lettering that a photograph holds of its own, which new text keeps off: likely, or found by the text finder."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.photo_files import decode_photo
from synthtext.assets.photos import Photo
from synthtext.assets.regions import RegionMap
from synthtext.assets.text_finder import EXTRA, TextFound, shipped_finder
from synthtext.assets.text_findings import found_text
from synthtext.assets.text_search import LOOKED_AT
from synthtext.errors import AssetError

KeepOff = Literal["likely", "found", "none"]

_LEAST_SCORE = 0.5
_GROWN_PX = 1


def own_text(photo: Photo, regions: RegionMap, keep_off: KeepOff, use_cache: bool = True) -> NDArray[np.uint8] | None:
    """Return (h, w) uint8, as large as the map of regions, 1 where new text must not stand; None for nowhere.

    Args:
        keep_off: `likely` for what looks like lettering, `found` for what the text finder names.

    Raises:
        AssetError: nobody has looked for text in the photograph, and the text finder is not installed.
    """
    if keep_off == "none":
        return None
    if keep_off == "likely" or not photo.path:
        return regions.text
    height, width = regions.labels.shape
    found = (found_text(photo.path, use_cache) or _looked(photo.path)).sure(_LEAST_SCORE).scaled((width, height))
    if not len(found):
        return None
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, np.rint(found.quads).astype(np.int32), 1)  # type: ignore[call-overload]
    return cv2.dilate(mask, np.ones((2 * _GROWN_PX + 1,) * 2, np.uint8))  # type: ignore[return-value]


def _looked(path: str) -> TextFound:
    """Return what the text finder sees now: without a cache nobody can have looked before."""
    finder = shipped_finder()
    if finder is None:
        raise AssetError(
            f"backgrounds: nobody has looked for text in {path}, and what looks for it is not installed; "
            f"{EXTRA}, or set background.keep_off_text to likely"
        )
    return finder.open()(decode_photo(path, LOOKED_AT).image)
