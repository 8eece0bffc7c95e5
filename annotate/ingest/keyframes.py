"""Which frames of a clip are worth keeping: new shots, and new words on a shot that goes on.

Two signs of change, each measured against what the clip itself does:

* The *picture* changes from one look to the next by more than the clip's own recent unrest (median and spread of the
  last looks): a cut, a wipe, a flash. Or it has drifted far from the last frame that was kept: a pan, a ticker.
* *Words* change. An overlay stands still while the picture moves: edges that stay in their place over several looks are
  taken for it, and compared block by block with those of the last frame that was kept. Words that go are nothing new;
  words that come are.

A frame is kept once it has settled, so that it shows neither half a dissolve nor half a fade-in.
"""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Edges = NDArray[np.bool_]

# The size of what is looked at, and how often.
LOOK_WIDTH = 320
LOOK_MS = 120
_BLOCK_PX = 16
# Grey levels. Below this, a difference between two looks is the camera's or the codec's noise.
_NOISE = 4.0
_CUT = 14.0
_DRIFT = 22.0
_FLAT = 3.0
_SPREADS = 6.0
_EDGE = 160
# An edge stands still when its pixels have changed by no more than so many grey levels over so many looks.
_STILL_LOOKS, _STILL_LEVELS = 4, 16
# Words come at once, a slow pan brings its edges little by little: compared with so many looks before.
_SUDDEN_LOOKS = 1
# Of a block's edge pixels each way: how many must be new, and what part of all.
_NEW_PIXELS, _NEW_PART = 10, 0.25
_GAP_MS, _DRIFT_GAP_MS, _SETTLE_MS = 400, 3000, 700
_MEMORY = 48


class KeyFrames:
    """Looks at the frames of one clip in order and says of each whether to keep it."""

    def __init__(self) -> None:
        self._before: Gray | None = None
        self._kept: Gray | None = None
        self._kept_edges: Edges | None = None
        self._kept_at = -_DRIFT_GAP_MS
        self._unrest: deque[float] = deque(maxlen=_MEMORY)
        self._looks: deque[Gray] = deque(maxlen=_STILL_LOOKS)
        self._words: deque[Edges] = deque(maxlen=_SUDDEN_LOOKS + 1)
        self._due_since: int | None = None

    def keep(self, time_ms: int, gray: Gray) -> bool:
        """Whether to keep the frame that is shown at this time.

        Args:
            gray: (H, W) uint8, about LOOK_WIDTH wide; every LOOK_MS or so.
        """
        move = float(np.mean(cv2.absdiff(gray, self._before))) if self._before is not None else 0.0
        self._before = gray
        self._looks.append(gray)
        self._words.append(self._still())
        restless = move > self._threshold()
        self._unrest.append(move)
        if float(gray.std()) < _FLAT:  # black, white, a fade
            self._due_since = None
            return False
        if self._due_since is None and (restless or self._is_new(time_ms, gray)):
            self._due_since = time_ms
        if self._due_since is None or time_ms - self._kept_at < _GAP_MS:
            return False
        waited = time_ms - self._due_since
        # Words stand still only after some looks, and a cut may fall in the middle of them.
        settled = move < max(_NOISE, self._threshold() / 2) and waited >= (_STILL_LOOKS - 1) * LOOK_MS
        if not (settled or waited >= _SETTLE_MS):
            return False
        self._due_since = None
        if not self._differs(gray):  # a flash, or back where it was
            return False
        self._kept, self._kept_at, self._kept_edges = gray, time_ms, edges_of(gray)
        return True

    def _threshold(self) -> float:
        if len(self._unrest) < 4:
            return _CUT
        values = np.asarray(self._unrest)
        middle = float(np.median(values))
        spread = float(np.median(np.abs(values - middle)))
        return float(np.clip(middle + _SPREADS * max(spread, 0.5), _NOISE + 2, 2 * _CUT))

    def _is_new(self, time_ms: int, gray: Gray) -> bool:
        if self._kept is None or self._kept_edges is None:
            return True
        now = self._words[-1]
        if new_words(self._words[0], now) and new_words(self._kept_edges, now):
            return True
        return time_ms - self._kept_at >= _DRIFT_GAP_MS and float(np.mean(cv2.absdiff(gray, self._kept))) > _DRIFT

    def _differs(self, gray: Gray) -> bool:
        if self._kept is None or self._kept_edges is None:
            return True
        far = float(np.mean(cv2.absdiff(gray, self._kept))) > _NOISE + 2
        return far or new_words(self._kept_edges, self._words[-1])

    def _still(self) -> Edges:
        looks = np.stack(self._looks)
        if len(looks) < _STILL_LOOKS:
            return np.zeros((2, *looks.shape[1:]), np.bool_)
        still: Edges = edges_of(looks[-1]) & (looks.max(0) - looks.min(0) <= _STILL_LEVELS)
        return still


def edges_of(gray: Gray) -> Edges:
    """Return where the picture changes steeply, as at the strokes of letters.

    Returns:
        (2, H, W) bool: changes from left to right, and from top to bottom. A pan along an edge leaves it where it is;
        letters have edges both ways.
    """
    across, down = cv2.Sobel(gray, cv2.CV_16S, 1, 0), cv2.Sobel(gray, cv2.CV_16S, 0, 1)
    return np.stack([np.abs(across) > _EDGE, np.abs(down) > _EDGE])


def new_words(before: Edges, now: Edges) -> bool:
    """Whether strokes have come in some neighbouring blocks, in place of others or of none."""
    fresh, all_now = _by_block(now & ~before), _by_block(now)
    changed = np.logical_and.reduce((fresh >= _NEW_PIXELS) & (fresh >= _NEW_PART * all_now), axis=0)
    return bool((changed[:, :-1] & changed[:, 1:]).any())  # text is wider than a block


def _by_block(edges: Edges) -> NDArray[np.int64]:
    height, width = (side // _BLOCK_PX for side in edges.shape[1:])
    cut = edges[:, : height * _BLOCK_PX, : width * _BLOCK_PX]
    return np.asarray(cut.reshape(2, height, _BLOCK_PX, width, _BLOCK_PX).sum(axis=(2, 4)), np.int64)
