"""Reading text that users hand in: which encoding it has, whether it is text at all, gzip or not.

Nothing here knows what the text is for; `charset`, `corpus` and `lines` do.
"""

from __future__ import annotations

import codecs
import gzip
import unicodedata
import zlib
from pathlib import Path

from synthtext.errors import AssetError

# What is packed has to be unpacked in the memory of each worker: beyond this it should be a plain file.
UNPACKED_LIMIT = 64 << 20

_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Control characters that text files hold: tab, line feed, form feed, carriage return.
_JUNK_CHARS = frozenset(chr(code) for code in range(32) if code not in (9, 10, 12, 13))
# The codec and the last lead byte of the rows of punctuation and level 1, the everyday characters.
_EVERYDAY = {"gb18030": ("gb2312", 0xD7), "big5": ("big5", 0xC6)}


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked if its name ends in `.gz`.

    Raises:
        AssetError: missing, a folder, unreadable, damaged, or larger than `UNPACKED_LIMIT` when unpacked.
    """
    try:
        if path.suffix.lower() != ".gz":
            return path.read_bytes()
        with gzip.open(path) as stream:
            data = stream.read(UNPACKED_LIMIT + 1)
    except FileNotFoundError:
        raise AssetError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise AssetError(f"{path}: is a folder; name the text files in it") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise AssetError(f"{path}: not a whole gzip file ({error}); make it again or unpack it first") from None
    except OSError as error:
        raise AssetError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(data) > UNPACKED_LIMIT:
        raise AssetError(f"{path}: more than {UNPACKED_LIMIT >> 20} MB when unpacked; run `gunzip -k` on it first")
    return data


def sniff(data: bytes, path: Path) -> tuple[str, int]:
    """Return the encoding of a text file and the length of its byte order mark, judged by its beginning.

    Tried strictly in this order: a byte order mark, UTF-8, then GB18030 (GBK) against Big5: whichever gives
    more everyday characters, because the bytes of one are often valid in the other.

    Raises:
        AssetError: not text.
    """
    head = data[:_SAMPLE]
    if head.startswith(_UTF32_BOMS):
        raise AssetError(f"{path}: is UTF-32; save it as UTF-8")
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    if b"\0" in head:
        line = head.count(b"\n", 0, head.index(b"\0")) + 1
        raise AssetError(f"{path}: line {line}: holds NUL bytes, so this is no text file; give a text file")
    whole = len(data) <= _SAMPLE
    if _decodes(head, "utf-8", whole):
        return "utf-8", 0
    scores = {encoding: _everyday_share(head, encoding, whole) for encoding in ("gb18030", "big5")}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] <= 0.0:
        raise AssetError(f"{path}: {_utf8_fault(head)}, nor is it GB18030 or Big5; save it as UTF-8")
    return best, 0


def decode(data: bytes, path: Path) -> str:
    """Return a file's text, line ends as `\\n`.

    Raises:
        AssetError: not text in a known encoding, or with control characters: says in which line.
    """
    encoding, skip = sniff(data, path)
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, skip + error.start) + 1
        found = data[skip + error.start]
        raise AssetError(
            f"{path}: line {line}: byte 0x{found:02X} is not {encoding.upper()} like the text before it;"
            " save it as UTF-8"
        ) from None
    if not _JUNK_CHARS.isdisjoint(text):
        at = next(at for at, char in enumerate(text) if char in _JUNK_CHARS)
        raise AssetError(
            f"{path}: line {text.count(chr(10), 0, at) + 1}: control character U+{ord(text[at]):04X};"
            " remove it, or give a text file"
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def read_text(path: Path) -> str:
    """Return the text of a file: `decode` of `read_bytes`."""
    return decode(read_bytes(path), path)


def tidy(text: str) -> str:
    """Return text as labels want it: NFC, stripped, each stretch of inner white space one U+0020."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _decodes(head: bytes, encoding: str, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, whole)
    except UnicodeDecodeError:
        return False
    return True


def _everyday_share(head: bytes, encoding: str, whole: bool) -> float:
    """The share of everyday characters among those beyond ASCII; -1 if `head` is not in this encoding."""
    if not whole:
        # The last line may be cut in the middle of a character.
        head = head[: head.rfind(b"\n") + 1] or head[:-4]
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return -1.0
    if not _JUNK_CHARS.isdisjoint(text):
        return -1.0
    beyond = [char for char in text if char > "\x7f"]
    codec, high = _EVERYDAY[encoding]
    return sum(_lead(char, codec, high) for char in beyond) / len(beyond) if beyond else -1.0


def _lead(char: str, codec: str, high: int) -> bool:
    try:
        return 0xA1 <= char.encode(codec)[0] <= high
    except UnicodeEncodeError:
        return False


def _utf8_fault(head: bytes) -> str:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"line {head.count(bytes([10]), 0, error.start) + 1}: byte 0x{head[error.start]:02X} is not UTF-8"
    return "not UTF-8"
