"""Pictures that hypothesis invents, put through a format, and what of them has to come back."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from PIL import Image as Pillow

from synthtext.labels.codec.base import Codec, Keeps, Target, Unfit
from synthtext.labels.codec.crops import quad_round
from synthtext.labels.codec.images import Images, tidy
from synthtext.labels.faults import Fault
from synthtext.labels.levels import CATEGORIES, IGNORE_MARKS, TextBox
from synthtext.labels.picture import Picture

SIZE_WH = (400, 300)
SCRIPTS = (
    *("plain", "Zürich, 5 €", 'a "quoted" \\ text', "true null false", "NaN", "[{}]", "# ### x", "1,2,3,4,5,6,7,8,9"),
    *(
        "中文，標點。",
        "日本語のテスト",
        "한국어",
        "العربية من اليمين",
        "עברית",
        "ประเทศไทย",
        "हिन्दी क्षत्रिय",
        "Ελληνικά",
    ),
    *("русский", "tiếng Việt", "👩‍👩‍👧 𠮷", "a b", "x\u2028y", "<b>&amp;</b>", "'; --", "{part}", "%s %d", "\\u0041"),
)
_TEXTS = st.one_of(
    st.sampled_from(SCRIPTS),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=12),
).map(lambda text: " ".join(text.split()) or "x")
_REAL_TEXTS = _TEXTS.filter(lambda text: text not in IGNORE_MARKS)
_NAMES = st.sampled_from(
    [
        "a.jpg",
        "b c.jpg",
        "sub/d.png",
        "[e].jpg",
        "f,g.jpg",
        "h.i.j.jpg",
        "文字.jpg",
        "k\tl.jpg",
        "m#n%20.jpg",
        "'o\".jpg",
    ]
)
_FLAGS = st.lists(st.sampled_from(["curved", "hard", "seal"]), unique=True).map(lambda names: tuple(sorted(names)))
_EXTRA = st.dictionaries(
    st.sampled_from(["group", "score", "annotator"]),
    st.one_of(st.integers(0, 99), st.sampled_from(["中", "true", 'q"']), st.none(), st.lists(st.integers(0, 9))),
)


@st.composite
def quads(draw: st.DrawFn) -> np.ndarray:
    """Convex clockwise quads inside of the picture, some of them turned upside down."""
    x, y = draw(st.integers(20, 300)), draw(st.integers(20, 230))
    width, height = draw(st.integers(12, 90)), draw(st.integers(8, 50))
    dents = np.array(draw(st.lists(st.integers(0, 300), min_size=8, max_size=8)), np.float32).reshape(4, 2) / 100
    box = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    return np.roll(box + inward * dents, draw(st.sampled_from([0, 0, 2])), axis=0)


@st.composite
def outlines(draw: st.DrawFn) -> np.ndarray:
    """Quads, and polygons with as many points above as below."""
    quad = draw(quads())
    if draw(st.booleans()):
        return quad
    middle = (quad + np.roll(quad, -1, axis=0)) / 2
    return np.stack([quad[0], middle[0], quad[1], quad[2], middle[2], quad[3]])


@st.composite
def boxes(draw: st.DrawFn) -> TextBox:
    """Boxes with everything a box can have."""
    outline = draw(outlines())
    text = draw(_TEXTS)
    chars = None
    if draw(st.booleans()):
        first = draw(quads())
        along = 1.1 * (first[1] - first[0])
        chars = np.stack([first + number * along for number in range(len("".join(text.split())))])
    return TextBox(
        outline,
        text,
        draw(st.sampled_from([*CATEGORIES, "stamp", "印章"])),
        text in IGNORE_MARKS or draw(st.sampled_from([False, False, True])),  # as all are before they are written
        draw(st.sampled_from(["", "ltr", "rtl", "ttb"])),
        draw(st.sampled_from(["", "Latin", "Chinese"])),
        draw(_FLAGS),
        chars,
        draw(_EXTRA),
    )


@st.composite
def pages(draw: st.DrawFn) -> list[Picture]:
    """A few pages, in parts, with names that trip readers up."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    return [
        Picture(
            name,
            draw(st.sampled_from(["train", "val", "test"])),
            image(name),
            "here",
            boxes=tuple(draw(st.lists(boxes(), max_size=4))),
            size_wh=SIZE_WH,
            extra=draw(_EXTRA),
        )
        for name in names
    ]


@st.composite
def crops(draw: st.DrawFn) -> list[Picture]:
    """A few crops."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    return [
        Picture(
            name,
            draw(st.sampled_from(["train", "val", "test"])),
            image(name),
            "here",
            draw(_REAL_TEXTS),
            size_wh=SIZE_WH,
        )
        for name in names
    ]


def write(codec: Codec, pictures: list[Picture], root: Path) -> Target:
    """Write pictures; those that do not fit are counted in `dropped`."""
    target = Target(root, root.name, Images())
    sink = codec.sink(target)
    for picture in pictures:
        try:
            sink.add(picture)
        except Unfit as reason:
            target.dropped[f"picture: {reason}"] += 1
    sink.close()
    return target


def read(codec: Codec, root: Path) -> list[Picture]:
    """Read pictures, of which nothing may be wrong."""
    return list(codec.read(root, no_fault))


@contextmanager
def fresh(folder: Path) -> Iterator[Path]:
    """An empty folder of its own for each example."""
    root = folder / "dataset"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    yield root
    shutil.rmtree(root)


def no_fault(fault: Fault) -> None:
    raise AssertionError(str(fault))


def reduced(picture: Picture, keeps: Keeps) -> Picture | None:
    """Return what a format must bring back of a picture by what it declares; None when it cannot hold it."""
    if picture.kind == "crops":
        if " " in (picture.text or "") and not keeps.spaces:
            return None
        return replace(picture, size_wh=None, extra={})
    found = [_reduced(box, keeps) for box in picture.boxes]
    kept = [box for box in found if box is not None]
    if not keeps.charless and any(box.char_quads is None for box in kept):
        return None
    if not keeps.lines:
        kept = [word for box in kept for word in _words(box)]
    if not keeps.twins:
        first: dict[tuple[str, bytes], TextBox] = {}
        for box in kept:
            first.setdefault((box.category, np.round(box.outline, 4).tobytes()), box)
        kept = list(first.values())
    if not keeps.order:
        kept.sort(key=lambda box: box.category)
    if not kept and not keeps.blank:
        return None
    return replace(picture, boxes=tuple(kept), extra=picture.extra if keeps.about else {})


def _reduced(box: TextBox, keeps: Keeps) -> TextBox | None:
    ignore = box.ignore
    if ignore and keeps.ignored == "left out":
        return None
    if keeps.categories == "two" and box.category not in CATEGORIES:
        return None
    outline = box.outline
    if keeps.outlines == "quad" and len(outline) != 4:
        outline = quad_round(outline)
    if keeps.outlines == "box":
        (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
        outline = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)
    text = box.text if keeps.texts else ""
    if ignore and keeps.ignored == "mark":
        text = "###"
    return TextBox(
        outline,
        text,
        box.category if keeps.categories != "none" else CATEGORIES[0],
        ignore,
        box.direction if keeps.direction else "",
        box.language if keeps.language else "",
        box.flags if keeps.rest else (),
        box.char_quads if keeps.chars else None,
        box.extra if keeps.rest else {},
    )


def _words(box: TextBox) -> Iterator[TextBox]:
    texts = box.text.split()
    start = 0
    for text in texts:
        chars = box.char_quads[start : start + len(text)]
        start += len(text)
        whole = np.stack([chars[0, 0], chars[-1, 1], chars[-1, 2], chars[0, 3]])
        yield replace(box, text=text, char_quads=chars, outline=box.outline if len(texts) == 1 else whole)


def agree(found: Picture, wanted: Picture, keeps: Keeps) -> None:
    """Assert that two pictures say the same."""
    assert found.read_image() == wanted.read_image()
    assert found.text == wanted.text
    if keeps.names != "none" and tidy(wanted.path) == wanted.path:
        assert found.path == (wanted.path if keeps.names == "path" else wanted.path.rpartition("/")[2])
    if keeps.parts:
        assert found.part == wanted.part
    assert dict(found.extra) == dict(wanted.extra) or not keeps.about
    assert len(found.boxes) == len(wanted.boxes)
    boxes = found.boxes if keeps.order else sorted(found.boxes, key=lambda box: box.category)
    for one, other in zip(boxes, wanted.boxes, strict=True):
        fields = ("text", "category", "ignore", "direction", "language", "flags")
        if one.ignore and other.text in IGNORE_MARKS:
            fields = fields[1:]
        assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
        assert dict(one.extra) == dict(other.extra)
        assert len(one.outline) == len(other.outline)
        assert np.abs(one.outline - other.outline).max() <= keeps.off_px
        assert (one.char_quads is None) == (other.char_quads is None)
        if one.char_quads is not None and other.char_quads is not None:
            assert one.char_quads.shape == other.char_quads.shape
            assert np.abs(one.char_quads - other.char_quads).max(initial=0) <= 0.006


def image(name: str) -> bytes:
    """A small file that is told from the others by its colour; its size is not looked at."""
    buffer = io.BytesIO()
    Pillow.new("L", SIZE_WH, sum(name.encode()) % 256).save(buffer, "PNG")
    return buffer.getvalue()
