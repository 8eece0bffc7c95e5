"""From an image file of any kind to upright RGB pixels of a bounded size, or to the reason why not.

Pillow decodes, because it raises where OpenCV fills the missing half of a broken JPEG with gray and goes on.
"""

from __future__ import annotations

import os
import struct
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from synthtext.errors import AssetError
from synthtext.geometry import Image

MAX_MEGAPIXELS = 100
MIN_SIDE_PX = 32

# What Pillow's decoders raise on damaged files; anything else is a bug of ours.
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    MemoryError,
)


class Unreadable(AssetError):
    """A file that is not a photograph we can use; the text is the reason alone, without the path.

    Attributes:
        group: the reason without what is particular to this file.
    """

    def __init__(self, reason: str, group: str | None = None) -> None:
        super().__init__(reason)
        self.group = group or reason


@dataclass(frozen=True, slots=True)
class PhotoLimit:
    """How big a decoded photograph may be.

    Attributes:
        side_px: longest side.
        area_px: number of pixels.
    """

    side_px: int
    area_px: int

    def fitted(self, size_wh: tuple[int, int]) -> tuple[int, int]:
        """Return the size that a photograph of this size is reduced to; never enlarged."""
        width, height = size_wh
        scale = min(1.0, self.side_px / max(width, height), (self.area_px / (width * height)) ** 0.5)
        return max(1, int(width * scale)), max(1, int(height * scale))


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """Upright pixels (H, W, 3) uint8 RGB, and what the file was.

    Attributes:
        file_wh: size in the file, as stored.
        mode: how the file stores pixels, in Pillow's word: RGB, L (gray), CMYK, P (palette), I;16 (16
            bits), ...
        format: JPEG, PNG, ...
        turned: the file's EXIF tag said that its pixels must be turned or mirrored.
    """

    image: Image
    file_wh: tuple[int, int]
    mode: str
    format: str
    turned: bool


def decode_photo(path: str, limit: PhotoLimit) -> DecodedPhoto:
    """Return the photograph in a file, upright, reduced to the limit.

    Transparent pixels come out white; 16-bit files keep their upper eight bits; an animation gives its
    first frame.

    Raises:
        Unreadable: with the reason.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if os.path.getsize(path) == 0:
                raise Unreadable("empty file")
            with Pillow.open(path) as source:
                return _decoded(source, limit)
        except UnidentifiedImageError as error:
            raise Unreadable("not an image") from error
        except Pillow.DecompressionBombError as error:
            raise Unreadable(f"more than {MAX_MEGAPIXELS} megapixels") from error
        except FileNotFoundError as error:
            raise Unreadable("no such file") from error
        except PermissionError as error:
            raise Unreadable("no permission to read it") from error
        except _DAMAGED as error:
            detail = str(error).partition("\n")[0] or type(error).__name__
            raise Unreadable(f"damaged ({detail})", "damaged") from error


def _decoded(source: Pillow.Image, limit: PhotoLimit) -> DecodedPhoto:
    width, height = source.size
    if width * height > MAX_MEGAPIXELS * 1_000_000:
        group = f"more than {MAX_MEGAPIXELS} megapixels"
        raise Unreadable(f"{width}x{height} is {group}", group)
    if min(width, height) < MIN_SIDE_PX:
        raise Unreadable(f"{width}x{height} is too small (at least {MIN_SIDE_PX} pixels a side)", "too small")
    mode, kind = source.mode, source.format or "?"
    goal_wh = limit.fitted((width, height))
    if mode in ("RGB", "L"):
        source.draft(mode, goal_wh)  # JPEG only: the decoder itself halves as often as the goal allows
    try:
        upright = ImageOps.exif_transpose(source)
    except _DAMAGED:
        source.load()  # raises again when the pixels, not the tag, are damaged
        upright = source
    turned = upright is not source and _orientation(source) > 1
    image = _rgb(upright)
    if upright.size[0] * upright.size[1] > goal_wh[0] * goal_wh[1]:
        fitted_wh = limit.fitted(upright.size)
        image = cv2.resize(image, fitted_wh, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return DecodedPhoto(image, (width, height), mode, kind, turned)


def _orientation(source: Pillow.Image) -> int:
    value = source.getexif().get(0x0112, 1)
    return value if isinstance(value, int) else 1


def _rgb(source: Pillow.Image) -> Image:
    """Return (H, W, 3) uint8 RGB from any mode.

    Raises:
        Unreadable: a mode without a fixed range of brightness.
    """
    if source.mode.startswith("I"):
        gray = np.clip(np.asarray(source).astype(np.int64), 0, 65535) >> 8
        return np.repeat(gray.astype(np.uint8)[..., None], 3, axis=2)
    if source.mode == "F":
        raise Unreadable("floating-point pixels")
    if source.has_transparency_data:
        layer = source.convert("RGBA")
        ground = Pillow.new("RGBA", layer.size, (255, 255, 255, 255))
        return np.array(Pillow.alpha_composite(ground, layer).convert("RGB"))
    return np.array(source.convert("RGB"))
