"""Take faces for further scripts out of packages into `fonts/`, and write their entries in `fonts/manifest.json`.

    python tools/make_faces.py PACKAGES fonts

`PACKAGES` holds what the sources in `FACES` name, unpacked: an npm package `@scope/name` as `name/`, a Debian
package as the tree `x/`. Small faces are shipped as they are. Large ones (Chinese, Japanese, Korean) are subset to
the charset of their language, keeping vertical forms, kerning and marks, and those whose licence reserves a name
are renamed. Entries that the subset face draws without ink are taken out of its cmap. Needed for maintenance
only, never at run time.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

_FEATURES = ["vert", "vrt2", "kern", "vkrn", "liga", "ccmp", "mark", "mkmk", "rlig", "calt"]
_OFL = "OFL-1.1"
_JOYO = 2136
_SYMBOLS = (
    "、。，．・：；？！「」『』（）〔〕【】《》〈〉“”‘’…—～ー－＋×÷＝℃％￥¥円©®™°→←↑↓①②③④⑤⑥⑦⑧⑨⑩★☆○●◎◇◆□■△▲▽▼※〒々〆〇"
)


@dataclass(frozen=True)
class Face:
    """A face to ship.

    Attributes:
        file: in `fonts/`.
        path: in the folder of packages; a collection's face follows as `#family name`.
        scripts: of the texts that it may write.
        charset: that it is subset to; "" ships the file as it is.
        rename: family name of a modified face whose licence reserves its own.
        without: characters that it draws with the shapes of others.
    """

    file: str
    path: str
    source: str
    style: str
    scripts: tuple[str, ...]
    license: str
    charset: str = ""
    rename: str = ""
    license_name: str = _OFL
    weight: float = 1.0
    without: str = ""


def _expo(file: str, package: str, face: str, style: str, *scripts: str, **more: object) -> Face:
    folder, _, version = package.partition("@")
    name = f"npm:@expo-google-fonts/{folder}@{version}"
    return Face(file, f"{folder}/package/{face}", name, style, scripts, f"{folder}/package/LICENSE_FONT", **more)  # type: ignore[arg-type]


_CJK = "debian-bookworm:fonts-noto-cjk=1:20220127+repack1-1"
_CORE = "debian-bookworm:fonts-noto-core=20201225-1"


def _cjk(file: str, kind: str, tag: str, style: str, script: str, charset: str) -> Face:
    path = f"x/usr/share/fonts/opentype/noto/Noto{kind}CJK-Regular.ttc#Noto {kind} CJK {tag}"
    rename = f"Noto {kind} {tag} Sub"
    return Face(file, path, _CJK, style, (script,), "LICENSES/NotoCJK-OFL.txt", charset, rename)


def _core(file: str, style: str, script: str) -> Face:
    path = f"x/usr/share/fonts/truetype/noto/{Path(file).name}"
    return Face(file, path, _CORE, style, (script,), "LICENSES/NotoCore-OFL.txt")


FACES: tuple[Face, ...] = (
    _cjk("ja/NotoSansJP-Regular.otf", "Sans", "JP", "sans", "Jpan", "japanese_full"),
    _cjk("ja/NotoSerifJP-Regular.otf", "Serif", "JP", "serif", "Jpan", "japanese"),
    _expo("ja/ZenMaruGothic-700.ttf", "zen-maru-gothic@0.4.1", "700Bold/ZenMaruGothic_700Bold.ttf", "rounded-bold",
          "Jpan", charset="japanese:joyo"),
    _expo("ja/KleeOne-400.ttf", "klee-one@0.4.1", "400Regular/KleeOne_400Regular.ttf", "handwriting", "Jpan",
          charset="japanese:joyo"),
    _expo("ja/YuseiMagic-400.ttf", "yusei-magic@0.4.2", "400Regular/YuseiMagic_400Regular.ttf", "marker", "Jpan",
          charset="japanese:joyo"),
    _expo("ja/DelaGothicOne-400.ttf", "dela-gothic-one@0.4.1", "400Regular/DelaGothicOne_400Regular.ttf",
          "display-black", "Jpan", charset="japanese:joyo"),
    Face("ja/AoyagiSoseki.ttf", "x/usr/share/fonts/truetype/aoyagi-soseki/aoyagi-soseki.ttf",
         "debian-bookworm:fonts-aoyagi-soseki=20070207-17", "brush", ("Jpan",),
         "x/usr/share/doc/fonts-aoyagi-soseki/copyright", "japanese:joyo", "", "LicenseRef-public-domain", 0.6),
    _cjk("ko/NotoSansKR-Regular.otf", "Sans", "KR", "sans", "Kore", "korean"),
    _cjk("ko/NotoSerifKR-Regular.otf", "Serif", "KR", "serif", "Kore", "korean"),
    _expo("ko/BlackHanSans-400.ttf", "black-han-sans@0.4.1", "400Regular/BlackHanSans_400Regular.ttf",
          "display-black", "Kore", charset="korean"),
    _expo("ko/Jua-400.ttf", "jua@0.4.1", "400Regular/Jua_400Regular.ttf", "rounded", "Kore", charset="korean"),
    _expo("ko/Gaegu-700.ttf", "gaegu@0.4.1", "700Bold/Gaegu_700Bold.ttf", "handwriting", "Kore", charset="korean"),
    _cjk("zh_hant/NotoSansTC-Regular.otf", "Sans", "TC", "sans", "Hant", "zh_hant_en"),
    _cjk("zh_hant/NotoSerifTC-Regular.otf", "Serif", "TC", "serif", "Hant", "zh_hant_en"),
    _expo("zh_hant/ChocolateClassicalSans-400.ttf", "chocolate-classical-sans@0.4.4",
          "400Regular/ChocolateClassicalSans_400Regular.ttf", "sans-classical", "Hant", charset="zh_hant_en"),
    _expo("scripts/Cairo-600.ttf", "cairo@0.4.2", "600SemiBold/Cairo_600SemiBold.ttf", "sans-bold", "Arab"),
    _expo("scripts/Amiri-400.ttf", "amiri@0.4.1", "400Regular/Amiri_400Regular.ttf", "naskh", "Arab"),
    _expo("scripts/ArefRuqaa-400.ttf", "aref-ruqaa@0.4.1", "400Regular/ArefRuqaa_400Regular.ttf", "ruqaa", "Arab"),
    _expo("scripts/Lalezar-400.ttf", "lalezar@0.2.3", "Lalezar_400Regular.ttf", "display-black", "Arab"),
    _expo("scripts/Rakkas-400.ttf", "rakkas@0.4.1", "400Regular/Rakkas_400Regular.ttf", "display", "Arab"),
    _expo("scripts/ReemKufi-500.ttf", "reem-kufi@0.4.2", "500Medium/ReemKufi_500Medium.ttf", "kufi", "Arab"),
    _expo("scripts/Marhey-500.ttf", "marhey@0.4.2", "500Medium/Marhey_500Medium.ttf", "handwriting", "Arab"),
    _expo("scripts/Mukta-500.ttf", "mukta@0.4.1", "500Medium/Mukta_500Medium.ttf", "sans", "Deva"),
    _expo("scripts/TiroDevanagariHindi-400.ttf", "tiro-devanagari-hindi@0.4.1",
          "400Regular/TiroDevanagariHindi_400Regular.ttf", "serif", "Deva"),
    _expo("scripts/Baloo2-700.ttf", "baloo-2@0.4.2", "700Bold/Baloo2_700Bold.ttf", "rounded-bold", "Deva"),
    _expo("scripts/RozhaOne-400.ttf", "rozha-one@0.2.3", "RozhaOne_400Regular.ttf", "serif-black", "Deva",
          without="०१२३४५६७८९"),
    _expo("scripts/Kalam-400.ttf", "kalam@0.4.1", "400Regular/Kalam_400Regular.ttf", "handwriting", "Deva"),
    _expo("scripts/YatraOne-400.ttf", "yatra-one@0.2.3", "YatraOne_400Regular.ttf", "display", "Deva"),
    _expo("scripts/Kanit-500.ttf", "kanit@0.4.1", "500Medium/Kanit_500Medium.ttf", "sans-loopless", "Thai"),
    _expo("scripts/Prompt-400.ttf", "prompt@0.4.1", "400Regular/Prompt_400Regular.ttf", "sans-loopless", "Thai"),
    _expo("scripts/Chonburi-400.ttf", "chonburi@0.1.0", "Chonburi_400Regular.ttf", "display-serif", "Thai"),
    _expo("scripts/Sriracha-400.ttf", "sriracha@0.4.1", "400Regular/Sriracha_400Regular.ttf", "handwriting", "Thai"),
    _expo("scripts/Mali-500.ttf", "mali@0.4.1", "500Medium/Mali_500Medium.ttf", "handwriting", "Thai"),
    _expo("scripts/Charm-400.ttf", "charm@0.4.1", "400Regular/Charm_400Regular.ttf", "calligraphy", "Thai"),
    _expo("scripts/Rubik-700.ttf", "rubik@0.4.2", "700Bold/Rubik_700Bold.ttf", "sans-bold", "Hebr"),
    _expo("scripts/FrankRuhlLibre-400.ttf", "frank-ruhl-libre@0.4.1", "400Regular/FrankRuhlLibre_400Regular.ttf",
          "serif", "Hebr"),
    _expo("scripts/SecularOne-400.ttf", "secular-one@0.4.1", "400Regular/SecularOne_400Regular.ttf", "display",
          "Hebr"),
    _core("scripts/NotoSerifBengali-Regular.ttf", "serif", "Beng"),
    _core("scripts/NotoSerifTamil-Regular.ttf", "serif", "Taml"),
    _core("scripts/NotoSerifTelugu-Regular.ttf", "serif", "Telu"),
    _core("scripts/NotoSerifHebrew-Regular.ttf", "serif", "Hebr"),
)  # fmt: skip


def main() -> None:
    """Make every face and its entry."""
    packages, fonts = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = json.loads((fonts / "manifest.json").read_text("utf-8"))
    made = {face.file: make(face, packages, fonts) for face in FACES}
    kept = [entry for entry in manifest["fonts"] if entry["file"] not in made and (fonts / entry["file"]).is_file()]
    manifest["fonts"] = [*kept, *made.values()]
    (fonts / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")


def make(face: Face, packages: Path, fonts: Path) -> dict[str, object]:
    """Write a face and its licence; return its entry."""
    target = fonts / face.file
    target.parent.mkdir(exist_ok=True)
    path, _, family = face.path.partition("#")
    notes, modified = "unmodified file", None
    if face.charset:
        blank = _subset(packages / path, family, _wanted(fonts.parent / "charsets", face.charset), target, face)
        modified = f"{f'{family} taken out of the TTC, ' if family else ''}subset to the charset {face.charset}"
        modified += ", hinting dropped" + (f', renamed "{face.rename}"' if face.rename else "")
        notes = f"blank cmap entries removed: {blank}."
    else:
        target.write_bytes((packages / path).read_bytes())
    license_file = face.license
    if not license_file.startswith("LICENSES/"):
        suffix = "OFL" if face.license_name == _OFL else "copyright"
        license_file = f"LICENSES/{target.stem.split('-')[0]}-{suffix}.txt"
        (fonts / license_file).write_text((packages / face.license).read_text("utf-8"), "utf-8")
    names = TTFont(target)["name"]
    entry: dict[str, object] = {
        "file": face.file,
        "family": names.getBestFamilyName(),
        "source": face.source,
        "license": face.license_name,
        "license_file": license_file,
        "reserved_font_name": _reserved(fonts / license_file, str(names.getDebugName(0) or "")),
        "modified": modified,
        "style": face.style,
        "scripts": list(face.scripts),
        "bytes": target.stat().st_size,
        "sampling_weight": face.weight,
        "notes": notes,
        "lowercase_drawn_as_capitals": False,
        "tier": "core",
    }
    if face.without:
        entry["without"] = face.without
        entry["notes"] = f"{notes}; draws {face.without} with the shapes of others, so they are left to other faces"
    sys.stdout.write(f"{face.file}: {target.stat().st_size / 1000:.0f} kB, {modified or notes}\n")
    return entry


def _wanted(charsets: Path, name: str) -> set[int]:
    name, _, part = name.partition(":")
    listed = "".join((charsets / f"{name}.txt").read_text("utf-8").split())
    if name == "japanese_full":
        listed += "".join((charsets / "japanese.txt").read_text("utf-8").split())
    if part == "joyo":  # the charset has these first
        kanji = [char for char in listed if "\u4e00" <= char <= "\u9fff"]
        listed = "".join(char for char in listed if char not in set(kanji[_JOYO:]))
    return {ord(char) for char in {*listed, *_SYMBOLS, " ", *map(chr, range(0x21, 0x7F))}}


def _subset(path: Path, family: str, codes: set[int], target: Path, face: Face) -> int:
    font = TTFont(path, fontNumber=_number(path, family) if family else -1)
    blank = _blank(font, codes)
    options = subset.Options()
    options.layout_features = _FEATURES
    options.hinting = False
    options.name_IDs = ["*"] if not face.rename else [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["VORG", "BASE", "GDEF"] if "CFF " in font else []
    for tag in ("gasp", "mort", "DSIG"):
        if tag in font:
            del font[tag]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes - blank)
    subsetter.subset(font)
    if face.rename:
        _rename(font, face.rename)
    _note(font, f"Subset to the charset {face.charset}; hinting dropped.")
    font.save(target)
    return len(blank)


def _number(path: Path, family: str) -> int:
    from fontTools.ttLib import TTCollection

    fonts = TTCollection(path, lazy=True).fonts
    return next(at for at, font in enumerate(fonts) if font["name"].getBestFamilyName() == family)


def _blank(font: TTFont, codes: set[int]) -> set[int]:
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    blank = set()
    for code in codes:
        if code == 0x20 or code not in cmap:
            continue
        pen = BoundsPen(glyphs)
        glyphs[cmap[code]].draw(pen)
        if pen.bounds is None or pen.bounds[2] <= pen.bounds[0] or pen.bounds[3] <= pen.bounds[1]:
            blank.add(code)
    return blank


def _rename(font: TTFont, family: str) -> None:
    names = font["name"]
    plain = family.replace(" ", "")
    names.names = [name for name in names.names if name.platformID == 3 and name.langID == 0x409]
    for number, text in ((1, family), (3, plain), (4, family), (6, plain)):
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [plain]
        top = font["CFF "].cff.topDictIndex[0]
        top.FullName, top.FamilyName = family, family


def _note(font: TTFont, text: str) -> None:
    font["name"].setName(f"Modified: {text}", 10, 3, 1, 0x409)


def _reserved(license_file: Path, copyright_line: str) -> str | None:
    first = license_file.read_text("utf-8").split("SIL OPEN FONT LICENSE")[0] + " " + copyright_line
    if "with Reserved Font Name" not in first:
        return None
    line = first.split("with Reserved Font Name", 1)[1].lstrip("s ").split("\n")[0].split(".")[0]
    return line.strip(" ,:\"'“”‘’") or None


if __name__ == "__main__":
    main()
