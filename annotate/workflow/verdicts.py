"""Importing what machines and people said of pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from annotate.mine.verdict_file import BadLine, Verdict, read_verdicts
from annotate.store import verdicts
from annotate.store.database import Session
from annotate.workflow.context import Context

_CHUNK = 500
_SHOWN = 20


@dataclass(slots=True)
class VerdictSummary:
    """How an import went.

    Attributes:
        counts: `agreed`, `flagged` (by the machine, passed by people), `missed` (by the machine), and `unknown`: about
            pictures that are not in the pool; they are kept and count once the same file is imported again.
        bad: lines that could not be used, the first few; `bad_count` all.
        unknown: names that are not in the pool, the first few.
    """

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[BadLine] = field(default_factory=list)
    bad_count: int = 0
    unknown: list[str] = field(default_factory=list)


def import_verdicts(context: Context, path: Path) -> VerdictSummary:
    """Import a file of verdicts; importing it again changes nothing.

    Raises:
        UserError: it cannot be read, or lacks a column.
    """
    summary = VerdictSummary()
    chunk: list[Verdict] = []
    for one in read_verdicts(path):
        if isinstance(one, BadLine):
            summary.bad_count += 1
            summary.bad += [one] if len(summary.bad) < _SHOWN else []
            continue
        chunk.append(one)
        if len(chunk) == _CHUNK:
            _keep(context, chunk, summary)
            chunk = []
    _keep(context, chunk, summary)
    return summary


def _keep(context: Context, chunk: list[Verdict], summary: VerdictSummary) -> None:
    with context.db.writing() as session:
        rows = [(one.key, _picture(session, one), one.machine_hit, one.human_hit, one.extra) for one in chunk]
        verdicts.keep(session, rows)
    for one, (key, image_id, *_) in zip(chunk, rows, strict=True):
        if image_id is None:
            summary.counts["unknown"] += 1
            summary.unknown += [key] if len(summary.unknown) < _SHOWN else []
        elif one.machine_hit == one.human_hit:
            summary.counts["agreed"] += 1
        else:
            summary.counts["flagged" if one.machine_hit else "missed"] += 1


def _picture(session: Session, one: Verdict) -> str | None:
    if one.image is not None:
        return verdicts.find_picture(session, one.image)
    assert one.clip is not None, "a verdict is about an image or a frame"
    assert one.time_ms is not None, "a frame has a time"
    return verdicts.find_frame(session, one.clip, one.time_ms)
