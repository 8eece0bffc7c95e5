"""The nouns of `annotate`: the values that rooms hand to each other. No SQL, no pixels, no work.

Coordinates are pixels of the upright picture (EXIF applied), x right, y down. Times are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

# How a picture's file can end when it is added.
Outcome = Literal["added", "known", "missing", "broken"]
# Where a picture stands in the work of people.
Status = Literal["todo", "confirmed", "skipped", "rejected", "no_text"]
Kind = Literal["rect", "quad", "polygon"]
RegionState = Literal["todo", "confirmed"]
Direction = Literal["ltr", "rtl", "ttb"]
Role = Literal["annotator", "reviewer", "admin"]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader read in one region.

    Attributes:
        reader: its name and version, such as `rapidocr 3.10`.
        score: 0 to 1, of the whole text.
        char_scores: one a code point of the text, where the reader gives them.
    """

    reader: str
    text: str
    score: float
    char_scores: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """An outline on a picture with what is written there.

    Attributes:
        id: unique in its picture; chosen by whoever draws it first (a UUID from the browser).
        points: clockwise on screen, beginning at the top-left corner as the reader of the text sees it.
        text: NFC, logical order; what a person, an import or the best reader says.
        state: confirmed once a person has looked at it.
        category: `printed`, `filled`, or one of the project's own.
        ignore: must not count in training or scoring.
        origin: `person:<name>`, `reader:<name>`, `import:<format>`.
        score: the reader's, None for a person's.
        readings: of all readers, best first.
        extra: keys of an imported file that have no place here; exported again to the same format.
    """

    id: str
    kind: Kind
    points: Points
    text: str = ""
    state: RegionState = "todo"
    category: str = "printed"
    ignore: bool = False
    ignore_reason: str | None = None
    direction: Direction = "ltr"
    origin: str = ""
    score: float | None = None
    tags: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of the pool: a photograph, a page of a PDF or a frame of a clip.

    Attributes:
        id: SHA-256 of the original file; of a frame, of its clip's id and time stamp; of a page, of its file's id and
            number.
        path: inside the workspace when `copied`, else where the user's file lies.
        name: for people: the file's name, with time or page.
        clip_id, time_ms: of a frame.
        page: of a PDF, from 0.
        rev: goes up by one with every change of its regions or status.
        box_count, min_score: of its regions, kept for filters.
        number: the order in which pictures came into the pool; 0 until it is stored.
    """

    id: str
    name: str
    path: str
    copied: bool
    width: int
    height: int
    bytes: int
    source_id: int
    added_at: datetime
    clip_id: str | None = None
    time_ms: int | None = None
    page: int | None = None
    md5: str = ""
    phash: str = ""
    status: Status = "todo"
    rev: int = 0
    box_count: int = 0
    min_score: float | None = None
    tags: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file did not come into the pool.

    Attributes:
        where: its path; `archive.zip/a.jpg` inside of an archive, `paper.pdf#3` a page.
    """

    where: str
    outcome: Literal["missing", "broken"]
    reason: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which pictures of the pool; what is left empty does not matter.

    Attributes:
        statuses: one of these.
        tags: all of these.
        source_id, clip_id, batch_id: of this one only.
        min_boxes, max_boxes: how many regions.
        min_score, max_score: bounds of the lowest score of its regions; pictures without scores have none.
        min_side, max_side: pixels, of the shorter and of the longer side.
        from_ms, to_ms: time in its clip; what is no frame has none.
        text: is in its name, or written on it as people or readers have it; case does not matter.
        added_from, added_to: when it came into the pool; the second one no longer counts.
    """

    statuses: tuple[Status, ...] = ()
    tags: tuple[str, ...] = ()
    source_id: int | None = None
    clip_id: str | None = None
    batch_id: int | None = None
    min_boxes: int | None = None
    max_boxes: int | None = None
    min_score: float | None = None
    max_score: float | None = None
    min_side: int | None = None
    from_ms: int | None = None
    to_ms: int | None = None
    max_side: int | None = None
    text: str | None = None
    added_from: datetime | None = None
    added_to: datetime | None = None
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}  # a misspelt field of a request is refused


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, and the number after which the next page begins; None at the end."""

    pictures: tuple[Picture, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures came from.

    Attributes:
        kind: `folder`, `archive`, `list`, `pdf`, `video`, `upload`.
    """

    id: int
    kind: str
    path: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Clip:
    """One video of the pool.

    Attributes:
        id: SHA-256 of the file.
        complete: all of its key frames are in the pool.
        mode: how they were chosen: `auto`, or so many a second (`2 fps`).
    """

    id: str
    name: str
    path: str
    source_id: int
    added_at: datetime
    duration_ms: int
    fps: float
    width: int
    height: int
    frame_count: int
    kept_count: int = 0
    md5: str = ""
    complete: bool = False
    mode: str = "auto"


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures picked for labelling.

    Attributes:
        note: what they were picked for or by.
        size, done: how many pictures, and how many of them are no longer `todo`.
    """

    id: int
    name: str
    note: str
    created_by: str
    created_at: datetime
    size: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Pick:
    """A picture of a batch; `why` has the parts of its score, or the query, for people to read.

    Attributes:
        score: by which it was picked; higher is earlier.
    """

    image_id: str
    score: float | None = None
    why: dict[str, Any] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, slots=True)
class Twin:
    """Two pictures that are nearly the same; both stay.

    Attributes:
        image_id, other_id: the later one and the one that was there before.
        gate: what found it: `phash` or `clip`.
        similarity: 1 is the same.
    """

    image_id: str
    other_id: str
    gate: str
    similarity: float


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in."""

    name: str
    role: Role
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Doc:
    """All that is written on a picture at one revision: what the canvas opens and saves."""

    image_id: str
    name: str
    width: int
    height: int
    rev: int
    status: Status
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of a picture's journal.

    Attributes:
        action: `save`, `confirm`, `skip`, `reject`, `no_text`, `reopen`, `restore`, `prelabel`, `import`, ...
        put: regions that are new or changed, whole.
        removed: ids of regions that are gone.
        order: ids in their new order, None when only what `put` and `removed` say has changed.
        status: the new one, None when it stayed.
    """

    image_id: str
    rev: int
    at: datetime
    who: str
    action: str
    put: tuple[Region, ...] = ()
    removed: tuple[str, ...] = ()
    order: tuple[str, ...] | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a picture, and until when the others are kept off."""

    image_id: str
    user: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A picture in the order in which people get them.

    Attributes:
        position: in its batch, or in the pool.
        held_by: who else has it now.
    """

    image_id: str
    name: str
    status: Status
    position: int
    held_by: str | None = None


JobState = Literal["waiting", "running", "stopping", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Job:
    """Long work in a process of its own."""

    id: int
    kind: str
    args: dict[str, Any]
    state: JobState
    done: int
    total: int | None
    message: str
    pid: int | None
    asked_by: str
    asked_at: datetime
    beat_at: datetime | None
    ended_at: datetime | None
