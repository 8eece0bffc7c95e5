"""From pixels to the bytes of an image file: done once a sample, whatever the number of formats."""

from __future__ import annotations

import cv2
import numpy as np

from synthtext.geometry import Image
from synthtext.writers.base import ImageFormat

_TALL = 1.5


def lie_down(image: Image) -> Image:
    """Return a crop with h/w >= 1.5 turned counter-clockwise by 90 degrees, any other one as it is."""
    height, width = image.shape[:2]
    return np.rot90(image) if height >= _TALL * width else image


def encode(image: Image, image_format: ImageFormat, jpeg_quality: int) -> bytes:
    """Return the file of an image, (H, W, 3) RGB or (H, W) gray, uint8; without EXIF."""
    pixels = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    if image_format == "jpg":
        done, buffer = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality])
    else:
        done, buffer = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not done:
        raise ValueError(f"OpenCV could not encode an image of shape {image.shape} as {image_format}")
    return buffer.tobytes()
