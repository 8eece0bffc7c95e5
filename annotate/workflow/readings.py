"""Laying what a reader found over what is written on a picture already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from annotate.errors import Conflict
from annotate.prelabel.reader import Found, Read
from annotate.records import Doc, Picture, Points, Reading, Region
from annotate.store import reads
from annotate.store.database import Database, now
from annotate.store.labels import add_readings, load_doc, save_doc
from annotate.workflow.outlines import mended
from synthtext.errors import UserError

# Two outlines with this much in common (intersection over union) are the same place.
_SAME = 0.5
_COLUMN = 1.5


@dataclass(frozen=True, slots=True)
class Laid:
    """What becomes of a reader's finds.

    Attributes:
        regions: all regions of the picture afterwards.
        readings: of the reader, by region.
    """

    regions: tuple[Region, ...]
    readings: dict[str, Reading]


def keep(db: Database, picture: Picture, reader: str, found: list[tuple[Found, Read]]) -> None:
    """Store what a reader found in a picture, in one transaction, and that it is done with it.

    What people have drawn or confirmed stays as it is and gets readings; new places become regions only on a picture
    that is still to do.
    """
    while not _kept(db, picture, reader, found):
        pass  # somebody has saved meanwhile: it is laid over what is there now


def _kept(db: Database, picture: Picture, reader: str, found: list[tuple[Found, Read]]) -> bool:
    # Laying hundreds of boxes over each other takes a while, most of all in a process that others go before: people who
    # save must not wait for it.
    with db.reading() as session:
        doc = load_doc(session, picture.id)
    laid = laid_over(doc, reader, found)
    who = f"reader:{reader}"
    try:
        with db.writing() as session:
            save_doc(session, picture.id, doc.rev, laid.regions, who=who, action="read", at=now(), known=doc)
            add_readings(session, picture.id, {key: [reading] for key, reading in laid.readings.items()}, now())
            reads.note(session, reader, picture.id, len(found))
    except Conflict:
        return False
    return True


def laid_over(doc: Doc, reader: str, found: list[tuple[Found, Read]]) -> Laid:
    """Match a reader's finds with the regions of a picture."""
    origin = f"reader:{reader}"[:80]
    # A second look by the same reader takes the place of its first, where nobody has said anything since.
    regions = [region for region in doc.regions if region.origin != origin or region.state == "confirmed"]
    before = {region.id: region for region in doc.regions}
    free = set(range(len(regions)))
    boxes = _boxes([region.points for region in regions])
    readings: dict[str, Reading] = {}
    fresh: list[Region] = []
    for place, read in found:
        reading = Reading(reader, read.text, read.score, read.char_scores)
        match = _best(place.points, regions, _near(boxes, place.points) & free)
        if match is not None:
            free.discard(match)
            readings[regions[match].id] = reading
        elif doc.status == "todo":
            region = _region(doc, origin, place, read)
            if region is not None and region.id not in readings:
                fresh.append(replace(region, tags=before[region.id].tags) if region.id in before else region)
                readings[region.id] = reading
    return Laid((*regions, *fresh), readings)


def overlap(one: Points, other: Points) -> float:
    """Return intersection over union of the hulls of two outlines."""
    first, second = (cv2.convexHull(np.asarray(points, np.float32)) for points in (one, other))
    common = float(cv2.intersectConvexConvex(first, second)[0])
    whole = float(cv2.contourArea(first)) + float(cv2.contourArea(second)) - common
    return common / whole if whole > 0 else 0.0


def _boxes(outlines: Sequence[Points]) -> NDArray[np.float64]:
    found = [(*np.min(points, axis=0), *np.max(points, axis=0)) for points in outlines]
    return np.array(found, np.float64).reshape(-1, 4)


def _near(boxes: NDArray[np.float64], points: Points) -> set[int]:
    # Most outlines are far from each other: no need to intersect them.
    left, top, right, bottom = _boxes([points])[0]
    met = (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
    return set(np.flatnonzero(met).tolist())


def _best(points: Points, regions: list[Region], free: set[int]) -> int | None:
    shares = {number: overlap(points, regions[number].points) for number in free}
    best = max(shares, key=lambda number: shares[number], default=None)
    return best if best is not None and shares[best] >= _SAME else None


def _region(doc: Doc, origin: str, place: Found, read: Read) -> Region | None:
    # The same find is the same region, also when a run is killed and comes to it again.
    said = f"{doc.image_id} {origin} {[(round(x, 1), round(y, 1)) for x, y in place.points]}"
    quad = np.asarray(place.points, np.float64)
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    column = len(quad) == 4 and len(read.text) > 1 and sides[1] + sides[3] >= _COLUMN * (sides[0] + sides[2])
    region = Region(
        id=hashlib.sha256(said.encode()).hexdigest()[:32],
        kind="quad" if len(place.points) == 4 else "polygon",
        points=place.points,
        text=read.text,
        direction="ttb" if column else "ltr",
        origin=origin,
        score=read.score,
    )
    try:
        return mended(region, doc.width, doc.height)
    except UserError:
        return None  # outside of the picture, or without area: nothing that a person could mend
