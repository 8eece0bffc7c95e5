"""Looking at the bytes of one picture: is it whole, how large, which way up, what does it look like in small.

No database and no paths. Whatever a file does to a decoder ends as `Broken`, with a reason for people.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

import imagehash
import numpy as np
from PIL import Image, ImageOps

from annotate.media import MAX_PIXELS, scaled_wh, thumb_bytes
from synthtext.errors import SynthtextError

# What may be in a pool. Named, so that a file cannot choose a decoder (PostScript, say) by its first bytes.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "JPEG2000", "AVIF", "PPM")
# Every browser and OpenCV show these as they are.
_PLAIN = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp", "BMP": ".bmp"}
_PLAIN_MODES = {"RGB", "L"}
MAX_BYTES = 256 * 2**20
_ORIENTATION = 0x0112
_DRAFT_PX = 512
Image.init()  # decoders that are named above are loaded only then


class Broken(SynthtextError):
    """The file is no picture that can be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a picture's bytes say.

    Attributes:
        digest, md5: of the bytes, hex.
        width, height: upright.
        phash: of the upright picture, 16 hex digits.
        thumb: a JPEG file.
        suffix: that the stored file has, with its dot.
        upright: the file to keep in place of the original, which cannot be shown as it is; None where it can.
    """

    digest: str
    md5: str
    size_bytes: int
    width: int
    height: int
    phash: str
    thumb: bytes
    suffix: str
    upright: bytes | None


def examine(data: bytes) -> Examined:
    """Return what there is to know of a picture; all of it is decoded once, so that a file cut short is found out.

    Raises:
        Broken: it is empty, no picture, cut short, or would need too much memory.
    """
    if not data:
        raise Broken("the file is empty")
    digest = hashlib.sha256(data).hexdigest()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large and odd files: what matters ends as an error or is checked here
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            check_size(*image.size)
            size_wh = image.size
            plain = image.format in _PLAIN and _is_plain(image)
            if plain:
                # All of the file is read, a part of it is transformed.
                image.draft("RGB", scaled_wh(size_wh, _DRAFT_PX))
            image.load()
            upright = image if plain else ImageOps.exif_transpose(_flat(image))
            thumb = thumb_bytes(upright)
    except Broken:
        raise
    except Image.DecompressionBombError as error:
        found = re.search(r"\d+", str(error))  # it says of pixels what a person need not read
        count = f"{int(found[0]):,}" if found else "too many"
        raise Broken(f"refused before decoding: its header says {count} pixels; {MAX_PIXELS:,} may be") from error
    except Exception as error:  # decoders raise anything on what a file may hold
        raise Broken(_reason(error)) from error
    width, height = size_wh if plain else upright.size
    suffix = _PLAIN.get(image.format or "", "") if plain else ".png" if _lossless(image) else ".jpg"
    return Examined(
        digest=digest,
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        size_bytes=len(data),
        width=width,
        height=height,
        phash=perceptual_hash(thumb),
        thumb=thumb,
        suffix=suffix,
        upright=None if plain else _encoded(upright, suffix),
    )


def check_size(width: int, height: int) -> None:
    """Refuse a picture by the size that its header claims, before any of it is decoded.

    Raises:
        Broken: it has no pixels, or too many.
    """
    if width < 1 or height < 1:
        raise Broken("it has no pixels")
    if width * height > MAX_PIXELS:
        raise Broken(f"refused before decoding: its header says {width:,} x {height:,} pixels; {MAX_PIXELS:,} may be")


def perceptual_hash(picture: bytes | np.ndarray | Image.Image) -> str:
    """Return 64 bits of what a picture looks like as 16 hex digits; near pictures differ in few bits."""
    if isinstance(picture, bytes):
        picture = Image.open(io.BytesIO(picture))
    elif isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    return str(imagehash.phash(picture))


def _is_plain(image: Image.Image) -> bool:
    moves = image.format != "MPO" and getattr(image, "n_frames", 1) > 1
    if moves or image.info.get("transparency") is not None:
        return False
    turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
    return not turned and (image.mode in _PLAIN_MODES or (image.mode in ("P", "1") and image.format in ("PNG", "BMP")))


def _flat(image: Image.Image) -> Image.Image:
    """Return eight bits a channel, on white where it is transparent; EXIF kept."""
    exif = image.getexif()
    if image.mode.startswith(("I;16", "I", "F")):
        values = np.asarray(image, np.float64)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        flat = Image.fromarray((values.clip(0, top) * (255 / top)).round().astype(np.uint8))
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        over = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(over, mask=over.getchannel("A"))
    else:
        flat = image
    flat = flat.convert("RGB")
    flat.info.clear()
    flat.getexif().update({_ORIENTATION: exif.get(_ORIENTATION, 1)})
    return flat


def _lossless(image: Image.Image) -> bool:
    return image.format not in ("JPEG", "MPO", "WEBP", "AVIF", "JPEG2000")


def _encoded(image: Image.Image, suffix: str) -> bytes:
    stream = io.BytesIO()
    image.info.clear()
    if suffix == ".png":
        image.save(stream, "PNG", compress_level=3)
    else:
        image.save(stream, "JPEG", quality=95, subsampling=0)
    return stream.getvalue()


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "cannot identify image file" in text:
        return f"no picture that can be read ({', '.join(FORMATS[:5])}, ...)"
    return f"cannot be decoded: {text or type(error).__name__}"
