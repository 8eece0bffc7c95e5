"""Codec: what compression leaves behind in still pictures."""

from __future__ import annotations

import io
from typing import Annotated

import cv2
import numpy as np
from PIL import Image as Pillow

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


class Webp(EffectSpec):
    """A picture that was once saved as WebP.

    Attributes:
        quality: of that file.
    """

    quality: Annotated[Range, Within(0, 100)] = Range(5, 60)


def webp(image: Image, *, quality: float) -> Image:
    """Return the image as it comes back from a lossy WebP file of this quality, written the fast way."""
    file = io.BytesIO()
    Pillow.fromarray(image).save(file, "WEBP", quality=int(quality), method=0)
    with Pillow.open(file) as stored:
        return np.asarray(stored.convert("L" if image.ndim == 2 else "RGB"))
