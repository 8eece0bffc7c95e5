"""What every codec offers, what it declares that its format cannot hold, and where a sink puts files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from synthtext.labels.codec.crops import Crop, cut
from synthtext.labels.codec.images import Images
from synthtext.labels.faults import OnFault
from synthtext.labels.picture import Kind, Picture

Outlines = Literal["polygon", "quad", "box"]
Ignored = Literal["flag", "mark", "left out"]
Categories = Literal["any", "two", "none"]
Names = Literal["path", "file", "none"]


@dataclass(frozen=True, slots=True)
class Keeps:
    """What comes back after pictures were written in a format and read again; all else is lost.

    Attributes:
        kinds: what it holds.
        outlines: the most that it can say about where text is: a polygon, a quad, an upright box.
        off_px: corners move by at most this much when they are written.
        texts: what is written.
        ignored: text to be ignored: a flag beside its text, the mark `###` instead of it, or it is left out.
        categories: any name, printed and filled, or none.
        language, direction, chars: those fields of a box.
        rest: flags and unknown keys of a box.
        about: unknown keys of a picture.
        blank: pages without any text.
        parts: which part a picture is in.
        lines: lines with spaces; otherwise each of their words becomes a box of its own.
        spaces: crops whose text has a space.
        charless: pages where the characters of a text have no quads.
        twins: boxes of one category in the very same place.
        order: of the boxes of a page, where they are of several categories.
        names: the picture's path, only the file's name in it, or neither.
    """

    kinds: tuple[Kind, ...] = ("pages",)
    outlines: Outlines = "polygon"
    off_px: float = 0.006
    texts: bool = True
    ignored: Ignored = "flag"
    categories: Categories = "any"
    language: bool = True
    direction: bool = True
    chars: bool = True
    rest: bool = True
    about: bool = True
    blank: bool = True
    parts: bool = True
    lines: bool = True
    spaces: bool = True
    charless: bool = True
    twins: bool = True
    order: bool = True
    names: Names = "path"


@dataclass(slots=True)
class Target:
    """Where a sink writes, and the choices of whoever writes.

    Attributes:
        root: an existing, empty folder.
        name: that the folder will have in the end: formats that name their own folder need it.
        images: puts the pictures' files in place.
        charset: of recognition labels, in the order of class ids; None to take the characters that are met.
        polygons: outlines of more than four points stay what they are where the format takes them.
        saved_maps: CRAFT's score maps are drawn beside EasyOCR's folder.
        dropped: why boxes or pictures were not written, with how many.
        cut: gives the crops of a page.
    """

    root: Path
    name: str
    images: Images
    charset: tuple[str, ...] | None = None
    polygons: bool = True
    saved_maps: bool = False
    dropped: Counter[str] = field(default_factory=Counter)
    cut: Callable[[Picture], list[Crop]] = cut


class Unfit(Exception):
    """A picture that a format cannot hold at all; the message says why, in words that many pictures share."""


class Sink(Protocol):
    """Takes pictures in a format, one at a time."""

    def add(self, picture: Picture) -> None:
        """Write one picture.

        Raises:
            Unfit: the format cannot hold it; nothing has been written.
        """

    def close(self) -> None:
        """Write what belongs to the whole, and let go of all files."""


class Codec(Protocol):
    """One format."""

    @property
    def name(self) -> str:
        """As the user says it."""

    @property
    def summary(self) -> str:
        """One line for the help."""

    @property
    def keeps(self) -> Keeps:
        """What it can hold."""

    @property
    def drawn(self) -> bool:
        """Whether its outlines are drawn by hand, so that their first corner need not be where reading begins."""

    def fits(self, root: Path) -> bool:
        """Return whether a folder or file looks like this format."""

    def read(self, root: Path, on_fault: OnFault) -> Iterator[Picture]:
        """Yield the pictures of a folder or file, in order; what cannot be read is reported, and reading goes on."""

    def sink(self, target: Target) -> Sink:
        """Start writing."""
