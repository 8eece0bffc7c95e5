"""The classes of a CTC head, as PaddleOCR numbers them: ids from texts, and texts from ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from synthtext.assets.charset import load_charset
from synthtext.bidi import has_right_to_left, levels, visual_order
from synthtext.config import Config
from synthtext.values import Direction

BLANK = 0


@dataclass(frozen=True)
class Classes:
    """Class 0 is the blank, class n the character in line n of `dict.txt` (counted from 1), the space comes last.

    A model that was trained on these ids reads with PaddleOCR's `CTCLabelDecode` and the `dict.txt` of a run with
    the same charset.

    Attributes:
        chars: of the classes from 1 on.
    """

    chars: tuple[str, ...]

    @classmethod
    def of(cls, config: Config) -> Classes:
        """Return the classes of a configuration: those of its charset, and the space if its texts may have some.

        Raises:
            AssetError: the charset is missing or broken.
        """
        return cls((*load_charset(config.charset).chars, *([" "] if config.text.spaces else [])))

    def __len__(self) -> int:
        """How many classes there are, the blank included: what the last layer of a model needs."""
        return 1 + len(self.chars)

    def encode(self, text: str) -> list[int]:
        """Return the class id of each character (code point) of a text.

        Raises:
            ValueError: a character has no class.
        """
        try:
            return [self._ids[char] for char in text]
        except KeyError as error:
            char = error.args[0]
            raise ValueError(f"{text!r}: {char!r} (U+{ord(char):04X}) has no class: not in the charset") from None

    def decode(self, ids: Iterable[int]) -> str:
        """Return what a CTC head reads: of the best class of every step, repeats are one and blanks nothing.

        Raises:
            ValueError: there is no such class.
        """
        chars, before = [], BLANK
        for number in ids:
            if not 0 <= number <= len(self.chars):
                raise ValueError(f"class {number} does not exist; there are {len(self):,} (0..{len(self.chars)})")
            if number not in (before, BLANK):
                chars.append(self.chars[number - 1])
            before = number
        return "".join(chars)

    def text(self, target: Sequence[int]) -> str:
        """Return the characters of a target, blanks (its padding) left out; repeats stay."""
        return "".join(self.chars[number - 1] for number in target if number != BLANK)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {char: number for number, char in enumerate(self.chars, BLANK + 1)}


def as_it_stands(text: str, direction: Direction) -> str:
    """Return the characters of a text in the order in which they stand in the picture, from the left or from the top.

    CTC cannot learn any other. It is that of the text itself but where Arabic or Hebrew run from right to left.
    """
    if direction == "ttb" or not has_right_to_left(text):
        return text
    return "".join(text[place] for place in visual_order(levels(text, int(direction == "rtl"))))
