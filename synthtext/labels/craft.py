"""SynthText's `gt.mat`, as CRAFT's trainers and docTR read it: every word and every character of every picture.

    imnames  (1, n) of one path each           wordBB  (1, n) of (2, 4, words) float32
    txt      (1, n) of texts, a word each      charBB  (1, n) of (2, 4, characters) float32

Readers split texts at white space and count code points, so a word has as many character boxes as `len(word)`: a
grapheme of several code points has its box several times. There is no mark for text to be ignored: it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthtext.errors import DatasetError
from synthtext.geometry import Floats
from synthtext.labels.levels import LEAST_SIDE_PX, clipped
from synthtext.labels.maps import sound
from synthtext.labels.matfile import read_rows, single_cell, text_cell
from synthtext.values import Sample, TextInstance

VARIABLES = ("imnames", "wordBB", "charBB", "txt")


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture of `gt.mat`.

    Attributes:
        path: of the image, relative to the folder of `gt.mat`.
        words: texts without white space.
        word_quads: (M, 4, 2) float32 pixels.
        char_quads: (N, 4, 2) float32 pixels, as many as the words have code points together.
    """

    path: str
    words: tuple[str, ...]
    word_quads: Floats
    char_quads: Floats


def scene_of(path: str, sample: Sample) -> Scene:
    """Return the words of a picture that count, whose characters all have a box inside it."""
    words: list[str] = []
    word_quads: list[Floats] = []
    char_quads: list[Floats] = []
    for instance in sample.instances:
        if instance.ignore is None and len(instance.chars):
            for text, quad, cells in _words(instance, sample.size_wh):
                words.append(text)
                word_quads.append(quad)
                char_quads.append(cells)
    none = np.zeros((0, 4, 2), np.float32)
    return Scene(
        path,
        tuple(words),
        np.stack(word_quads) if words else none,
        np.concatenate(char_quads) if words else none,
    )


def scene_cells(scene: Scene) -> dict[str, bytes]:
    """Return a picture's cell for each variable of `gt.mat`.

    Raises:
        ValueError: a word has white space, or there are fewer or more boxes than code points.
    """
    if any(word != "".join(word.split()) or not word for word in scene.words):
        raise ValueError(f"{scene.path}: a word with white space; readers would split it")
    if len(scene.char_quads) != sum(map(len, scene.words)) or len(scene.word_quads) != len(scene.words):
        raise ValueError(f"{scene.path}: {len(scene.char_quads)} character boxes for {scene.words!r}")
    return {
        "imnames": text_cell([scene.path]),
        "wordBB": single_cell(scene.word_quads.transpose(2, 1, 0)),
        "charBB": single_cell(scene.char_quads.transpose(2, 1, 0)),
        "txt": text_cell(scene.words),
    }


def read_gt(path: Path) -> Iterator[Scene]:
    """Yield the pictures of a `gt.mat`, ours or SynthText's own, one at a time.

    Raises:
        DatasetError: it is no such file, or damaged.
    """
    rows = read_rows(path)
    missing = [name for name in VARIABLES if name not in rows]
    if missing or len({len(rows[name]) for name in VARIABLES if name in rows}) != 1:
        raise DatasetError(f"{path}: not SynthText's gt.mat ({', '.join(missing) or 'rows of different lengths'})")
    for name, word_bb, char_bb, txt in zip(*(rows[key] for key in VARIABLES), strict=True):
        words = tuple(word for text in txt.tolist() for word in text.split())
        yield Scene(name.tolist()[0], words, _quads(word_bb), _quads(char_bb))


def _words(instance: TextInstance, size_wh: tuple[int, int]) -> Iterator[tuple[str, Floats, Floats]]:
    numbers = np.asarray(instance.words)
    cells: Floats = np.clip(instance.cell_quads, 0, np.array(size_wh, np.float32))
    parts = np.array([len(char) for char in instance.chars])
    seen = sound(cells) & (np.ptp(cells, axis=1).min(axis=1) >= LEAST_SIDE_PX)
    # As SynthText's own, a word's box holds those of its characters: of a mark more than its ink.
    for word, (text, outline) in enumerate(zip(instance.word_texts, instance.word_hulls(), strict=True)):
        members = numbers == word
        quad = clipped(outline, size_wh)
        if quad is None or not seen[members].all() or int(parts[members].sum()) != len(text):
            continue
        if sound(quad[None])[0]:
            turn = corners_on(cells[members])
            yield text, quad, np.repeat(np.roll(cells[members], -turn, axis=1), parts[members], axis=0)


def corners_on(quads: Floats) -> int:
    """Return by how many corners a word's character quads (N, 4, 2) are turned on to begin with the side along it.

    Readers make affinity boxes from the triangles on a quad's first and third side. In a column those have to be its
    right and left sides, in a word that runs to the left its lower and upper ones; then a reader's boxes are clockwise.
    """
    if len(quads) < 2:
        return 0
    centres = quads.mean(axis=1)
    along = centres[-1] - centres[0]
    sides = (np.roll(quads, -1, axis=1) - quads).mean(axis=0)
    return int(np.argmax(sides @ along / np.maximum(np.linalg.norm(sides, axis=1), 1e-6)))


def _quads(boxes: Floats) -> Floats:
    """Return boxes (2, 4, N), or (2, 4) for one as the official file has it, as quads (N, 4, 2)."""
    whole = boxes if boxes.ndim == 3 else boxes[:, :, None]
    return np.ascontiguousarray(whole.transpose(2, 1, 0), np.float32)
