"""A reader behind HTTP: one's own service, in any language.

A picture is sent as `POST <url>` with the body of a PNG file and the query `task=detect`, a crop with `task=read`. The
answer is JSON, `{"regions": [{"points": [[x, y], ...], "text": "...", "score": 0.93, "char_scores": [...]}, ...]}`: for
a picture its places of text (`text` and `char_scores` may be left out, and are then asked for crop by crop), for a crop
one region, whose points do not matter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import cv2
import httpx
import numpy as np

from annotate.errors import ServiceError
from annotate.prelabel.reader import Found, Read
from synthtext.errors import UserError
from synthtext.geometry import Image


class RestReader:
    """Reads through a service.

    Args:
        url: `http://...` or `https://...`.
        timeout_s: for one answer.
    """

    def __init__(self, url: str, timeout_s: float = 60.0) -> None:
        self.name = rest_name(url)
        self._url = url
        self._client = httpx.Client(timeout=timeout_s)

    def detect(self, image: Image) -> list[Found]:
        """Find text in a picture."""
        return [_found(region) for region in self._asked("detect", image)]

    def read(self, crops: Sequence[Image]) -> list[Read]:
        """Read crops that lie down."""
        answers = [self._asked("read", crop) for crop in crops]
        return [(_read(regions[0]) if regions else None) or Read("", 0.0) for regions in answers]

    def _asked(self, task: str, image: Image) -> list[dict[str, Any]]:
        ok, data = cv2.imencode(".png", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        assert ok, "PNG takes any picture"
        try:
            headers = {"Content-Type": "image/png"}
            answer = self._client.post(self._url, params={"task": task}, content=data.tobytes(), headers=headers)
            answer.raise_for_status()
            regions = answer.json()["regions"]
        except httpx.HTTPError as error:
            raise ServiceError(f"{self._url}: {error or type(error).__name__}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ServiceError(f'{self._url}: the answer is no JSON with a list "regions"') from error
        if not isinstance(regions, list) or not all(isinstance(region, dict) for region in regions):
            raise ServiceError(f'{self._url}: "regions" is no list of objects')
        return regions


def rest_name(url: str) -> str:
    """Return the reader's name.

    Raises:
        UserError: the URL makes no sense.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(f"--reader: {url!r} is no http or https address")
    return f"rest {parts.hostname}{parts.path}"[:64]


def _found(region: dict[str, Any]) -> Found:
    try:
        points = tuple((float(x), float(y)) for x, y in region["points"])
        score = _score(region.get("score", 1.0))
    except (KeyError, TypeError, ValueError) as error:
        raise ServiceError(f"a region of the answer has no usable points or score: {region!r:.200}") from error
    if len(points) < 3 or not all(math.isfinite(value) for point in points for value in point):
        raise ServiceError(f"a region of the answer has no outline: {region!r:.200}")
    return Found(points, score, _read(region))


def _read(region: dict[str, Any]) -> Read | None:
    text = region.get("text")
    if text is None:
        return None
    try:
        scores = region.get("char_scores")
        chars = None if scores is None or len(scores) != len(text) else tuple(_score(value) for value in scores)
        return Read(str(text), _score(region.get("score", 1.0)), chars)
    except (TypeError, ValueError) as error:
        raise ServiceError(f"a region of the answer has no usable scores: {region!r:.200}") from error


def _score(value: Any) -> float:
    score = float(value)
    if not 0 <= score <= 1:
        raise ValueError(f"{score} is no score from 0 to 1")
    return score
