"""What can be said about one text or one image by itself. Each check gives (what is wrong, what to do)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from synthtext.labels.headers import read_header
from synthtext.labels.upright import look_at

Finding = tuple[str, str]

_AGAIN = "make its shard again"


@dataclass(frozen=True, slots=True)
class TextRules:
    """What a text must obey.

    Attributes:
        chars: that it may hold; None when there is no dictionary.
        max_length: in code points, None when nothing is said.
    """

    chars: frozenset[str] | None = None
    max_length: int | None = None

    def check(self, text: str) -> Iterator[Finding]:
        """Yield what is wrong with a text."""
        if not text:
            yield "the text is empty, trainers skip such a sample", "remove the sample or write its text"
            return
        if text[0].isspace() or text[-1].isspace():
            yield f"{text!r} has white space at an end", "remove the white space"
        if not unicodedata.is_normalized("NFC", text):
            yield f"{text!r} is not NFC, the dictionary is", "normalise the text"
        if not text.isprintable() and any(unicodedata.category(char) == "Cc" for char in text):
            yield f"{text!r} holds a control character (a tab or a CR?)", "remove the character"
        elif self.chars is not None and not self.chars.issuperset(text):
            missing = "".join(sorted(set(text) - self.chars))
            names = ", ".join(f"U+{ord(char):04X}" for char in missing[:4])
            do = "add them at the end of the dictionary, or remove the sample"
            yield f"{missing!r} ({names}) is not in the dictionary; trainers delete it from the text", do
        if self.max_length is not None and len(text) > self.max_length:
            what = f"the text has {len(text)} characters, the limit is {self.max_length}; trainers skip it"
            yield what, "remove the sample or raise the limit"


@dataclass(frozen=True, slots=True)
class ImageRules:
    """What an image file must obey.

    Attributes:
        suffix: `jpg` or `png`; None for either.
        heights: that occur in the dataset, None when nothing is said.
    """

    suffix: str | None = None
    heights: Collection[int] | None = None

    def check(self, data: bytes, decode: bool) -> Iterator[Finding]:
        """Yield what is wrong with an image file; its pixels are looked at only with `decode`."""
        header = read_header(data)
        if header is None:
            if self.suffix is None and look_at(data) is not None:
                yield from self._check_other(data)
                return
            what = "the image file is empty" if not data else "the file is neither a JPEG nor a PNG, or is damaged"
            yield what, _AGAIN
            return
        if not header.whole:
            yield f"the image file is cut off after {len(data)} bytes", _AGAIN
        elif decode and cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
            yield "the image cannot be decoded", _AGAIN
        if header.exif:
            yield (
                "the image carries EXIF data, which some readers apply and others do not",
                "strip the EXIF data",
            )
        if self.suffix is not None and header.suffix != self.suffix:
            yield f"the image is a {header.suffix}, the dataset holds {self.suffix} files", _AGAIN
        if self.heights is not None and header.size_wh[1] not in self.heights:
            shown = ", ".join(map(str, sorted(self.heights)[:5]))
            yield f"the image is {header.size_wh[1]} px high, the dataset holds {shown} px", _AGAIN

    def _check_other(self, data: bytes) -> Iterator[Finding]:
        """Yield what is wrong with an image that is neither a JPEG nor a PNG."""
        look = look_at(data)
        if look is not None and look.exif:
            yield "the image carries EXIF data, which some readers apply and others do not", "strip the EXIF data"
        if cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None:
            yield "the image is of a kind that trainers cannot decode", "save it as JPEG or PNG"
