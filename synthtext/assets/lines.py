"""Lines of running text from files of the user's own, small or far larger than memory.

A small file is cleaned once and held as UTF-8; a large one stays on disk and is mapped, with the offset of
each 16th line as its index. Both give a piece that fits a length, cut where a reader would cut.
"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from synthtext.assets.textfiles import decode, read_bytes, sniff, tidy
from synthtext.errors import AssetError
from synthtext.rng import Draws
from synthtext.scripts import graphemes, is_plain, joins_left, script_of

# Files beyond this are mapped instead of read.
MAPPED_FROM = 8 << 20

_STRIDE = 16
_CHUNK = 8 << 20
# A mapped line longer than this (a book without line ends) is read from a random place in it.
_LONG_LINE = 4096
_LONGEST_PIECE = 200
_LONGEST_GRAPHEME = 40
_UNSPACED = frozenset({"Thai", "Laoo", "Khmr", "Mymr"})
_TRIES = 6
_BREAKS = frozenset("，。！？；：、…,.!?;: ")
_CLOSING = frozenset("，。！？；：、…”’）》】」』,.!?;:)]}%％℃")
_OPENING = frozenset("“‘（《〈【「『([{")


class Lines:
    """The lines of one file that can be written with the allowed characters."""

    def __init__(
        self,
        data: bytes | mmap.mmap,
        offsets: np.ndarray,
        stride: int,
        encoding: str,
        allowed: frozenset[str],
    ) -> None:
        self._data = data
        self._offsets = offsets
        self._stride = stride
        self._encoding = encoding
        self._allowed = allowed

    def draw(self, draws: Draws, min_length: int, max_length: int) -> str:
        """Return a piece of a line with at most `max_length` characters, or "" when none was found.

        A line that is shorter than `min_length` is passed over. Takes a bounded number of draws.
        """
        for _ in range(_TRIES):
            line = tidy(self._line(draws))
            if line and _continues(line[0]):  # a window into a long line may begin in the middle of a grapheme
                line = _tidy_start(line)
            if not self._allowed.issuperset(line):
                pieces = list(_pieces(line, self._allowed))
                line = draws.choice(pieces) if pieces else ""
            if len(line) > max_length:
                line = cut(draws, line, max_length)
            if line and len(line) >= min_length:
                return line
        return ""

    def _line(self, draws: Draws) -> str:
        block = draws.integer(0, len(self._offsets) - 1)
        start, data = int(self._offsets[block]), self._data
        if self._stride > 1:
            last = len(data) - 1
            for _ in range(draws.integer(0, self._stride - 1)):
                found = data.find(b"\n", start)
                # The last block is short: its lines are drawn again from its beginning.
                start = found + 1 if 0 <= found < last else int(self._offsets[block])
        stop = data.find(b"\n", start)
        if stop < 0:
            stop = len(data)
        if stop - start > _LONG_LINE:
            start, stop = self._window(draws, start, stop)
        return data[start:stop].decode(self._encoding, "ignore")

    def _window(self, draws: Draws, start: int, stop: int) -> tuple[int, int]:
        if self._encoding == "utf-8":
            start = draws.integer(start, stop - _LONG_LINE)
        # The other encodings cannot be entered in the middle of a line.
        return start, min(stop, start + _LONG_LINE)


def open_lines(path: Path, allowed: frozenset[str], text: str | None = None) -> Lines:
    """Return the lines of a file, mapped if it is a large plain file.

    Args:
        path: UTF-8, UTF-16 with a byte order mark, GB18030 (GBK) or Big5, found out by itself; `.gz` too.
        allowed: characters that may be written, U+0020 among them if text may have spaces.
        text: what the file holds, if it has been read already.

    Raises:
        AssetError: missing, not text, or without a single line that can be written.
    """
    if text is None:
        if is_large(path):
            return _mapped(path, allowed)
        text = decode(read_bytes(path), path)
    kept = [piece.encode() for line in text.split("\n") for piece in _pieces(tidy(line), allowed)]
    if not kept:
        raise AssetError(
            f"{path}: no line has a character that is in the charset and in a font; take another charset or corpus"
        )
    sizes = np.fromiter((len(piece) + 1 for piece in kept), np.int64, len(kept))
    return Lines(b"\n".join(kept), np.cumsum(sizes) - sizes, 1, "utf-8", allowed)


def is_large(path: Path) -> bool:
    """Whether a file is to be mapped instead of read."""
    try:
        return path.suffix.lower() != ".gz" and path.stat().st_size > MAPPED_FROM
    except OSError as error:
        raise AssetError(f"{path}: cannot be read ({error.strerror or error}); check the path") from None


def cut(draws: Draws, line: str, max_length: int) -> str:
    """Return a piece of a longer line: whole words of Latin script, preferably from break to break."""
    length = len(line)
    starts = [
        0,
        *(at + 1 for at, char in enumerate(line) if char in _BREAKS and at + 1 < length - max_length // 2),
    ]
    start = draws.choice(starts)
    while start < length and (line[start] in _CLOSING or line[start] == " " or _continues(line[start])):
        start += 1
    stop = min(length, start + max_length)
    if stop < length:
        stop = _break_before(line, start, stop)
    return _tidy_end(line[start:stop]).strip()


def _tidy_end(piece: str) -> str:
    """The piece without brackets and quotes that open at its end."""
    stop = len(piece)
    while stop and (piece[stop - 1] in _OPENING or piece[stop - 1] == " "):
        stop -= 1
    return piece[:stop]


def _tidy_start(piece: str) -> str:
    """The piece without marks at its beginning that belong to what was before it."""
    start = 0
    while start < len(piece) and (piece[start] in _CLOSING or piece[start] == " " or _continues(piece[start])):
        start += 1
    return piece[start:]


def _continues(char: str) -> bool:
    """Whether a character only continues the grapheme before it."""
    return not is_plain(char) and joins_left(char)


def _break_before(line: str, start: int, stop: int) -> int:
    """The best place to end a piece: after punctuation if that keeps 60 % of it, else between words."""
    least = start + (stop - start) * 3 // 5
    for at in range(stop, least, -1):
        if line[at - 1] in _BREAKS or line[at] == " ":
            return at
    if not is_plain(line[start : stop + 1]):
        stop = _grapheme_end(line, start, stop)
    while stop > start and _joined(line[stop - 1], line[stop]):
        stop -= 1
    return stop


def _grapheme_end(line: str, start: int, stop: int) -> int:
    """The last end of a grapheme up to a place; a word of a script with signs on its letters may be cut there."""
    end = start
    for cluster in graphemes(line[start : stop + _LONGEST_GRAPHEME]):
        if end + len(cluster) > stop:
            break
        end += len(cluster)
    return end


def _unspaced(char: str) -> bool:
    """Whether a character belongs to a script that sets no spaces between words."""
    return char >= "\u2e80" or script_of(char) in _UNSPACED


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word: letters, signs on them and digits of scripts with spaces."""
    if not is_plain(left + right):
        return not _unspaced(left) and not _unspaced(right) and left != " " and (right.isalnum() or _continues(right))
    return left < "\u2e80" and right < "\u2e80" and (left.isalnum() or left in "'-._@/") and right.isalnum()


def _pieces(line: str, allowed: frozenset[str]) -> Iterator[str]:
    """The stretches of a line that can be written, no longer than they need to be and no word in halves."""
    if not allowed.issuperset(line):
        parts = "".join(char if char in allowed else "\n" for char in _whole_words(line, allowed)).split("\n")
        for at, part in enumerate(parts):
            part = _tidy_start(part) if at else part
            part = _tidy_end(part) if at < len(parts) - 1 else part
            if len(part.strip()) > 1:
                yield from _pieces(part.strip(), allowed)
        return
    while len(line) > _LONGEST_PIECE:
        stop = len(_tidy_end(line[: _break_before(line, 0, _LONGEST_PIECE)])) or _LONGEST_PIECE
        yield line[:stop].strip()
        line = line[stop:].strip()
    if line:
        yield line


def _whole_words(line: str, allowed: frozenset[str]) -> str:
    """Blot out the words of Latin script that hold a character which cannot be written."""
    return " ".join(word if allowed.issuperset(word) or not _letters_only(word) else "\n" for word in line.split(" "))


def _letters_only(word: str) -> bool:
    return not any(_unspaced(char) for char in word)


def _mapped(path: Path, allowed: frozenset[str]) -> Lines:
    with path.open("rb") as stream:
        encoding, skip = sniff(stream.read(1 << 17), path)
        if encoding.startswith("utf-16"):
            raise AssetError(f"{path}: is UTF-16 and larger than {MAPPED_FROM >> 20} MB; save it as UTF-8")
        # Read, not mapped, for the index: a worker's memory should not seem to hold the whole file.
        stream.seek(skip)
        offsets = _index(stream, skip, encoding, path)
        data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return Lines(data, offsets[offsets < len(data)], _STRIDE, encoding, allowed)


def _index(stream: BinaryIO, skip: int, encoding: str, path: Path) -> np.ndarray:
    """Where each 16th line begins, having seen that the whole file is text.

    Raises:
        AssetError: it is not.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    offsets: list[np.ndarray] = [np.array([skip], np.int64)]
    at, lines = skip, 0
    while chunk := stream.read(_CHUNK):
        ends = np.flatnonzero(np.frombuffer(chunk, np.uint8) == 10)
        try:
            decoder.decode(chunk, len(chunk) < _CHUNK)
        except UnicodeDecodeError as error:
            line = lines + chunk.count(b"\n", 0, error.start) + 1
            raise AssetError(
                f"{path}: line {line}: {error.reason} for {encoding.upper()}, in which it begins; save it as UTF-8"
            ) from None
        if b"\0" in chunk:
            line = lines + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
            raise AssetError(f"{path}: line {line}: holds NUL bytes, so this is no text file; give a text file")
        first = (-lines - 1) % _STRIDE
        offsets.append(ends[first::_STRIDE].astype(np.int64) + at + 1)
        lines += len(ends)
        at += len(chunk)
    return np.concatenate(offsets)
