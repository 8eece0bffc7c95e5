"""The table of what each format loses, made of what its codec declares; `python docs/format_table.py` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from synthtext.labels.codec.base import Codec, Keeps
from synthtext.labels.codec.table import CODECS

GUIDE = Path(__file__).parent / "guides" / "formats.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
_OUTLINES = {"polygon": "polygons", "quad": "quads", "box": "upright boxes"}
_IGNORED = {"flag": "kept, with its text", "mark": "kept as `###`", "left out": "left out"}


def table() -> str:
    """Return the table, a line for each format."""
    head = "| format | holds | outlines | text to be ignored | lost |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(map(_row, CODECS.values()))


def written(guide: str) -> str:
    """Return a guide with the table as it is now."""
    before, _, rest = guide.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


def _row(codec: Codec) -> str:
    keeps = codec.keeps
    pages = "pages" in keeps.kinds
    outlines = _OUTLINES[keeps.outlines] if pages else "-"
    ignored = _IGNORED[keeps.ignored] if pages else "-"
    lost = ", ".join(_lost(keeps, pages)) or "nothing"
    return f"| `{codec.name}` | {', '.join(keeps.kinds)} | {outlines} | {ignored} | {lost} |\n"


def _lost(keeps: Keeps, pages: bool) -> Iterator[str]:
    if not keeps.parts:
        yield "parts"
    if keeps.names == "none":
        yield "file names"
    if keeps.names == "file":
        yield "folders in file names"
    if "crops" in keeps.kinds and not keeps.spaces:
        yield "crops whose text has a space"
    if not pages:
        return
    if keeps.off_px > 0.1:
        yield "fractions of a pixel"
    if not keeps.texts:
        yield "texts"
    if keeps.categories == "two":
        yield "boxes that are neither printed nor filled"
    if keeps.categories == "none":
        yield "categories"
    if not keeps.blank:
        yield "pages without text"
    if not keeps.charless:
        yield "pages whose characters have no boxes"
    if not keeps.lines:
        yield "lines (they become words)"
    if not keeps.twins:
        yield "a second box in the very same place"
    if not keeps.order:
        yield "the order of boxes of several categories"
    names = ("language", "direction", "chars", "rest", "about")
    words = ("language", "direction", "boxes of characters", "flags and unknown keys of boxes", "unknown keys of pages")
    yield from (word for name, word in zip(names, words, strict=True) if not getattr(keeps, name))


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text("utf-8")), "utf-8")
