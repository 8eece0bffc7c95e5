"""How long the store's queries take on a pool of a million pictures.

    python benchmarks/store_million.py [--count 1_000_000] [--db postgresql://...] [--keep FOLDER] [--plans]

Fills a store with made rows (50 sources, clips of 40 frames, statuses, tags, 2 of 3 pictures with boxes that were read,
a journal), then asks what the pages and commands ask. Times are medians of milliseconds over different places of the
pool: by the clock, and of this process's CPU, which is what others on the machine do not change (with PostgreSQL, the
server's part is not in it). `--plans` shows how the database goes about each question, with `!` where it walks over a
whole table.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, text
from storelib.labels import add_labels
from storelib.plans import plans_of, walks

from annotate.records import Filter
from annotate.store import (
    batches,
    figures,
    files,
    images,
    labels,
    queueing,
    reviews,
    sources,
    tallies,
    twins,
    written,
)
from annotate.store.database import Database, Session, now
from annotate.store.schema import BatchItemRow, ClipRow, FileRow, ImageRow, TagRow, TwinRow
from annotate.store.wall import wall_page

_STATUSES = ["todo"] * 16 + ["confirmed"] * 3 + ["skipped"]
_TAGS = {"video": 2, "banner": 10, "night": 100, "rare": 100_000}
_ROUNDS = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--db", help="postgresql://... in place of SQLite; must be empty")
    parser.add_argument("--keep", type=Path, help="a folder for the SQLite file; filled once")
    parser.add_argument("--plans", action="store_true", help="show what the database does for each question")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = (asked.keep or Path(folder)) / "million.db"
        file.parent.mkdir(parents=True, exist_ok=True)
        db = Database(asked.db or f"sqlite:///{file}")
        with db.reading() as session:
            empty = images.count(session, Filter(), limit=1) == 0
        if empty:
            began = time.perf_counter()
            fill(db, asked.count)
            print(f"filled with {asked.count:,} pictures in {time.perf_counter() - began:.0f} s")
        if db.sqlite and file.is_file():
            print(f"size of the file: {file.stat().st_size / 2**20:,.0f} MB")
        measure(db, asked.count, asked.plans)
        db.close()


def fill(db: Database, count: int) -> None:
    """Fill an empty store."""
    rng = random.Random(0)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with db.writing() as session:
        ids = [sources.put(session, "folder", f"/pool/{number}") for number in range(50)]
        clips = [
            {
                "id": _id(f"clip{n}"),
                "source_id": ids[n % 50],
                "name": f"{n}.mp4",
                "path": f"/{n}.mp4",
                "md5": "",
                "duration_ms": 1,
                "fps": 25,
                "width": 1280,
                "height": 720,
                "frame_count": 40,
                "kept_count": 40,
                "complete": True,
                "mode": "auto",
                "added_at": at,
            }
            for n in range(count // 80)
        ]
        session.execute(insert(ClipRow), clips)
    for start in range(0, count, 20_000):
        numbers = range(start, min(count, start + 20_000))
        with db.writing() as session:
            pictures = [_image(n, count, ids, rng, at) for n in numbers]
            session.execute(insert(ImageRow), pictures)
            add_labels(session, pictures, start + 1, rng)
            tags = [{"tag": tag, "number": n + 1} for tag, every in _TAGS.items() for n in numbers if n % every == 0]
            session.execute(insert(TagRow), tags)
            rows = [
                {"key": _id(f"/p/{n}"), "path": f"/p/{n}", "bytes": 1, "mtime_ns": 1, "digest": _id(f"{n}")}
                for n in numbers
            ]
            session.execute(insert(FileRow), rows)
            pairs = [
                {"image_id": _id(f"{n}"), "other_id": _id(f"{n - 1}"), "gate": "phash", "similarity": 0.95}
                for n in numbers
                if n % 10 == 9
            ]
            session.execute(insert(TwinRow), pairs)
    with db.writing() as session:
        batch = batches.create(session, "big", "bench")
        items = [
            {"batch_id": batch, "image_id": _id(f"{n}"), "position": n, "score": 1.0, "why": {}}
            for n in range(0, count, count // 1000)
        ]
        session.execute(insert(BatchItemRow), items)
        tallies.tidy(session)
        session.execute(text("analyze"))


def measure(db: Database, count: int, plans: bool) -> None:
    """Ask what the pages ask, and print how long it takes."""
    rng = random.Random(1)

    def place() -> int:
        return rng.randrange(count)

    def page(**which: object) -> Callable[[Session], object]:
        return lambda s: images.page(s, Filter(**which), after=place(), limit=100)  # type: ignore[arg-type]

    some_clip = _id("clip7")
    questions: dict[str, Callable[[Session], object]] = {
        "first page": lambda s: images.page(s, Filter(), limit=100),
        "newest page": lambda s: images.page(s, Filter(), limit=100, newest=True),
        "page anywhere": page(),
        "page of a status": page(statuses=("confirmed",)),
        "page of two statuses": page(statuses=("confirmed", "skipped")),
        "page of a source": page(source_id=7),
        "page of a source and a status": page(source_id=7, statuses=("confirmed",)),
        "page of a common tag": page(tags=("video",)),
        "page of a rare tag": page(tags=("rare",)),
        "page of a tag and a status": page(tags=("night",), statuses=("confirmed",)),
        "page with boxes and low scores": page(min_boxes=1, max_score=0.5),
        "page with very low scores": page(max_score=0.00001),
        "page of a clip": page(clip_id=some_clip),
        "page of a name": lambda s: images.page(s, Filter(text=f"{place()}.jpg"), limit=100, newest=True),
        "page of a rare text": page(text="锦旗"),
        "page of a common text": page(text="一"),
        "page of a common text and a status": page(text="一", statuses=("confirmed",)),
        "page of what is nowhere": page(text="安全驾驶"),
        "count up to 5,000 by a text": lambda s: images.count(s, Filter(text="一"), limit=5_000),
        "counts of all statuses": tallies.by_status,
        "counts of all sources": tallies.by_source,
        "all tags": images.tags,
        "one picture": lambda s: images.get(s, _id(f"{place()}")),
        "100 pictures by number": lambda s: images.by_number(s, [place() + 1 for _ in range(100)]),
        "are 500 ids known": lambda s: images.known(s, [_id(f"{place()}") for _ in range(500)]),
        "are 500 files known": lambda s: files.find(s, [f"/p/{place()}" for _ in range(500)]),
        "twins of a picture": lambda s: twins.of_image(s, _id(f"{place() // 10 * 10 + 9}")),
        "batch page": lambda s: batches.items(s, 1, after=place(), limit=100),
        "next of a batch": lambda s: batches.next_todo(s, 1, after=place()),
        "all batches with counts": batches.all_of,
        "count up to 1,000 by tag": lambda s: images.count(s, Filter(tags=("video",)), limit=1000),
        "labels of a picture": lambda s: labels.load_doc(s, _id(f"{place() // 3 * 3 + 2}")),
        "next to label": lambda s: queueing.next_items(
            s, user="me", at=now(), image_id=_id(f"{place()}"), todo=True, limit=3
        ),
        "next to review": lambda s: reviews.to_review(s, "me", own=False, after=place()),
        "next to check blind": lambda s: reviews.to_check(s, "me", 0.01, own=False),
        "wall by score": lambda s: wall_page(s, "score", after=(rng.random(), "", "")),
        "wall by text": lambda s: wall_page(s, "text", after=(chr(0x4E00 + rng.randrange(3000)), "", "")),
        "wall by score with a text": lambda s: wall_page(s, "score", text="安全生产"),
        "finished in 14 days": lambda s: figures.finished(s, now() - timedelta(days=14)),
        "read and confirmed, 500": lambda s: list(figures.read_and_meant(s, 500)),
        "journal of a picture": lambda s: reviews.annotator_of(s, _id(f"{place()}")),
        "written: 1 rare character": lambda s: written.containing(s, ["龘"]),
        "written: 1 common character": lambda s: written.containing(s, ["一"]),
        "written: the first of a common one": lambda s: (
            written.is_common(s, ["一"]) and written.next_containing(s, ["一"], place(), 200)
        ),
        "written: 2 characters": lambda s: written.containing(s, ["锦旗"]),
        "written: 4 characters": lambda s: written.containing(s, ["安全生产"]),
        "written: words of letters": lambda s: written.containing(s, ["GRAND", "sale"]),
        "written: nowhere": lambda s: written.containing(s, ["安全驾驶"]),
        "written: 20 words of a list": lambda s: written.containing(s, [f"安全生{n}" for n in range(20)]),
    }
    worst = 0.0
    for name, ask in questions.items():
        times, cpu = [], []
        for _ in range(_ROUNDS):
            with db.reading() as session:
                session.execute(select(1))
                began, worked = time.perf_counter(), time.process_time()
                ask(session)
                times.append((time.perf_counter() - began) * 1000)
                cpu.append((time.process_time() - worked) * 1000)
        middle = statistics.median(times)
        worst = max(worst, middle)
        steps = plans_of(db, ask) if plans else []
        print(f"{name:34} {middle:8.2f} ms, CPU {statistics.median(cpu):7.2f} ms (slowest {max(times):8.2f})")
        for step in steps:
            print(f"    {'! ' if walks(step) else ''}{step}")
    print(f"slowest median: {worst:.1f} ms")
    added = [_one_more(count, number) for number in range(200)]
    began = time.perf_counter()
    with db.writing() as session:
        session.execute(insert(ImageRow), added)
        session.rollback()
    print(f"adding 200 pictures: {(time.perf_counter() - began) * 1000:.1f} ms")


def _image(n: int, count: int, sources_: list[int], rng: random.Random, at: datetime) -> dict[str, object]:
    boxes = n % 3
    framed = n // 40 < count // 80
    return {
        "id": _id(f"{n}"),
        "source_id": sources_[n // 1000 % 50],
        "page": None,
        "name": f"{n}.jpg",
        "clip_id": _id(f"clip{n // 40}") if framed else None,
        "time_ms": n % 40 * 1000 if framed else None,
        "path": f"media/{n}.jpg",
        "copied": True,
        "width": 1280,
        "height": 720,
        "bytes": 90_000,
        "added_at": at,
        "md5": f"{n:032x}",
        "phash": f"{n:016x}",
        "status": rng.choice(_STATUSES),
        "rev": boxes,
        "deleted_at": None,
        "box_count": boxes,
        "min_score": rng.random() if boxes else None,
    }


def _one_more(count: int, number: int) -> dict[str, object]:
    return _image(count + number, 0, [1] * 50, random.Random(number), datetime.now(UTC))


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


if __name__ == "__main__":
    main()
