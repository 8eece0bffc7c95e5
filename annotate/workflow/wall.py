"""The crop wall: many straightened crops at once; the wrong ones are marked, the rest confirmed with one key."""

from __future__ import annotations

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Region
from annotate.store.database import now
from annotate.store.labels import load_doc, load_regions, save_doc
from annotate.store.wall import WallOrder, WallPlace, wall_page
from annotate.workflow.context import Context
from annotate.workflow.outlines import one_line
from synthtext.errors import UserError

MAX_CROPS = 200


@dataclass(frozen=True, slots=True)
class Crop:
    """One region on the wall.

    Attributes:
        image_id: of its picture.
    """

    image_id: str
    region: Region


@dataclass(frozen=True, slots=True)
class Wall:
    """A screen of crops.

    Attributes:
        next: to ask for the screen after this one; None at the end.
    """

    crops: tuple[Crop, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person says of one crop.

    Attributes:
        seen: the text that the person saw under it; what has another text by now is left alone.
        text: the right text, when the person has changed it.
        wrong: it needs another look: the region goes back to `todo`.
    """

    image_id: str
    region_id: str
    seen: str
    text: str | None = None
    wrong: bool = False


def wall(
    context: Context,
    order: WallOrder = "score",
    after: str | None = None,
    limit: int = 48,
    *,
    batch_id: int | None = None,
    confirmed: bool | None = None,
    categories: Sequence[str] = (),
    text: str = "",
    most_score: float | None = None,
) -> Wall:
    """Return a screen of crops.

    Args:
        after: `next` of the screen before.
        confirmed: only regions that people have confirmed, or only others; None for all.

    Raises:
        UserError: an order, a place or a number that cannot be.
    """
    if order not in ("score", "text"):
        raise UserError(Reason("wall.order", order=order))
    if not 1 <= limit <= MAX_CROPS:
        raise UserError(Reason("wall.limit", most=MAX_CROPS, count=limit))
    states = () if confirmed is None else ("confirmed",) if confirmed else ("todo",)
    with context.db.reading() as session:
        found, place = wall_page(
            session,
            order,
            after=None if after is None else _place(after, order),
            limit=limit,
            batch_id=batch_id,
            states=states,
            categories=categories,
            text=text,
            most_score=most_score,
        )
    return Wall(tuple(Crop(*pair) for pair in found), None if place is None else _token(place))


def settle(context: Context, marks: Iterable[Mark]) -> tuple[int, tuple[Mark, ...]]:
    """Confirm crops with their texts, or mark them as wrong; return how many changed and which were left alone.

    A crop is left alone when its text is no longer what the person saw, or the region has gone. Each picture gets
    one entry in its journal.

    Raises:
        UserError: a text cannot be stored.
    """
    by_image: dict[str, dict[str, Mark]] = defaultdict(dict)
    for mark in marks:
        by_image[mark.image_id][mark.region_id] = mark
    changed = 0
    stale: list[Mark] = []
    for image_id, wanted in by_image.items():
        with context.db.writing() as session:
            try:
                doc = load_doc(session, image_id)
            except NotFound:
                stale += wanted.values()
                continue
            after, settled = [], set()
            for region in load_regions(session, image_id, readings=False):
                mark_here = wanted.get(region.id)
                if mark_here is None or mark_here.seen != region.text:
                    after.append(region)
                    continue
                settled.add(region.id)
                after.append(_settled(region, mark_here, context.who))
            stale += [mark for key, mark in wanted.items() if key not in settled]
            changed += len(settled)
            save_doc(session, image_id, doc.rev, after, who=context.who, action="wall", at=now())
    return changed, tuple(stale)


def _settled(region: Region, mark: Mark, who: str) -> Region:
    if mark.wrong:
        return replace(region, state="todo")
    if mark.text is None or mark.text == region.text:
        return replace(region, state="confirmed")
    return replace(region, state="confirmed", text=one_line(mark.text, region.id), origin=f"person:{who}", score=None)


def _token(place: WallPlace) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place(token: str, order: WallOrder) -> WallPlace:
    try:
        value, image_id, region_id = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, binascii.Error):
        raise UserError(Reason("wall.after")) from None
    kind = str if order == "text" else float | int
    if not (isinstance(value, kind) and isinstance(image_id, str) and isinstance(region_id, str)):
        raise UserError(Reason("wall.sorted", order=order))
    return value, image_id, region_id
