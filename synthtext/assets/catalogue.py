"""The font catalogue: every face that may be drawn from, with its tags and its coverage.

Shipped faces carry their tags in `fonts/manifest.json`; faces of the user's own folders are tagged from their
own tables. A file that cannot be used is reported, not fatal.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from synthtext.assets.faces import FONT_SUFFIXES, FaceInfo, file_digest, probe_file
from synthtext.errors import AssetError
from synthtext.paths import cache_dir, data_dir
from synthtext.values import Font

_SYSTEM_DIRS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)
# A face counts for a script when it draws this share of the script's probe characters.
_SCRIPT_SHARE = 0.9
# How families that draw the ideographs of one region end their names.
_REGIONS = {"SC": "Hans", "TC": "Hant", "HK": "Hant", "JP": "Jpan", "KR": "Kore"}
_SCRIPT_PROBES: dict[str, str] = {
    "Latn": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "Hans": (
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下"
        "过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都"
        "两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重"
        "新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想"
        "已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知"
        "较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造"
        "百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
        "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集"
        "温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿"
        "千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存"
        "候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该"
        "铁价严"
    ),
    "Hant": (
        "個國這為時來們對會說產種麼發動過後點從業體機應開還無問題經進電學與關間樣實現長車門東書馬語義務號達運選遠邊"
    ),
    "Jpan": "あいうえおかきくけこさしすせそたちつてとアイウエオカキクケコサシスセソタチツテト円図駅込働",
    "Kore": "가나다라마바사아자차카타파하고노도로모보소오조초코토포호국한글서울",
    "Cyrl": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя",
    "Grek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω",
    "Arab": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Deva": "अआइईउऊएऐओऔकखगघचछजझटठडढतथदधनपफबभमयरलवशसह",
    "Thai": "กขคงจฉชซญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "Hebr": "אבגדהוזחטיכלמנסעפצקרשת",
    "Beng": "অআইঈউঊএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ",
    "Taml": "அஆஇஈஉஊஎஏஐஒஓகஙசஞடணதநபமயரலவழளறன",
    "Telu": "అఆఇఈఉఊఎఏఐఒఓకఖగఘచఛజఝటఠడఢణతథదధనపఫబభమయరలవశషసహ",
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Faces in a fixed order (shipped first, then by path), and the files that could not be used.

    Attributes:
        broken: (file, reason).
    """

    fonts: tuple[Font, ...]
    broken: tuple[tuple[str, str], ...] = ()

    def digests(self) -> dict[str, str]:
        """Return file name -> digest, for the manifest of a run."""
        return {Path(font.path).name: font.digest for font in self.fonts}


def shipped_fonts(use_cache: bool = True, tiers: Iterable[str] = ("core",)) -> Catalogue:
    """Return the faces that come with synthtext; the optional tier is left out unless asked for."""
    root = data_dir("fonts")
    entries = _shipped_entries(root)
    wanted = set(tiers)
    fonts: list[Font] = []
    for entry in entries:
        if entry["tier"] not in wanted:
            continue
        fonts.extend(_with_entry(font, entry) for font in load_fonts(root / entry["file"], use_cache))
    return Catalogue(tuple(fonts))


def folder_fonts(folders: Iterable[str | Path], use_cache: bool = True) -> Catalogue:
    """Return the faces of folders (searched deeply) or single files.

    Raises:
        AssetError: a folder does not exist, or none of its files is a usable font.
    """
    fonts: list[Font] = []
    broken: list[tuple[str, str]] = []
    for folder in folders:
        found, bad = _walk_folder(Path(folder).expanduser(), use_cache)
        if not found:
            raise AssetError(_no_fonts(folder, bad))
        fonts.extend(found)
        broken.extend(bad)
    return Catalogue(tuple(_unique_names(fonts)), tuple(broken))


def system_fonts(use_cache: bool = True) -> Catalogue:
    """Return the faces installed on this machine; empty when there are none."""
    fonts: list[Font] = []
    broken: list[tuple[str, str]] = []
    for name in _SYSTEM_DIRS:
        folder = Path(name).expanduser()
        if folder.is_dir():
            found, bad = _walk_folder(folder, use_cache)
            fonts.extend(found)
            broken.extend(bad)
    return Catalogue(tuple(_unique_names(fonts)), tuple(broken))


def load_fonts(path: Path, use_cache: bool = True) -> list[Font]:
    """Return the faces of one file; a variable face gives one `Font` for each of a few weights.

    Raises:
        AssetError: the file is missing or no usable font.
    """
    digest = file_digest(path)
    infos = probe_file(path, digest, cache_dir() / "faces" if use_cache else None)
    fonts: list[Font] = []
    for info in infos:
        several = len(infos) > 1
        fonts.extend(_font_of(path, digest, info, axes, several) for axes in _axis_settings(info))
    return fonts


def _walk_folder(folder: Path, use_cache: bool) -> tuple[list[Font], list[tuple[str, str]]]:
    if folder.is_file():
        paths = [folder]
    elif folder.is_dir():
        paths = sorted(_font_files(folder))
    else:
        raise AssetError(f"fonts {folder}: no such file or folder; check the path")
    found: list[Font] = []
    broken: list[tuple[str, str]] = []
    for path in paths:
        try:
            fonts = load_fonts(path, use_cache)
        except AssetError as error:
            broken.append((str(path), str(error)))
            continue
        if any(font.chars for font in fonts):
            found.extend(fonts)
        else:
            broken.append((str(path), f"{path}: draws no character at all; leave it out"))
    return found, broken


def _font_files(folder: Path) -> Iterator[Path]:
    for root, _, names in os.walk(folder, followlinks=True):
        for name in names:
            if os.path.splitext(name)[1].lower() in FONT_SUFFIXES:
                yield Path(root, name)


def _no_fonts(folder: str | Path, broken: list[tuple[str, str]]) -> str:
    if len(broken) == 1:
        return f"fonts {folder}: the only font file cannot be used: {broken[0][1]}"
    if broken:
        return f"fonts {folder}: none of its {len(broken)} font files can be used; the first: {broken[0][1]}"
    kinds = ", ".join(sorted(FONT_SUFFIXES))
    return f"fonts {folder}: holds no font file ({kinds}); point --fonts at a folder with fonts"


def _axis_settings(info: FaceInfo) -> list[tuple[tuple[str, float], ...]]:
    """Return a small fixed grid of axis values: regular and heavy, normal and narrow, upright."""
    if not info.axes:
        return [()]
    choices: list[list[tuple[str, float]]] = []
    for tag, low, default, high in info.axes:
        if tag == "wght":
            values = sorted({default, min(max(300.0, low), high), min(max(700.0, low), high), high})
        elif tag == "wdth":
            values = sorted({default, low})
        else:
            values = [default]
        choices.append([(tag, value) for value in values])
    return list(itertools.product(*choices))


def _font_of(path: Path, digest: str, info: FaceInfo, axes: tuple[tuple[str, float], ...], several: bool) -> Font:
    name = path.stem + (f"#{info.face_index}" if several else "")
    name += "".join(f"@{tag}={value:g}" for tag, value in axes)
    settings = max(1, len(_axis_settings(info)))
    return Font(
        name=name,
        path=str(path.resolve()),
        face_index=info.face_index,
        axes=axes,
        style=_style_of(info),
        scripts=_scripts_of(info.chars),
        reserved=_region_of(info.family),
        weight=1.0 / settings,
        unicase=draws_unicase(info.chars, path, info.face_index),
        vertical=info.vertical,
        chars=info.chars,
        digest=digest,
        color=info.color,
    )


def _region_of(family: str) -> frozenset[str]:
    """The way of writing ideographs that a family names, as those of the pan-CJK families do."""
    return frozenset({_REGIONS[last]} if (last := family.rsplit(" ", 1)[-1]) in _REGIONS else ())


def _style_of(info: FaceInfo) -> str:
    if info.color:
        return "emoji"
    base = "mono" if info.mono else "serif" if info.serif else "sans"
    return base + ("-black" if info.bold else "") + ("-oblique" if info.italic else "")


def draws_unicase(chars: frozenset[str], path: Path, face_index: int) -> bool:
    """Return whether a face draws lower-case letters with the outlines of its capitals (in any size)."""
    if not {"a", "A", "e", "E", "r", "R"} <= chars:
        return False
    return _same_outlines(str(path), face_index, ("aA", "eE", "rR", "gG"))


@lru_cache(maxsize=1024)
def _same_outlines(path: str, face_index: int, pairs: tuple[str, ...]) -> bool:
    import freetype as ft

    face = ft.Face(path, face_index)
    flags = ft.FT_LOAD_NO_SCALE | ft.FT_LOAD_NO_HINTING
    counts = []
    for char in "".join(pairs):
        face.load_char(char, flags)
        counts.append([tuple(point) for point in face.glyph.outline.points])
    return all(lower == upper for lower, upper in zip(counts[::2], counts[1::2], strict=True))


@lru_cache(maxsize=4096)
def _scripts_of(chars: frozenset[str]) -> frozenset[str]:
    return frozenset(
        script
        for script, probe in _SCRIPT_PROBES.items()
        if sum(char in chars for char in probe) >= _SCRIPT_SHARE * len(probe)
    )


def _unique_names(fonts: list[Font]) -> list[Font]:
    """Give faces of equal file names in different folders different names."""
    seen: dict[str, int] = {}
    unique = []
    for font in fonts:
        count = seen.get(font.name, 0)
        seen[font.name] = count + 1
        unique.append(replace(font, name=f"{font.name}~{count + 1}") if count else font)
    return unique


def _shipped_entries(root: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((root / "manifest.json").read_text("utf-8"))["fonts"]
    return entries


def _with_entry(font: Font, entry: dict[str, Any]) -> Font:
    chars = font.chars & frozenset(entry["only"]) if "only" in entry else font.chars
    chars -= frozenset(entry.get("without", ""))
    return replace(
        font,
        style=entry["style"],
        weight=float(entry["sampling_weight"]),
        unicase=bool(entry["lowercase_drawn_as_capitals"]),
        pixel_em=int(entry.get("pixel_em", 0)),
        chars=chars,
        scripts=frozenset(entry["scripts"]) | (_scripts_of(chars) & {"Latn"})
        if "scripts" in entry
        else _scripts_of(chars),
        reserved=frozenset(entry.get("scripts", ())),
    )
