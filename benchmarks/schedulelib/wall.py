"""Clips read by real processes, those of `annotate prelabel`, in one way or another, by the clock on the wall."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from annotate.prelabel.workers import Readers
from annotate.records import Picture
from annotate.store.database import now
from schedulelib.ways import Fixed, Pooled
from synthtext.geometry import Image as Pixels


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds until all clips were read and until the first one was, and how many texts that gave."""

    whole: float
    first: float
    texts: int


def stored(folder: Path, images: Sequence[Pixels]) -> dict[str, Picture]:
    """Write pictures to a folder and return what the workers have to know of them, by their numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for number, image in enumerate(images):
        path = folder / f"{number}.png"
        Image.fromarray(image).save(path, compress_level=1)
        tall, wide = image.shape[:2]
        size = path.stat().st_size
        found[f"{number}"] = Picture(f"{number:064x}", path.name, str(path), False, wide, tall, size, 1, now())
    return found


def through(
    way: Pooled | Fixed, readers: Readers, clips: Sequence[Sequence[str]], pictures: dict[str, Picture]
) -> Took:
    """Read all clips, and return how long that took."""
    began = time.monotonic()
    for number, clip in enumerate(clips):
        way.add(f"{number}", clip)
    left, first, texts = set(clips[0]), 0.0, 0
    while True:
        while readers.idle and (task := way.next()) is not None:
            readers.start(task, pictures[task.picture])
        answers = readers.wait()
        if not answers:
            return Took(time.monotonic() - began, first, texts)
        for answer in answers:
            if answer.fault is not None:
                raise SystemExit(f"the reader failed: {answer.fault}")
            texts += len(answer.result) if answer.task.kind == "read" else 0
            if way.take(answer.task, answer.result) and answer.task.picture in left:
                left.discard(answer.task.picture)
                first = first if left else time.monotonic() - began
