"""One font file looked at closely: what faces it holds and which characters each really draws.

The cmap is only a claim. A character counts as covered when its glyph has an outline of some extent, is not
the font's .notdef shape, and is not one of many characters that share one placeholder shape. Results are
cached by the file's digest, because looking at 60 faces takes seconds.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import freetype as ft
import numpy as np
import uharfbuzz as hb
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from synthtext.assets.colorglyphs import ColorGlyphs, Outline, has_color
from synthtext.errors import AssetError

FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_LOAD = ft.FT_LOAD_NO_SCALE | ft.FT_LOAD_NO_HINTING | ft.FT_LOAD_NO_BITMAP
_SHARED_SHAPE_LIMIT = 6
_CACHE_VERSION = 2


@dataclass(frozen=True, slots=True)
class FaceInfo:
    """What a face is and draws.

    Attributes:
        family, subfamily: from the name table.
        axes: variable-font axes as (tag, minimum, default, maximum).
        vertical: has a `vert` or `vrt2` feature.
        mono, serif, italic, bold: as the font's own tables say.
        chars: characters with ink of their own.
        color: its glyphs have colours of their own; `chars` are then emoji alone.
    """

    face_index: int
    family: str
    subfamily: str
    axes: tuple[tuple[str, float, float, float], ...]
    vertical: bool
    mono: bool
    serif: bool
    italic: bool
    bold: bool
    chars: frozenset[str]
    color: bool = False


def file_digest(path: Path) -> str:
    """Return 32 hex digits (BLAKE2b) of a file's bytes."""
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as handle:
            while block := handle.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise AssetError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    return digest.hexdigest()


def probe_file(path: Path, digest: str, cache: Path | None) -> tuple[FaceInfo, ...]:
    """Return what the faces of a font file draw.

    Args:
        digest: of the file; names the cache entry.
        cache: folder for results, or None to look again every time.

    Raises:
        AssetError: the file is no font, is damaged, or has no scalable outlines.
    """
    entry = cache / f"{digest}-{_CACHE_VERSION}.json" if cache else None
    if entry is not None and (found := _read_cached(entry)) is not None:
        return found
    infos = tuple(_probe(path))
    if entry is not None:
        _write_cached(entry, infos)
    return infos


def _probe(path: Path) -> Iterator[FaceInfo]:
    try:
        with path.open("rb") as handle:
            many = handle.read(4) == b"ttcf"
            fonts = TTCollection(handle, lazy=True).fonts if many else [TTFont(handle, lazy=True)]
            for index, font in enumerate(fonts):
                yield _probe_face(path, index, font)
    except (TTLibError, ft.FT_Exception, OSError, AssertionError, KeyError, ValueError, EOFError) as error:
        reason = str(error).removeprefix("FT_Exception:").strip() or type(error).__name__
        raise AssetError(f"{path}: not a usable font ({reason}); replace the file or leave it out") from None
    except Exception as error:  # fontTools raises struct.error and many others of its own on damaged tables
        if type(error).__module__ not in {"struct", "fontTools.misc.sstruct"}:
            raise
        raise AssetError(f"{path}: the font is damaged ({error}); replace the file or leave it out") from None


def _probe_face(path: Path, index: int, font: TTFont) -> FaceInfo:
    face = ft.Face(str(path), index)
    emoji = _color_chars(path, index)
    if not face.is_scalable and not emoji:
        raise AssetError(f"{path}: has bitmaps only, no outlines; use a TrueType or OpenType font")
    names, os2 = font["name"], font.get("OS/2")
    axes = tuple(
        (axis.axisTag, float(axis.minValue), float(axis.defaultValue), float(axis.maxValue))
        for axis in (font["fvar"].axes if "fvar" in font else ())
    )
    features = set()
    if "GSUB" in font and font["GSUB"].table.FeatureList:
        features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    family = names.getBestFamilyName() or path.stem
    subfamily = names.getBestSubFamilyName() or "Regular"
    panose = getattr(os2, "panose", None)
    selection = getattr(os2, "fsSelection", 0)
    lowered = f"{family} {subfamily}".lower()
    return FaceInfo(
        face_index=index,
        family=family,
        subfamily=subfamily,
        axes=axes,
        vertical=bool(features & {"vert", "vrt2"}),
        mono=bool(font["post"].isFixedPitch) or "mono" in lowered,
        serif=_looks_serif(lowered, getattr(panose, "bSerifStyle", 0)),
        italic=bool(selection & 1) or "italic" in lowered or "oblique" in lowered,
        bold=bool(selection & 32) or getattr(os2, "usWeightClass", 400) >= 600,
        chars=emoji or _drawn_chars(face),
        color=bool(emoji),
    )


def _color_chars(path: Path, index: int) -> frozenset[str]:
    """Return the emoji that a face draws in colours of their own."""
    face = hb.Face(hb.Blob.from_file_path(str(path)), index)
    if not has_color(face):
        return frozenset()
    glyphs = ColorGlyphs(face, hb.Font(face), lambda glyph, em_px: Outline(np.empty((0, 0), np.uint8), 0, 0))
    return frozenset(sys.intern(char) for char in map(chr, face.unicodes) if glyphs.draws(char))


def _looks_serif(name: str, panose_serif: int) -> bool:
    if "sans" in name or "gothic" in name or "hei" in name:
        return False
    return "serif" in name or "song" in name or "ming" in name or 2 <= panose_serif <= 10


def _drawn_chars(face: ft.Face) -> frozenset[str]:
    """Return the characters with ink of their own; see the module's first paragraph."""
    shapes: dict[int, bytes | None] = {}
    notdef = _shape(face, 0, shapes)
    owners: dict[bytes, list[str]] = {}
    for code, glyph in face.get_chars():
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF:
            continue
        shape = _shape(face, glyph, shapes)
        if shape is not None and shape != notdef:
            owners.setdefault(shape, []).append(sys.intern(chr(code)))
    drawn: list[str] = []
    for chars in owners.values():
        if not _is_placeholder(chars):
            drawn.extend(chars)
    return frozenset(char for char in drawn if not _is_invisible(char))


def _is_placeholder(chars: list[str]) -> bool:
    """Many ideographs with one shape are a placeholder; compatibility forms share shapes with good reason."""
    if len(chars) <= _SHARED_SHAPE_LIMIT:
        return False
    ideographs = {char for char in chars if unicodedata.name(char, "").startswith("CJK UNIFIED")}
    return len(ideographs) > _SHARED_SHAPE_LIMIT


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Cn"}


def _shape(face: ft.Face, glyph: int, known: dict[int, bytes | None]) -> bytes | None:
    """Return a digest of a glyph's outline, or None when it has no extent."""
    if glyph in known:
        return known[glyph]
    shape: bytes | None = None
    try:
        face.load_glyph(glyph, _LOAD)
        slot = face._FT_Face.contents.glyph.contents
        outline = slot.outline
        if outline.n_points > 0 and slot.metrics.width > 0 and slot.metrics.height > 0:
            size = outline.n_points * ctypes.sizeof(ft.FT_Vector)
            shape = hashlib.blake2b(ctypes.string_at(outline.points, size), digest_size=8).digest()
    except ft.FT_Exception:
        shape = None  # a damaged glyph draws nothing; the rest of the face is fine
    known[glyph] = shape
    return shape


def _read_cached(entry: Path) -> tuple[FaceInfo, ...] | None:
    try:
        stored = json.loads(entry.read_text("utf-8"))
        return tuple(
            FaceInfo(**{**item, "axes": tuple(map(tuple, item["axes"])), "chars": _unpack(item["chars"])})
            for item in stored
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None  # absent, or written by a process that was killed: look again


def _write_cached(entry: Path, infos: tuple[FaceInfo, ...]) -> None:
    stored = [
        {name: getattr(info, name) for name in FaceInfo.__slots__ if name != "chars"} | {"chars": _pack(info.chars)}
        for info in infos
    ]
    temporary = entry.with_suffix(f".{os.getpid()}.tmp")
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(stored), "utf-8")
        temporary.replace(entry)
    except OSError:
        temporary.unlink(missing_ok=True)  # a cache that cannot be written only costs time


def _pack(chars: frozenset[str]) -> list[int]:
    """Return code points as alternating starts and lengths of consecutive stretches."""
    codes = np.sort(np.fromiter((ord(char) for char in chars), np.int64, len(chars)))
    if codes.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(codes) != 1) + 1
    starts = codes[np.concatenate([[0], breaks])]
    lengths = np.diff(np.concatenate([[0], breaks, [codes.size]]))
    packed: list[int] = np.column_stack([starts, lengths]).ravel().tolist()
    return packed


def _unpack(packed: list[int]) -> frozenset[str]:
    chars: list[str] = []
    for start, length in zip(packed[::2], packed[1::2], strict=True):
        # Interned: sixty faces share one string a character.
        chars.extend(map(sys.intern, map(chr, range(start, start + length))))
    return frozenset(chars)
