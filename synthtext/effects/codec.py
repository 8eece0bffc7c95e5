"""Codec: what compression leaves behind."""

from __future__ import annotations

from typing import Annotated

import cv2

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within


class Jpeg(EffectSpec):
    """A picture that was once saved as JPEG.

    Attributes:
        quality: of that file.
    """

    quality: Annotated[Range, Within(1, 100)] = Range(28, 80)


def jpeg(image: Image, *, quality: float) -> Image:
    """Return the image as it comes back from a JPEG file of this quality."""
    # Channel order matters to the encoder's colour conversion; RGB in place of BGR would shift the artefacts' hue.
    source = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    _, data = cv2.imencode(".jpg", source, (cv2.IMWRITE_JPEG_QUALITY, int(quality)))
    flag = cv2.IMREAD_COLOR_RGB if image.ndim == 3 else cv2.IMREAD_GRAYSCALE
    return cv2.imdecode(data, flag)  # type: ignore[return-value]
