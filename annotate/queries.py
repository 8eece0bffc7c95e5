"""The nouns of searching: what is looked for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from annotate.records import Filter, Picture

ExampleKind = Literal["text", "pack", "image", "file"]
# What pictures are compared by: `auto` takes `plain` (which does not read) for words, `whole` for pictures.
By = Literal["auto", "whole", "plain", "parts"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Example:
    """Something to be near to, or far from.

    Attributes:
        kind: words; a prompt pack; an image of the pool; a file.
        value: the words, the pack's key, the image's id, the file's path (its name when `data` is given).
        weight: negative to stay away from it.
        box_xyxy: only this part of the image, in pixels.
        data: the file's content, when it is not on this machine's disk.
    """

    kind: ExampleKind
    value: str
    weight: float = 1.0
    box_xyxy: Box | None = None
    data: bytes | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """What people call it."""
        name = self.value[:12] if self.kind == "image" else self.value
        part = "" if self.box_xyxy is None else f"[{','.join(str(round(value)) for value in self.box_xyxy)}]"
        return name + part if self.kind == "text" else f"{self.kind}:{name}{part}"


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What is written on the picture, as readers and people have it.

    Attributes:
        words: one of these.
        fuzzy: None for what contains a word exactly (but for case); else how alike, 0 to 100, whatever the case, width
            and white space.
    """

    words: tuple[str, ...]
    fuzzy: float | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A search.

    Attributes:
        examples: words and pictures, each with its weight.
        written: only pictures on which this is written; alone, or together with examples.
        which: only pictures that this filter lets through.
        liked, disliked: ids of results that people have judged; the query is fitted to them.
        twins: cosine from which a result counts as the same as one before it and is not shown; None shows all.
    """

    examples: tuple[Example, ...] = ()
    written: TextQuery | None = None
    which: Filter = field(default_factory=Filter)
    by: By = "auto"
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    twins: float | None = 0.97

    @property
    def label(self) -> str:
        """The query as people read it."""
        parts = [f"{'' if e.weight >= 0 else '-'}{e.label}" for e in self.examples]
        if self.written is not None:
            parts.append(f"written:{'|'.join(self.written.words)}")
        if self.liked or self.disliked:
            parts.append(f"(+{len(self.liked)} -{len(self.disliked)})")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Hit:
    """A picture that was found.

    Attributes:
        score: of the whole query; cosine when there are examples, else of what is written, 0 to 1.
        parts: cosine to each example, by its label.
        written: what is written there that was looked for, and how alike it is, 0 to 1.
        box_xyxy: the part of the picture that was found, when parts are searched.
        twins: ids of nearly the same pictures that are not shown because of this one.
    """

    picture: Picture
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    written: str | None = None
    written_score: float | None = None
    box_xyxy: tuple[int, int, int, int] | None = None
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found, the best first.

    Attributes:
        page: from 0.
        more: there is another page.
        model: that compared the pictures; empty when none was needed.
        cut: this is the last page only because the index gives no more of its nearest at once; a filter shows others.
    """

    query: Query
    hits: tuple[Hit, ...]
    page: int
    more: bool
    model: str = ""
    cut: bool = False
