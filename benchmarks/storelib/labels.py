"""Labels for a store of many pictures: regions, readings, texts to be searched and a journal, made quickly."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from annotate.store.database import Session, now
from annotate.store.schema import EditRow, ReadingRow, RegionRow, WrittenRow
from annotate.store.written import folded

# On one picture in so many each.
WORDS = {"安全生产": 10_000, "锦旗": 5_000, "龘": 20_000, "grand sale": 10_000}
_SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
_WEIGHTS = [1 / (place + 10) for place in range(len(_SIGNS))]


def add_labels(session: Session, pictures: Sequence[dict[str, object]], first: int, rng: random.Random) -> None:
    """Give pictures their regions, each read once, and an entry of the journal.

    Args:
        pictures: rows of `images`.
        first: the number in the pool of the first one.
    """
    regions, readings, texts, edits = [], [], [], []
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number, picture in enumerate(pictures, first):
        count = int(str(picture["box_count"]))
        lines = [_line(number, rng) for _ in range(count)]
        for place, line in enumerate(lines):
            regions.append(_region(str(picture["id"]), place, line, picture["min_score"]))
            readings.append(
                {"image_id": picture["id"], "region_id": f"{place}", "reader": "bench 1", "text": line, "score": 0.9}
                | {"char_scores": None, "at": at}
            )
        if lines:
            texts.append({"number": number, "text": folded(lines)})
        if lines or picture["status"] != "todo":
            done = picture["status"] == "confirmed"
            edits.append(
                {"image_id": picture["id"], "rev": 1, "who": f"user{number % 7}" if done else "reader:bench 1"}
                | {"at": now() - timedelta(minutes=number % 500_000) if done else at}
                | {"action": "confirm" if done else "prelabel", "change": {}}
            )
    for table, rows in ((RegionRow, regions), (ReadingRow, readings), (WrittenRow, texts), (EditRow, edits)):
        if rows:
            session.execute(insert(table), rows)


def _region(image_id: str, place: int, line: str, score: object) -> dict[str, object]:
    points = [[10.0, 40.0 * place], [200.0, 40.0 * place], [200.0, 40.0 * place + 30], [10.0, 40.0 * place + 30]]
    return {
        "image_id": image_id, "id": f"{place}", "position": place, "kind": "quad", "points": points, "text": line,
        "state": "todo", "category": "printed", "ignore": False, "ignore_reason": None, "direction": "ltr",
        "origin": "reader:bench 1", "score": score, "tags": [], "extra": {},
    }  # fmt: skip


def _line(number: int, rng: random.Random) -> str:
    line = "".join(rng.choices(_SIGNS, _WEIGHTS, k=rng.randrange(3, 11)))
    return line + "".join(word for word, every in WORDS.items() if number % every == 1)
