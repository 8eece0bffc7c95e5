"""What a reader suggests for a picture that a person has open: told, never laid over what the person wrote.

Readings are kept at once, beside those that are there. Outlines are not: the person's browser adds them as a step that
can be undone, and saves them like everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from annotate.reasons import Reason
from annotate.records import Points, Reading, Region
from annotate.store import reads
from annotate.store.database import now
from annotate.store.labels import add_readings, load_doc, load_readings
from annotate.workflow.context import Context
from annotate.workflow.readings import laid_over
from annotate.workflow.reread import Desk
from synthtext.errors import UserError

MOST = 2000


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a reader has to say.

    Attributes:
        readings: of each region that was read, of all readers that have read it, the best first.
        regions: that are new; empty when regions were asked for.
    """

    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    regions: tuple[Region, ...] = ()


def read_regions(context: Context, desk: Desk, image_id: str, outlines: Mapping[str, Points]) -> Suggested:
    """Read outlines of a picture as they are on a person's screen.

    Args:
        outlines: by the regions' ids.

    Raises:
        NotFound: there is no such picture.
        UserError: there are too many, or one is none.
        ServiceError: the reader cannot be opened, throws, or takes too long.
    """
    if not outlines:
        return Suggested()
    if len(outlines) > MOST or any(len(points) < 3 for points in outlines.values()):
        raise UserError(Reason("reader.many", most=MOST, count=len(outlines)))
    found = desk.read(context, image_id, list(outlines.values()))
    latest = dict(zip(outlines, found, strict=True))
    with context.db.writing() as session:
        add_readings(session, image_id, {key: [reading] for key, reading in latest.items()}, now())
        known = load_readings(session, image_id)
    # The one that was asked for now comes first, whatever the others score.
    return Suggested({key: (one, *(other for other in known[key] if other != one)) for key, one in latest.items()})


def read_picture(context: Context, desk: Desk, image_id: str) -> Suggested:
    """Find and read all text of a picture.

    Raises:
        NotFound: there is no such picture.
        ServiceError: the reader cannot be opened, throws, or takes too long.
    """
    reader, found = desk.find(context, image_id)
    with context.db.writing() as session:
        doc = load_doc(session, image_id, readings=False)
        laid = laid_over(replace(doc, status="todo"), reader, found)
        before = {region.id for region in doc.regions}
        fresh = tuple(region for region in laid.regions if region.id not in before)
        add_readings(session, image_id, {key: [reading] for key, reading in laid.readings.items()}, now())
        reads.note(session, reader, image_id, len(found))
        known = load_readings(session, image_id)
    return Suggested({key: known[key] for key in laid.readings}, fresh)
