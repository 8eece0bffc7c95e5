"""Charsets: the ordered characters that are generated and recognised, shipped, read from a file, or built.

The order is the class ids of a recogniser, so it is kept as it is in the file and never derived from data.
U+0020 is not part of any charset: `TextSpec.spaces` says whether text has it.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from synthtext.assets.textfiles import read_text
from synthtext.errors import AssetError
from synthtext.paths import data_dir

Order = Literal["frequency", "codepoint"]

# Control, unassigned, surrogate and invisible format characters: nothing that a face could draw.
_UNDRAWABLE = frozenset({"Cc", "Cn", "Cs", "Cf"})
_SHOWN = 8
#: characters without ink that change those beside them: joiners, and the choice between text and picture
JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


@dataclass(frozen=True)
class Charset:
    """Characters in the order of their class ids.

    Attributes:
        name: of a shipped charset, or the stem of its file.
        chars: single code points, NFC, no white space, each once.
    """

    name: str
    chars: tuple[str, ...]

    @cached_property
    def members(self) -> frozenset[str]:
        """The characters without their order."""
        return frozenset(self.chars)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the characters in their order, in hex."""
        return hashlib.sha256("\n".join(self.chars).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.chars)


def shipped_charsets() -> tuple[str, ...]:
    """Return the names of the charsets that come with synthtext, in alphabetical order."""
    return tuple(sorted(path.stem for path in data_dir("charsets").glob("*.txt") if "LICENSE" not in path.name))


def load_charset(name_or_file: str) -> Charset:
    """Return a shipped charset by its name, or the charset of a file (one character a line, UTF-8).

    A name wins over a file of the same name in the current folder; write `./name` for the file.

    Raises:
        AssetError: no such name or file, or a file with faults: one line for each of them.
    """
    if name_or_file in shipped_charsets():
        return read_charset(data_dir("charsets") / f"{name_or_file}.txt")
    path = Path(name_or_file).expanduser()
    if path.is_file():
        return read_charset(path)
    if path.suffix or len(path.parts) > 1:
        raise AssetError(f"charset file {name_or_file}: there is no such file; check the path")
    names = shipped_charsets()
    near = difflib.get_close_matches(name_or_file, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise AssetError(
        f"no charset is called '{name_or_file}'; {hint}shipped are {', '.join(names)};"
        " or give a file, one character a line"
    )


def read_charset(path: Path) -> Charset:
    """Return the charset of a file.

    Raises:
        AssetError: as `load_charset`.
    """
    chars, faults = _parse(path)
    if faults:
        more = [f"{path}: and {len(faults) - _SHOWN} more faults"] if len(faults) > _SHOWN else []
        raise AssetError("\n".join([*faults[:_SHOWN], *more]))
    if not chars:
        raise AssetError(f"{path}: holds no character; write one a line")
    return Charset(path.stem, tuple(chars))


def charset_faults(path: Path) -> list[str]:
    """Return what is wrong with a charset file, a line for each fault; empty when it can be used.

    Raises:
        AssetError: the file is missing or no text.
    """
    return _parse(path)[1]


def build_charset(sources: Iterable[str | Path], name: str, min_count: int = 1, order: Order = "frequency") -> Charset:
    """Return the charset of texts: corpora, or a PaddleOCR dictionary (one character a line).

    Args:
        sources: text as `str`, files as `Path`; .gz and any encoding that `textfiles.sniff` knows.
        name: of the new charset.
        min_count: characters that occur less often are left out.
        order: most frequent first (ties by first appearance, so that a dictionary keeps its order),
            or by code point.

    Raises:
        AssetError: a file cannot be read, or no character is left.
    """
    counts: Counter[str] = Counter()
    for source in sources:
        text = read_text(source) if isinstance(source, Path) else source
        counts.update(unicodedata.normalize("NFC", text.removeprefix("\ufeff")))
    kept = [char for char, count in counts.items() if count >= min_count and _fault(char) is None]
    if not kept:
        raise AssetError(f"charset '{name}': no character occurs {min_count} times in the texts; lower the minimum")
    kept.sort(key=ord if order == "codepoint" else lambda char: -counts[char])
    return Charset(name, tuple(kept))


def write_charset(path: Path, charset: Charset) -> None:
    """Write a charset, one character a line, UTF-8; the file is there whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{char}\n" for char in charset.chars)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise AssetError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        part.unlink(missing_ok=True)


def _parse(path: Path) -> tuple[list[str], list[str]]:
    chars: list[str] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(_file_lines(path, faults), 1):
        fault = _line_fault(line, seen)
        if fault:
            faults.append(f"{path}: line {number}: {fault}")
        else:
            seen[line] = number
            chars.append(line)
    return chars, faults


def _file_lines(path: Path, faults: list[str]) -> Sequence[str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AssetError(f"{path}: cannot be read ({error.strerror or error})") from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AssetError(
            f"{path}: line {line}: byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8"
        ) from None
    if text.startswith("\ufeff"):
        faults.append(f"{path}: line 1: starts with a byte order mark; save the file as UTF-8 without BOM")
        text = text[1:]
    # Only \n and \r\n end a line: U+2028 and the like would hide as line ends in str.splitlines().
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if not lines[-1] else lines


def _line_fault(line: str, seen: dict[str, int]) -> str | None:
    if not line:
        return "is blank; remove it"
    if line.isspace():
        return "holds white space only; remove it (spaces are switched on by `text.spaces`, not by the charset)"
    stable = unicodedata.normalize("NFC", line)
    if stable != line:
        return f"{_code(line)} is not stable under NFC, labels would hold {_code(stable)}; write that instead"
    if len(line) > 1:
        shown = line if len(line) <= 12 else line[:12] + "..."
        return f"holds {len(line)} characters ({shown!r}); write one a line, without spaces or comments"
    if line in seen:
        return f"{line!r} ({_code(line)}) was in line {seen[line]} already; remove one of them"
    return _fault(line)


def _fault(char: str) -> str | None:
    if char.isspace():
        return "white space"
    if unicodedata.category(char) in _UNDRAWABLE and char not in JOINERS:
        kind = "unassigned" if unicodedata.category(char) == "Cn" else "a control or invisible character"
        return f"{_code(char)} is {kind}; remove it"
    return None


def _code(chars: str) -> str:
    return " ".join(f"U+{ord(char):04X}" for char in chars)
