"""Files of verdicts: what a machine said of pictures and frames, and what people said of them afterwards."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthtext.errors import UserError

_YES = {"1", "true", "yes", "y", "hit", "block", "blocked", "violation", "positive", "是", "违规"}
_NO = {"0", "false", "no", "n", "pass", "passed", "ok", "normal", "negative", "否", "正常"}
_MACHINE = ("machine", "machine_hit", "model", "hit")
_HUMAN = ("human", "human_verdict", "verdict", "person", "people")
_IMAGE = ("image", "path", "file", "image_id")
_CLIP = ("clip", "video", "clip_id")
_TIME = ("time_ms", "time", "seconds")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of a file.

    Attributes:
        line: its number, from 1.
        image: an id, a path or a name; None for a frame.
        clip, time_ms: of a frame.
        extra: other columns.
    """

    line: int
    machine_hit: bool
    human_hit: bool
    image: str | None = None
    clip: str | None = None
    time_ms: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the verdict is about; a later one about the same takes its place."""
        return self.image if self.image is not None else f"{self.clip} {self.time_ms} ms"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that says nothing that can be used."""

    line: int
    reason: str


def read_verdicts(path: Path) -> Iterator[Verdict | BadLine]:
    """Yield the verdicts of a CSV or TSV file with a header, or of JSON lines.

    Columns: `image` (id, path or name), or `clip` with `time` (seconds) or `time_ms`; `machine` and `human` (yes or no:
    1/0, true/false, hit/pass, ...). Others are kept.

    Raises:
        UserError: it cannot be read, or lacks a column.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: the verdicts cannot be read: {error}") from error
    if not text.strip():
        raise UserError(f"{path}: there are no verdicts in it")
    rows = list(_json_rows(text) if path.suffix in (".jsonl", ".ndjson") else _csv_rows(path, text))
    if not rows:
        raise UserError(f"{path}: there are no verdicts in it")
    for line, row in rows:
        yield _verdict(line, row) if isinstance(row, dict) else BadLine(line, str(row))


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(text.splitlines(), delimiter="\t" if "\t" in first else ",")
    names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    for wanted, what in ((_MACHINE, "machine"), (_HUMAN, "human"), ((*_IMAGE, *_CLIP), "image or clip")):
        if not names & set(wanted):
            raise UserError(f"{path}: no column {what!r} in the header ({first.strip()[:80]!r})")
    for row in reader:
        yield reader.line_num, {str(key).strip().lower(): value for key, value in row.items() if key is not None}


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                yield number, f"no JSON: {error}"
                continue
            yield number, row if isinstance(row, dict) else "no JSON object"


def _verdict(line: int, row: dict[str, Any]) -> Verdict | BadLine:
    try:
        machine, human = _yes(row, _MACHINE), _yes(row, _HUMAN)
        image, clip = _first(row, _IMAGE), _first(row, _CLIP)
        used = {*_MACHINE, *_HUMAN, *_IMAGE, *_CLIP, *_TIME}
        extra = {key: value for key, value in row.items() if key not in used and value not in (None, "")}
        if image is None and clip is None:
            raise ValueError("neither an image nor a clip is named")
        if image is not None:
            return Verdict(line, machine, human, image=str(image), extra=extra)
        return Verdict(line, machine, human, clip=str(clip), time_ms=_time_ms(row), extra=extra)
    except ValueError as error:
        return BadLine(line, str(error))


def _first(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _yes(row: dict[str, Any], names: tuple[str, ...]) -> bool:
    value = _first(row, names)
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{names[0]}: {value!r} is neither yes nor no (1/0, true/false, hit/pass)")


def _time_ms(row: dict[str, Any]) -> int:
    if row.get("time_ms") not in (None, ""):
        return round(float(row["time_ms"]))
    value = _first(row, ("time", "seconds"))
    if value is None:
        raise ValueError("a frame needs its time: time (seconds) or time_ms")
    parts = [float(part) for part in str(value).split(":")]
    return round(1000 * sum(part * 60.0**power for power, part in enumerate(reversed(parts))))
