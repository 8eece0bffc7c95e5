"""Picking tomorrow's batch: pictures that are hard, different from each other, and some at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from annotate.errors import ServiceError
from annotate.index.connect import connect
from annotate.mine.hardness import Hardness, Signs, hardness
from annotate.mine.pick import Candidate, Picked, Vectors, pick
from annotate.records import Filter, Pick, Picture
from annotate.store import batches, images, reads, twins, vectors, verdicts
from annotate.store import hardness as scores
from annotate.workflow.context import Context
from synthtext.errors import UserError

# Pictures of the random share get this tag: they make the honest test set.
RANDOM_TAG = "random-test"
_FLAGGED, _MISSED = "flagged by the machine, passed by people", "missed by the machine, found by people"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class MineOptions:
    """What to pick.

    Attributes:
        count: how many pictures.
        batch: the name of the batch; None for one with the time.
        which: only pictures that it lets through; still to do, in any case.
        signs: what hardness is judged by.
        random_share: of the batch, picked without regard to hardness.
        per_clip: so many frames of a clip at most.
        seed: of what is random.
        source: all pictures that were read, or those about which machine and people differ.
        batched_too, twins_too: also pictures that are in a batch already; that are nearly the same as another.
    """

    count: int = 200
    batch: str | None = None
    which: Filter = field(default_factory=Filter)
    signs: Signs = field(default_factory=Signs)
    random_share: float = 0.1
    per_clip: int = 3
    seed: int = 0
    source: Literal["readings", "verdicts"] = "readings"
    batched_too: bool = False
    twins_too: bool = False


@dataclass(frozen=True, slots=True)
class MineSummary:
    """What was picked.

    Attributes:
        judged: pictures whose hardness was judged.
        candidates: of them, those that could be picked.
        picked: each with its score and why.
        spread_by: `vectors`, or `phash` where there were none.
    """

    batch: str
    judged: int
    candidates: int
    picked: tuple[tuple[Picture, Pick], ...]
    spread_by: str


def mine(
    context: Context, options: MineOptions, progress: Callable[[int, int | None], None] | None = None
) -> MineSummary:
    """Judge the pictures that were read, and put the hardest, spread out, into a new batch.

    Raises:
        UserError: there is nothing to pick from, or a batch of this name.
    """
    if not 0 <= options.random_share <= 1:
        raise UserError(f"--random: {options.random_share}: a share from 0 to 1")
    name = options.batch or f"mined {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    with context.db.reading() as session:
        if batches.find(session, name) is not None:
            raise UserError(f"batch {name!r}: there is one of this name; choose another with --batch")
    said: dict[str, str] = {}
    if options.source == "verdicts":
        judged = _from_verdicts(context, options, said)
    else:
        judged = _from_readings(context, options, progress)
    free = _free(context, judged, options)
    if not free:
        raise UserError(_nothing(options, len(judged)))
    spread = _Vectors(context)
    chosen = pick(
        free,
        options.count,
        random_share=options.random_share,
        per_clip=options.per_clip,
        rng=np.random.default_rng(options.seed),
        vectors_of=spread.of,
    )
    picked = _keep(context, name, chosen, said, note=f"mined from {options.source}")
    return MineSummary(name, len(judged), len(free), picked, "vectors" if spread.found else "phash")


def _from_readings(
    context: Context, options: MineOptions, progress: Callable[[int, int | None], None] | None
) -> list[Candidate]:
    """Judge every picture that is still to do and holds text as a reader sees it, and keep the scores."""
    which = replace(options.which, statuses=("todo",), min_boxes=max(1, options.which.min_boxes or 1))
    judged: list[Candidate] = []
    done = 0
    for pictures in images.each(context.db, which, size=_CHUNK):
        found = _judge(context, pictures, options.signs)
        judged += [_candidate(picture, found[picture.id].score) for picture in pictures if found[picture.id].parts]
        done += len(pictures)
        if progress is not None:
            progress(done, None)
    return judged


def _from_verdicts(context: Context, options: MineOptions, said: dict[str, str]) -> list[Candidate]:
    """Return the pictures about which machine and people differ; a miss is worth more than a false alarm.

    Args:
        said: is filled with the verdicts in words, by picture.
    """
    with context.db.reading() as session:
        differ = {one.image_id: one.machine_hit for one in verdicts.disagreements(session)}
        pictures = [picture for picture in images.get_many(session, differ).values() if picture.status == "todo"]
    judged: list[Candidate] = []
    for start in range(0, len(pictures), _CHUNK):
        some = pictures[start : start + _CHUNK]
        found = _judge(context, some, options.signs)
        for picture in some:
            flagged = differ[picture.id]
            said[picture.id] = _FLAGGED if flagged else _MISSED
            judged.append(_candidate(picture, (1.0 if flagged else 1.5) + found[picture.id].score))
    return judged


def _judge(context: Context, pictures: list[Picture], signs: Signs) -> dict[str, Hardness]:
    ids = [picture.id for picture in pictures]
    with context.db.reading() as session:
        regions = scores.regions_of(session, ids)
        readers = reads.readers_of(session, ids)
    found = {image_id: hardness(regions.get(image_id, ()), readers[image_id], signs) for image_id in ids}
    with context.db.writing() as session:
        scores.put(session, [(p.id, found[p.id].score, found[p.id].parts, p.rev) for p in pictures])
    return found


def _free(context: Context, judged: list[Candidate], options: MineOptions) -> list[Candidate]:
    ids = [one.id for one in judged]
    with context.db.reading() as session:
        taken = set() if options.batched_too else scores.in_batches(session, ids)
        alike = set() if options.twins_too else twins.later_ones(session, ids)
    return [one for one in judged if one.id not in taken and one.id not in alike]


def _keep(
    context: Context, name: str, chosen: list[Picked], said: dict[str, str], note: str
) -> tuple[tuple[Picture, Pick], ...]:
    """Make the batch; each picture's reasons come from the scores that were just kept."""
    ids = [one.candidate.id for one in chosen]
    with context.db.writing() as session:
        parts = scores.get(session, ids)
        picks = [
            Pick(one.candidate.id, one.candidate.score, _why(one, parts[one.candidate.id][1], said), place)
            for place, one in enumerate(chosen)
        ]
        batches.add(session, batches.create(session, name, context.who, note=note), picks)
        images.tag_pictures(session, [one.candidate.id for one in chosen if one.at_random], add=(RANDOM_TAG,))
        pictures = images.get_many(session, ids)
    return tuple((pictures[one.image_id], one) for one in picks)


class _Vectors:
    """The pictures' vectors, where the pool has been embedded and the index can be reached."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.found = False

    def of(self, candidates: Sequence[Candidate]) -> dict[str, Vectors]:
        with self._context.db.reading() as session:
            collection = vectors.active(session)
        if collection is None:
            return {}
        try:
            index = connect(self._context.workspace)
        except (ServiceError, UserError):  # without it hashes do, less well
            return {}
        try:
            known = index.vectors(collection.name, [candidate.number for candidate in candidates])
        except ServiceError:
            return {}
        finally:
            index.close()
        self.found = bool(known)
        return {one.id: known[one.number] for one in candidates if one.number in known}


def _candidate(picture: Picture, score: float) -> Candidate:
    return Candidate(picture.id, round(score, 4), picture.clip_id, picture.phash, picture.number)


def _why(one: Picked, parts: dict[str, Any], said: dict[str, str]) -> dict[str, Any]:
    why: dict[str, Any] = {"picked": "at random" if one.at_random else "hard", **parts}
    if one.candidate.id in said:
        why["verdict"] = said[one.candidate.id]
    if one.apart is not None:
        why["apart"] = one.apart
    return why


def _nothing(options: MineOptions, judged: int) -> str:
    if judged:
        return (
            f"all {judged:,} pictures are in a batch or nearly the same as another; "
            "--batched-too and --twins-too pick from them as well"
        )
    if options.source == "verdicts":
        return "no verdict is left in which machine and people differ; import some with: annotate verdicts import FILE"
    return "no picture that is still to do has been read; read the pool first: annotate prelabel"
