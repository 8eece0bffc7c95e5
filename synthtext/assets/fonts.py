"""Choosing faces: which of the catalogue's faces writes a text, and which stand in for what it lacks."""

from __future__ import annotations

import fnmatch
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from synthtext.assets.catalogue import Catalogue, folder_fonts, shipped_fonts, system_fonts
from synthtext.assets.charset import JOINERS
from synthtext.errors import AssetError, Rejected
from synthtext.rng import Draws
from synthtext.scripts import is_picture, main_chars, script_name, wanted_scripts
from synthtext.spec import Spec, Weighted
from synthtext.values import Font, FontStack, Writing

_ASCII_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_TRIES = 8
_STRAY_SHARE = 0.5
_TRIES_STYLED = 40
# A face stands for wide (Chinese, Japanese, Korean) or narrow text when it covers this share of the charset's part.
_MAIN_SHARE = 0.45
_FALLBACKS_OF_STYLE = 3


class FontsSpec(Spec):
    """Which faces are drawn from.

    Attributes:
        dirs: folders or files of one's own; they replace the shipped faces, which then only stand in for
            characters that the others lack.
        system: also the faces installed on this machine (a run is then repeatable on this machine only).
        tiers: of the shipped faces.
        include, exclude: glob patterns over face names, for example `Noto*`.
        styles: weights by style tag or by its first word, for example `{pixel: 0.2, sans-black: 2}`; others keep 1.
        fallback: whether shipped faces stand in for characters that the faces of `dirs` lack.
        latin_mix: chance that Latin letters and digits in a wide text get a Latin face of their own.
        narrow_wide: weight of wide faces (which also hold Latin letters) for purely narrow text.
        scripts: ISO 15924 tags of what is written; none for what the charset shows. Faces made for other scripts
            (shipped ones, and pan-CJK ones for one region) are left out.
    """

    dirs: tuple[str, ...] = ()
    system: bool = False
    tiers: tuple[Literal["core", "optional"], ...] = ("core",)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    styles: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    fallback: Literal["shipped", "none"] = "shipped"
    latin_mix: Annotated[float, Field(ge=0, le=1)] = 0.3
    narrow_wide: Annotated[float, Field(ge=0)] = 0.5
    scripts: tuple[str, ...] = ()

    @field_validator("scripts")
    @classmethod
    def _scripts_are_tags(cls, scripts: tuple[str, ...]) -> tuple[str, ...]:
        for tag in scripts:
            if len(tag) != 4 or not tag.isascii() or tag != tag.title():
                raise PydanticCustomError("script", f"{tag!r} is no ISO 15924 tag; write one such as Thai or Jpan")
        return scripts


def is_wide(char: str) -> bool:
    """Return whether a character belongs to East Asian text (ideographs, kana, Hangul, full-width forms)."""
    return unicodedata.east_asian_width(char) in ("W", "F") or "CJK" in unicodedata.name(char, "")


class FontLibrary:
    """The faces of a run with everything that choosing needs worked out beforehand. Read-only once open.

    Args:
        primary: faces that texts are set in.
        standby: faces that only stand in for missing characters.
        chars: the charset's characters.
        direction: `ttb` keeps punctuation to faces that have vertical forms.

    Raises:
        AssetError: no face writes enough of the charset.
    """

    def __init__(self, spec: FontsSpec, primary: Sequence[Font], standby: Sequence[Font], chars: Iterable[str]) -> None:
        self.primary = tuple(primary)
        self.all = (*primary, *(font for font in standby if font not in primary))
        # What only faces with colours draw never decides on the face of a text.
        drawn = frozenset().union(*(font.chars for font in self.all if not font.color))
        self._aside = frozenset().union(*(font.chars for font in self.all if font.color)) - drawn | JOINERS | {" "}
        listed = frozenset(char for char in chars if not char.isspace())
        wanted = [char for char in chars if not char.isspace() and char not in self._aside]
        self._latin_mix = spec.latin_mix
        # Letters of another script than Latin decide on the face, as ideographs do.
        wide = frozenset(char for char in wanted if is_wide(char))
        if not any(char.isalpha() for char in wide):
            wide = main_chars(frozenset(wanted)) or wide
        narrow = frozenset(wanted) - wide
        self._wide = wide
        self._charset = listed
        self.writable = listed & (JOINERS.union(*(font.chars for font in self.all)))
        wide_core = frozenset(char for char in wide if unicodedata.category(char) == "Lo") or wide
        narrow_core = frozenset(char for char in narrow if char.isalnum()) or narrow
        wide_faces = _covering(self.primary, wide_core)
        narrow_faces = _covering(self.primary, narrow_core, digits=narrow_core)
        if not wide_faces and not narrow_faces:
            raise AssetError(
                f"fonts: none of {len(self.primary)} faces covers half of the charset's letters; "
                "choose another charset, or give --fonts a folder with faces for it"
            )
        self._wide_pool = _pool(spec, wide_faces) if wide_faces else None
        self._narrow_pool = _pool(spec, narrow_faces, wide_faces) if narrow_faces else None
        latin = [font for font in narrow_faces if font not in wide_faces]
        self._latin_pool = _pool(spec, latin) if latin else self._narrow_pool
        standing = (font for font in self.all if not font.unicase and not font.pixel_em)
        widest = sorted(standing, key=lambda font: (-len(font.chars & self._charset), font.name))
        self._fallbacks = {font: self._standing_in(font, widest) for font in self.all}

    def choose(self, draws: Draws, writing: Writing, styles: frozenset[str] = frozenset()) -> tuple[Writing, FontStack]:
        """Return the stack for a text, and the text, upper-cased when the face draws capitals only.

        Args:
            styles: classes of style (`sans`, `kai`, ...) of which one is to be found if it can be; empty for all.

        Raises:
            Rejected: no face may write this text.
        """
        text = writing.text
        wide = self._wide.intersection(text)
        pool = self._wide_pool if wide else self._narrow_pool
        if pool is None:
            pool = self._wide_pool or self._narrow_pool
        assert pool is not None
        needed = wide or (frozenset(text) - self._aside)
        for _ in range(_TRIES_STYLED if styles else _TRIES):
            font = pool.draw(draws)
            if styles and font.style_class not in styles:
                continue
            fitted = self._fit(font, writing, needed)
            if fitted is not None:
                return fitted, self._stack(draws, font, fitted.text, bool(wide))
        for font in pool.items:
            fitted = self._fit(font, writing, needed)
            if fitted is not None:
                return fitted, self._stack(draws, font, fitted.text, bool(wide))
        font = max(pool.items, key=lambda face: (len(needed & face.chars), not face.unicase))
        if font.unicase:
            raise Rejected("no face for the text")
        return writing, self._stack(draws, font, text, bool(wide))

    def missing(self) -> list[str]:
        """Return the charset's characters that no face draws."""
        return sorted(self._charset - self.writable)

    def _fit(self, font: Font, writing: Writing, needed: frozenset[str]) -> Writing | None:
        if not font.unicase:
            return writing if needed <= font.chars else None
        text = writing.text
        upper = text.upper()
        if upper == text:
            return writing if needed <= font.chars else None
        changed = frozenset(upper) - {" "}
        if len(upper) != len(text) or not changed <= self.writable or writing.anchors.upper() != writing.anchors:
            return None
        return replace(writing, text=upper) if frozenset(x.upper() for x in needed) <= font.chars else None

    def _stack(self, draws: Draws, font: Font, text: str, wide: bool) -> FontStack:
        latin: Font | None = None
        mixes = draws.chance(self._latin_mix)
        if wide and mixes and self._latin_pool is not None:
            word = _ASCII_WORD.intersection(text)
            if word:
                candidate = self._latin_pool.draw(draws)
                if word <= candidate.chars and not (candidate.unicase and text.upper() != text):
                    latin = candidate
        return FontStack((font, *self._fallbacks[font]), latin)

    def _standing_in(self, font: Font, widest: Sequence[Font]) -> tuple[Font, ...]:
        """Return faces that together write what `font` cannot, of its own style first, the widest first."""
        lacking = set(self.writable - font.chars)
        others = [other for other in widest if other is not font]
        alike = [other for other in others if other.style_class == font.style_class][:_FALLBACKS_OF_STYLE]
        vertical = [other for other in others if other.vertical][:1]
        chosen: list[Font] = []
        for other in [*alike, *vertical, *others]:
            if other in chosen:
                continue
            if lacking & other.chars or other in vertical:
                chosen.append(other)
                lacking -= other.chars
            if not lacking and (not vertical or vertical[0] in chosen):
                break
        return tuple(chosen)


def open_fonts(spec: FontsSpec, chars: Sequence[str], use_cache: bool = True) -> tuple[FontLibrary, Catalogue]:
    """Return the library that a configuration asks for, and the catalogue it was made from.

    Raises:
        AssetError: folders or patterns leave no usable face.
    """
    shipped = shipped_fonts(use_cache, spec.tiers)
    own = folder_fonts(spec.dirs, use_cache) if spec.dirs else None
    primary = list(own.fonts if own else shipped.fonts)
    broken = own.broken if own else ()
    if spec.system:
        found = system_fonts(use_cache)
        primary.extend(found.fonts)
        broken = (*broken, *found.broken)
    primary = [font for font in primary if _selected(font, spec)]
    if not primary:
        raise AssetError(
            f"fonts: include={list(spec.include)} exclude={list(spec.exclude)} leave no face; loosen the patterns"
        )
    useful = frozenset(chars)
    scripts = frozenset(spec.scripts) or wanted_scripts(useful)
    candidates = [font for font in (*primary, *shipped.fonts) if _suits(font, scripts) and font.chars & useful]
    # A picture of its own goes before the plain outline that some faces for text have for an emoji.
    pictured = frozenset().union(*(font.chars for font in candidates if font.color))
    plain = useful - frozenset(char for char in pictured if is_picture(char))
    narrowed = {font: _narrowed(font, useful if font.color else plain) for font in candidates}
    primary = [narrowed[font] for font in primary if font in narrowed]
    if not primary:
        raise AssetError("fonts: no face draws a single character of the charset; see `synthtext fonts --charset`")
    own_only = bool(spec.dirs) and spec.fallback == "none"
    standby = [] if own_only else [narrowed[font] for font in shipped.fonts if font in narrowed]
    pictures = [font for font in primary if font.color]
    primary = [font for font in primary if not font.color] or (standby if pictures else primary)
    standby = [*pictures, *standby]
    _check_scripts(scripts, useful, [*primary, *standby])
    library = FontLibrary(spec, primary, standby, chars)
    return library, Catalogue(library.all, broken)


def _narrowed(font: Font, useful: frozenset[str]) -> Font:
    """Return the face with no more characters than a run can use: thirty thousand take two megabytes."""
    return replace(font, chars=useful if useful <= font.chars else font.chars & useful)


def _suits(font: Font, scripts: frozenset[str]) -> bool:
    """Whether a face may write texts in these scripts."""
    return not font.reserved or bool(font.reserved & scripts)


def _check_scripts(scripts: frozenset[str], chars: frozenset[str], faces: Sequence[Font]) -> None:
    """Raise AssetError if nothing draws the letters that the charset is for."""
    letters = frozenset(char for char in main_chars(chars) if char.isalpha())
    if not letters or any(len(letters & font.chars) >= _MAIN_SHARE * len(letters) for font in faces):
        return
    drawn = letters & frozenset().union(*(font.chars for font in faces))
    # A stray letter or two among what can be drawn is worth a note, no more.
    if len(drawn) >= _MAIN_SHARE * len(letters) or len(letters) < _STRAY_SHARE * len(chars):
        return
    names = " and ".join(sorted(script_name(tag) for tag in scripts - {"Latn"})) or "its script"
    raise AssetError(
        f"fonts: the charset has {len(letters)} letters of {names}, and no face draws more than {len(drawn)} of them;"
        " give a folder with faces for it (--fonts DIR, fonts.dirs in YAML) or choose another charset"
    )


def _selected(font: Font, spec: FontsSpec) -> bool:
    if spec.include and not any(fnmatch.fnmatch(font.name, pattern) for pattern in spec.include):
        return False
    return not any(fnmatch.fnmatch(font.name, pattern) for pattern in spec.exclude)


def _covering(faces: Sequence[Font], chars: frozenset[str], digits: frozenset[str] = frozenset()) -> list[Font]:
    if not chars:
        return []
    numerals = frozenset("0123456789") & digits
    return [
        font
        for font in faces
        if len(font.chars & chars) >= _MAIN_SHARE * len(chars) or (numerals and numerals <= font.chars)
    ]


def _pool(spec: FontsSpec, faces: Sequence[Font], wide: Sequence[Font] = ()) -> Weighted[Font]:
    share = 1.0
    if wide and len(faces) > len(wide):
        # All wide faces together weigh `narrow_wide` of what the narrow ones weigh.
        share = spec.narrow_wide * (len(faces) - len(wide)) / len(wide)
    weights: dict[Font, float] = {}
    for font in faces:
        style = spec.styles.get(font.style, spec.styles.get(font.style_class, 1.0))
        weights[font] = font.weight * style * (share if font in wide else 1.0)
    if not any(weights.values()):
        raise AssetError("fonts.styles: every face that covers the charset has weight 0; raise at least one")
    return Weighted(weights)
