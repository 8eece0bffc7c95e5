"""The same words, typefaces and photographs for every generator, laid out in a scratch folder.

Texts are about ten characters: English words of 9 to 11 letters, and Chinese words joined and cut
to exactly ten. Each typeface gets a list of the characters in use beside it, because SynthTIGER
draws nothing with a font that has none.
"""

import gzip
import itertools
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

from .errors import BadSetup

TEXT_CHARS = 10
_TEXT_COUNT = 6000
_EN_LENGTHS = range(9, 12)
_FONTS = {
    "en": (
        "latin/Arimo-400.ttf",
        "latin/Caveat-500.ttf",
        "latin/EbGaramond-400.ttf",
        "latin/Montserrat-900.ttf",
        "latin/OpenSans-400.ttf",
        "latin/Oswald-500.ttf",
        "latin/RobotoSlab-400.ttf",
        "latin/Tinos-400.ttf",
    ),
    "zh": ("zh/NotoSansSC-Regular.otf",),
}
LANGUAGES = tuple(_FONTS)


@dataclass(frozen=True)
class Inputs:
    """What every generator draws from, for one language.

    `lines` holds one text a line, `stream` the same texts in one line, as a running text.
    """

    fonts: tuple[Path, ...]
    lines: Path
    stream: Path
    backgrounds: Path


def prepare_inputs(assets: Path, language: str, scratch: Path) -> Inputs:
    """Lay out the inputs of `language` under `scratch`.

    Args:
        assets: folder that holds `backgrounds/cc0`, `fonts` and `charsets/corpora` or `corpora`.
        language: one of `LANGUAGES`.
        scratch: an existing folder.

    Raises:
        BadSetup: `assets` lacks something.
    """
    backgrounds = _existing(assets / "backgrounds" / "cc0")
    texts = _english_texts(assets) if language == "en" else _chinese_texts(assets)
    folder = scratch / f"inputs-{language}"
    folder.mkdir()
    lines, stream = folder / "lines.txt", folder / "stream.txt"
    lines.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    stream.write_text(("" if language == "zh" else " ").join(texts), encoding="utf-8")
    fonts = _stage_fonts(assets, language, folder / "fonts", sorted(set("".join(texts))))
    return Inputs(fonts, lines, stream, backgrounds)


def _stage_fonts(assets: Path, language: str, folder: Path, chars: list[str]) -> tuple[Path, ...]:
    folder.mkdir()
    staged = []
    for name in _FONTS[language]:
        font = folder / Path(name).name
        shutil.copyfile(_existing(assets / "fonts" / name), font)
        font.with_suffix(".txt").write_text("".join(chars), encoding="utf-8")
        staged.append(font)
    return tuple(staged)


def _english_texts(assets: Path) -> list[str]:
    words = [
        word
        for word in _corpus_lines(assets, "en_words.txt.gz")
        if len(word) in _EN_LENGTHS and word.isascii() and word.isalpha()
    ]
    return random.Random(0).choices(words, k=_TEXT_COUNT)


def _chinese_texts(assets: Path) -> list[str]:
    rows = [line.split("\t") for line in _corpus_lines(assets, "zh_words.tsv.gz")]
    rows = [row for row in rows if all("\u4e00" <= char <= "\u9fff" for char in row[0])]
    counts = [int(row[1]) for row in rows]
    drawn = random.Random(0).choices([row[0] for row in rows], counts, k=_TEXT_COUNT * TEXT_CHARS)
    chars = itertools.chain.from_iterable(drawn)
    return ["".join(itertools.islice(chars, TEXT_CHARS)) for _ in range(_TEXT_COUNT)]


def _corpus_lines(assets: Path, name: str) -> list[str]:
    folders = [assets / "charsets" / "corpora", assets / "corpora"]
    for folder in folders:
        if (folder / name).exists():
            return gzip.decompress((folder / name).read_bytes()).decode("utf-8").splitlines()
    raise BadSetup(f"no {name} in {folders[0]} or {folders[1]}; give the folder that has it with --assets")


def _existing(path: Path) -> Path:
    if not path.exists():
        raise BadSetup(f"{path} does not exist; give the folder that has it with --assets")
    return path
