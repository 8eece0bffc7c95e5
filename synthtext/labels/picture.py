"""The picture: what every format of labels is read into and written from.

Why there is one: `docs/adr/0005-one-record-between-formats.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from synthtext.labels.levels import TextBox

Kind = Literal["crops", "pages"]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One image with its labels, as a file tells of it.

    Attributes:
        path: of the image below the folder of its part, with '/': what tells it from the others.
        part: train, val or test; empty when the format has no parts, or the file names none.
        image: the encoded file, or the path of the file, which need not exist.
        where: file and line, or container and key, of its label.
        text: of a crop, which is one line or word and nothing else; None for a page.
        boxes: of a page, in the file's order; none for a page without text.
        size_wh: as the label says, or as the image's header does; None when nobody has looked.
        extra: whatever else the file says about it, as JSON would hold it.
    """

    path: str
    part: str
    image: str | bytes
    where: str
    text: str | None = None
    boxes: tuple[TextBox, ...] = ()
    size_wh: tuple[int, int] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def at(self, part: str) -> Picture:
        """Return the picture in another part; `replace` takes three times as long, and this is done for every line."""
        rest = (self.image, self.where, self.text, self.boxes, self.size_wh, self.extra)
        return self if part == self.part else Picture(self.path, part, *rest)

    @property
    def kind(self) -> Kind:
        """Whether it is a crop of one text or a page."""
        return "pages" if self.text is None else "crops"

    def read_image(self) -> bytes | None:
        """Return the encoded file; None when there is none that can be read."""
        if isinstance(self.image, bytes):
            return self.image
        try:
            return Path(self.image).read_bytes()
        except OSError:
            return None
