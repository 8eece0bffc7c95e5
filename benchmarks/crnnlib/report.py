"""What a run leaves: a table for the terminal, a JSON report, and a sheet of the words that were misread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from .crops import Crops
from .scores import NOTHING, Score

_WORST_PAIRS = 30
_CELL_WH = (200, 92)
_PICTURE_H = 64
_INK = (20, 20, 20)
_WRONG = (30, 30, 200)


@dataclass(frozen=True, eq=False)
class Reading:
    """One test set with what was read in it."""

    crops: Crops
    readings: list[str]
    score: Score


def table(readings: Sequence[Reading]) -> str:
    """Return the results as a Markdown table."""
    lines = ["| test set | words | words right | character errors |", "| --- | ---: | ---: | ---: |"]
    for reading in readings:
        score = reading.score
        figures = f"{score.right_percent:.1f} % | {score.char_error_percent:.1f} %"
        lines.append(f"| {reading.crops.name} | {score.words:,} | {figures} |")
    return "\n".join(lines) + "\n"


def summary(reading: Reading) -> dict[str, Any]:
    """Return the figures of one test set, for the JSON report."""
    score = reading.score
    return {
        "set": reading.crops.name,
        "words": score.words,
        "without_letter_or_digit": reading.crops.dropped,
        "right": score.right,
        "right_percent": round(score.right_percent, 2),
        "char_error_percent": round(score.char_error_percent, 2),
        "worst_pairs": [
            {"true": true, "read": read, "times": times}
            for (true, read), times in score.confusions.most_common(_WORST_PAIRS)
        ],
    }


def confusion_lines(score: Score, count: int) -> list[str]:
    """Return the `count` commonest errors as `o>0 12`; a dot stands for nothing."""
    return [
        f"{true or '.'}>{read or '.'} {times}"
        for (true, read), times in score.confusions.most_common(count)
        if (true, read) != (NOTHING, NOTHING)
    ]


def failure_sheet(reading: Reading, count: int, seed: int, columns: int = 8) -> npt.NDArray[np.uint8]:
    """Return a BGR picture of misread words, drawn by chance: the image, the truth, what was read."""
    wrong = [
        place
        for place, (text, read) in enumerate(zip(reading.crops.texts, reading.readings, strict=True))
        if text != read
    ]
    chosen = np.random.default_rng(seed).permutation(wrong)[:count].astype(int)
    cells = [_cell(reading, place) for place in chosen]
    blank = np.full((_CELL_WH[1], _CELL_WH[0], 3), 255, np.uint8)
    cells += [blank] * (-len(cells) % columns or (columns if not cells else 0))
    rows = [np.hstack(cells[start : start + columns]) for start in range(0, len(cells), columns)]
    return np.asarray(np.vstack(rows), np.uint8)


def _cell(reading: Reading, place: int) -> npt.NDArray[np.uint8]:
    width, height = _CELL_WH
    cell = np.full((height, width, 3), 255, np.uint8)
    image = cv2.imdecode(np.frombuffer(reading.crops.words[place].load(), np.uint8), cv2.IMREAD_COLOR)
    assert image is not None, "it was decoded before"
    scale = min((width - 6) / image.shape[1], (_PICTURE_H - 4) / image.shape[0])
    size_wh = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    cell[2 : 2 + size_wh[1], 2 : 2 + size_wh[0]] = cv2.resize(image, size_wh, interpolation=cv2.INTER_LINEAR)
    for text, color, y in ((reading.crops.texts[place], _INK, 76), (reading.readings[place] or "-", _WRONG, 89)):
        cv2.putText(cell, text, (3, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, color, 1, cv2.LINE_AA)
    return cell
