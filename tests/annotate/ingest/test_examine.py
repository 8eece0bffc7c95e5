from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from annotate.ingest.examine import Broken, Examined, examine


def _corners(size_wh: tuple[int, int] = (80, 40)) -> Image.Image:
    """Red top-left quarter, green top-right, blue bottom-left, white bottom-right."""
    width, height = size_wh
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[: height // 2, : width // 2] = (255, 0, 0)
    pixels[: height // 2, width // 2 :] = (0, 255, 0)
    pixels[height // 2 :, : width // 2] = (0, 0, 255)
    return Image.fromarray(pixels)


def _bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _colours(picture: Image.Image) -> list[str]:
    """The names of the colours of the four quarters, row by row."""
    names = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    width, height = picture.size
    found = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            pixel = np.array(picture.convert("RGB").getpixel((x, y)), int)
            found.append(min(names, key=lambda name: int(np.abs(np.array(names[name]) - pixel).sum())))
    return found


# What EXIF's eight orientations do to the four quarters of an upright picture, by hand.
_STORED = {
    1: ["red", "green", "blue", "white"],
    2: ["green", "red", "white", "blue"],
    3: ["white", "blue", "green", "red"],
    4: ["blue", "white", "red", "green"],
    5: ["red", "blue", "green", "white"],
    6: ["green", "white", "red", "blue"],
    7: ["white", "green", "blue", "red"],
    8: ["blue", "red", "white", "green"],
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_examine__turns_exif_into_pixels_once(orientation: int, kind: str) -> None:
    upright = _corners()
    quarter = {name: upright.getpixel((x, y)) for name, x, y in _quarters(upright.size)}
    size = upright.size if orientation < 5 else upright.size[::-1]
    stored = Image.new("RGB", size)
    for (_, x, y), name in zip(_quarters(size), _STORED[orientation], strict=True):
        stored.paste(quarter[name], (x - size[0] // 4, y - size[1] // 4, x + size[0] // 4, y + size[1] // 4))
    exif = Image.Exif()
    exif[0x0112] = orientation

    found = examine(_bytes(stored, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {})))

    assert (found.width, found.height) == upright.size
    assert _colours(Image.open(io.BytesIO(found.thumb))) == ["red", "green", "blue", "white"]
    if orientation > 1:
        assert found.upright is not None
        kept = Image.open(io.BytesIO(found.upright))
        assert kept.getexif().get(0x0112, 1) == 1
        assert _colours(kept) == ["red", "green", "blue", "white"]
        assert kept.size == upright.size
    elif kind != "TIFF":
        assert found.upright is None


def _quarters(size_wh: tuple[int, int]) -> list[tuple[str, int, int]]:
    width, height = size_wh
    names = ("red", "green", "blue", "white")
    places = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    places += [(width // 4, 3 * height // 4), (3 * width // 4, 3 * height // 4)]
    return [(name, x, y) for name, (x, y) in zip(names, places, strict=True)]


_ODD = [
    ("transparent", _bytes(_corners().convert("RGBA"), "PNG"), "PNG"),
    ("sixteen bits", _bytes(Image.fromarray(np.full((8, 8), 40_000, np.uint16)), "PNG"), "PNG"),
    ("cmyk", _bytes(_corners().convert("CMYK"), "JPEG", quality=95), "JPEG"),
    ("tiff", _bytes(_corners(), "TIFF"), "PNG"),
    ("gif", _bytes(_corners(), "GIF"), "PNG"),
    (
        "two frames",
        _bytes(_corners(), "GIF", save_all=True, append_images=[Image.new("RGB", (80, 40), "black")]),
        "PNG",
    ),
]


@pytest.mark.parametrize(("data", "kind"), [odd[1:] for odd in _ODD], ids=[odd[0] for odd in _ODD])
def test_examine__keeps_an_upright_copy_of_what_is_not_shown_alike_everywhere(data: bytes, kind: str) -> None:
    found = examine(data)
    assert found.upright is not None
    kept = Image.open(io.BytesIO(found.upright))
    assert kept.format == kind
    assert kept.mode == "RGB"
    if kept.size == (80, 40):
        assert _colours(kept)[:3] == ["red", "green", "blue"]
    else:
        assert kept.getpixel((4, 4)) == (156, 156, 156)  # 40,000 of 65,535 in eight bits


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_examine__leaves_plain_files_as_they_are(kind: str) -> None:
    found = examine(_bytes(_corners((1200, 800)), kind))
    assert found.upright is None
    assert (found.width, found.height) == (1200, 800)
    assert max(Image.open(io.BytesIO(found.thumb)).size) == 256


def _huge_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


_BAD = [
    ("empty", b"", "the file is empty"),
    ("words", b"hello, this is no picture", "no picture that can be read"),
    ("cut short", _bytes(_corners((400, 400)), "JPEG")[:-900], "cannot be decoded"),
    ("png cut short", _bytes(_corners((400, 400)), "PNG")[:-40], "cannot be decoded"),
    ("half a header", _bytes(_corners(), "JPEG")[:30], "no picture|cannot be decoded"),
    ("a bomb", _huge_png(), "refused before decoding"),
    ("postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "no picture that can be read"),
]


@pytest.mark.parametrize(("data", "reason"), [bad[1:] for bad in _BAD], ids=[bad[0] for bad in _BAD])
def test_examine__says_why_a_file_is_broken(data: bytes, reason: str) -> None:
    with pytest.raises(Broken, match=reason):
        examine(data)


def test_examine__of_any_damage_is_fine_or_broken_and_nothing_else() -> None:
    whole = [_bytes(_corners((60, 60)), kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")]
    rng = np.random.default_rng(7)
    for _ in range(300):
        data = bytearray(whole[rng.integers(len(whole))])
        for place in rng.integers(0, len(data), 8):
            data[place] = rng.integers(256)
        with suppress(Broken):
            assert isinstance(examine(bytes(data)), Examined)


def test_examine__near_pictures_have_near_hashes() -> None:
    rng = np.random.default_rng(0)
    photo = Image.fromarray(rng.integers(0, 255, (8, 10, 3), np.uint8)).resize((500, 400), Image.Resampling.BICUBIC)
    other = Image.fromarray(rng.integers(0, 255, (8, 10, 3), np.uint8)).resize((500, 400), Image.Resampling.BICUBIC)
    first = examine(_bytes(photo, "PNG"))
    again = examine(_bytes(photo.resize((250, 200)), "JPEG", quality=60))
    far = examine(_bytes(other, "PNG"))

    def apart(a: str, b: str) -> int:
        return (int(a, 16) ^ int(b, 16)).bit_count()

    assert apart(first.phash, again.phash) <= 4
    assert apart(first.phash, far.phash) >= 16


@pytest.mark.parametrize(
    ("size_wh", "small_wh"),
    [((1280, 720), (256, 144)), ((720, 1280), (144, 256)), ((4000, 20), (256, 1)), ((200, 100), (200, 100))],
)
def test_examine__small_picture_keeps_the_shape(size_wh: tuple[int, int], small_wh: tuple[int, int]) -> None:
    data = _bytes(_corners(size_wh), "JPEG")

    found = examine(data)

    assert (found.width, found.height) == size_wh
    assert Image.open(io.BytesIO(found.thumb)).size == small_wh


def test_examine__half_the_pixels_look_alike() -> None:
    rng = np.random.default_rng(0)
    photo = Image.fromarray(rng.integers(0, 255, (9, 16, 3), np.uint8)).resize((1280, 720), Image.Resampling.BICUBIC)

    half, whole = (examine(_bytes(photo, kind)).phash for kind in ("JPEG", "PNG"))

    assert (int(half, 16) ^ int(whole, 16)).bit_count() <= 2
