"""Rendered pages whose texts are known, in a pool, and what a reader made of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from annotate.records import Picture, Region
from annotate.store import images, sources
from annotate.store.database import now
from annotate.workflow.context import Context
from synthtext.api import load_config, samples


@dataclass(frozen=True)
class Line:
    """A line of text on a page."""

    text: str
    quad: np.ndarray
    ignore: bool

    @property
    def middle(self) -> np.ndarray:
        """Its centre."""
        return self.quad.mean(axis=0)


def put_pages(context: Context, presets: tuple[str, ...], count: int, seed: int) -> dict[str, list[Line]]:
    """Render pages into the pool and return the lines of each, by the page's id."""
    found: dict[str, list[Line]] = {}
    for preset in presets:
        for number, page in enumerate(samples(load_config(preset), -(-count // len(presets)), seed=seed)):
            if len(found) == count:
                break
            height, width = page.image.shape[:2]
            data = cv2.imencode(".jpg", page.image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
            image_id = hashlib.sha256(data).hexdigest()
            path = f"media/{image_id[:2]}/{image_id}.jpg"
            file = context.workspace.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            with context.db.writing() as session:
                source = sources.put(session, "folder", "rendered")
                row = Picture(
                    image_id, f"{preset}-{number:03d}.jpg", path, True, width, height, len(data), source, now()
                )
                images.add(session, [row])
            lines = [
                Line(one.text, np.asarray(one.quad, np.float64).reshape(4, 2), one.ignore is not None)
                for one in page.instances
            ]
            found[image_id] = lines
    return found


def matched(region: Region, lines: list[Line]) -> list[Line]:
    """Return the lines that an outline is about: those whose middle it holds, as they are read; else the nearest."""
    outline = np.asarray(region.points, np.float32)
    inside = [line for line in lines if cv2.pointPolygonTest(outline, line.middle.tolist(), False) >= 0]
    if not inside:
        middle = outline.mean(axis=0)
        inside = [
            line for line in lines if cv2.pointPolygonTest(line.quad.astype(np.float32), middle.tolist(), False) >= 0
        ]
    axis = 1 if region.direction == "ttb" else 0
    return sorted(inside, key=lambda line: line.middle[axis])


def joined(lines: list[Line]) -> str:
    """The text of several lines in one box."""
    text = ""
    for line in lines:
        close = not text or ord(text[-1]) > 0x2E80 or ord(line.text[0]) > 0x2E80
        text += line.text if close else f" {line.text}"
    return text


def errors(read: str, truth: str) -> int:
    """How many characters have to be changed."""
    return int(Levenshtein.distance(read, truth))
