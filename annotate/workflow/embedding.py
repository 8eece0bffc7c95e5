"""Giving every picture of the pool its vectors, and keeping the index at what the store says.

Vectors are written first and remembered afterwards, a batch at a time: whenever the work is cut off, what is remembered
is there, and what is there but not remembered is simply written again under the same key.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from annotate.embed.loader import Loaded, load_ahead
from annotate.embed.towers import Tower, load_tower
from annotate.embed.views import Recipe, Views, recipe_of, vectors_of, views_of
from annotate.errors import ServiceError
from annotate.index.connect import check_address, connect, same_place
from annotate.index.rows import Part, Row, digest_of, scalars_of
from annotate.media import file_of, read_image
from annotate.records import Picture, Points
from annotate.store import images, outlines, vectors
from annotate.store.vectors import Collection, Embedded
from annotate.workflow.context import Context
from annotate.workflow.near import find_twins
from annotate.workflow.scalars import bring_scalars_up_to_date
from annotate.workspace import open_workspace

if TYPE_CHECKING:
    from annotate.index.milvus import MilvusIndex

_PAGE = 1024
_BATCH_IMAGES = 128
_FLUSH_ROWS = 20_000
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class EmbedOptions:
    """How to embed.

    Attributes:
        model, pretrained: see `annotate.embed.towers.load_tower`; None for the workspace's, else remembered.
        milvus: address of a server, `lite` for the workspace's own; None for the workspace's setting, else remembered.
        recipe: which vectors a picture gets; None for that of the collection that is searched now, else the default.
        rebuild: make all vectors again, into a new collection.
        twins: cosine from which two pictures are nearly the same and are linked; None to look for none.
    """

    model: str | None = None
    pretrained: str | None = None
    milvus: str | None = None
    recipe: Recipe | None = None
    rebuild: bool = False
    twins: float | None = 0.97


@dataclass(slots=True)
class EmbedSummary:
    """How a run of `embed` went.

    Attributes:
        embedded, failed: pictures of this run; the faults are the first of those that failed: file and why.
        twins: pairs that were linked.
        pictures, searchable: in the pool, and with vectors in the collection.
        switched: this collection took the place of another one, or is the first.
    """

    model: str
    collection: str
    embedded: int = 0
    failed: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)
    twins: int = 0
    pictures: int = 0
    searchable: int = 0
    switched: bool = False


def embed(
    context: Context, options: EmbedOptions | None = None, progress: Callable[[int, int], None] | None = None
) -> EmbedSummary:
    """Give vectors to all pictures that have none yet; a collection is searched once all pictures are in it.

    Raises:
        UserError: there is no such model.
        ServiceError: Milvus or the weights cannot be reached, or another process embeds already.
    """
    options = options or EmbedOptions()
    asked = {"clip_model": options.model, "clip_pretrained": options.pretrained, "milvus": options.milvus}
    changes: dict[str, Any] = {key: value for key, value in asked.items() if value is not None}
    settings = context.workspace.settings.model_copy(update=changes)
    before = context.workspace.settings.milvus
    check_address(settings.milvus)
    context = replace(context, workspace=replace(context.workspace, settings=settings))
    with _alone(context):
        tower = load_tower(settings.clip_model, settings.clip_pretrained)
        index = connect(context.workspace)
        try:
            run = _Run(context, index, tower, options, progress)
            run.prepare(moved=not same_place(before, settings.milvus))
            open_workspace(context.workspace.root, **changes)  # now that they have proved right
            return run.through()
        finally:
            index.close()


class _Run:
    def __init__(
        self,
        context: Context,
        index: MilvusIndex,
        tower: Tower,
        options: EmbedOptions,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._context, self._index, self._tower = context, index, tower
        self._options, self._progress = options, progress
        self._collection = self._choose()
        self._recipe = recipe_of(self._collection.recipe)
        self._summary = EmbedSummary(tower.name, self._collection.name)
        self._unflushed = 0

    def prepare(self, *, moved: bool) -> None:
        """See to it that the index has the collection, and that what failed or has changed is tried again.

        Args:
            moved: the index was elsewhere until now; a collection that lies here is what was left of an earlier time.
        """
        name = self._collection.name
        there = self._index.has(name)
        if there and (moved or self._index.dim(name) != self._tower.dim):
            self._index.drop(name)
            there = False
        with self._context.db.writing() as session:
            vectors.forget_all(session, name, failed=there)
        if not there:
            recipe = self._recipe
            self._index.create(
                name, self._tower.dim, plain=recipe.plain != "none", parts=recipe.tiles or recipe.contexts
            )
        if self._recipe.reads_regions:
            with self._context.db.writing() as session:
                vectors.forget(session, name, outdated_regions(self._context, name))

    def through(self) -> EmbedSummary:
        name, summary = self._collection.name, self._summary
        with self._context.db.reading() as session:
            summary.pictures, done, _ = vectors.counts(session, name)
        self._done = done
        self._tell()
        group: list[tuple[Picture, tuple[Points, ...], Views]] = []
        for loaded, outlined in self._loaded():
            if loaded.value is None:
                self._fail(loaded.key, loaded.error or "")
                continue
            group.append((loaded.key, outlined, loaded.value))
            if sum(len(views.images) for _, _, views in group) >= _BATCH_IMAGES:
                self._put(group)
                group = []
        self._put(group)
        self._finish()
        return summary

    def _choose(self) -> Collection:
        """Return the collection to fill: the latest of this model and recipe, or a new one."""
        tower = self._tower
        with self._context.db.writing() as session:
            known = vectors.collections(session)
            searched = next((one for one in known if one.active), None)
            recipe = self._options.recipe or (recipe_of(searched.recipe) if searched else Recipe())
            mine = [one for one in known if (one.revision, one.recipe) == (tower.revision, recipe.as_json())]
            if mine and not (self._options.rebuild and mine[-1].active):
                return mine[-1]
            slug = re.sub(r"\W+", "_", tower.name.rsplit("/", 1)[0].rsplit("/", 1)[-1])[:40]
            name = f"annotate_{slug}_{secrets.token_hex(6)}"
            asked = (self._context.workspace.settings.clip_model, self._context.workspace.settings.clip_pretrained)
            made = Collection(name, *asked, tower.revision, recipe.as_json(), tower.dim)
            return vectors.add_collection(session, made)

    def _loaded(self) -> Iterator[tuple[Loaded[Picture, Views], tuple[Points, ...]]]:
        after = 0
        while True:
            with self._context.db.reading() as session:
                numbers = vectors.waiting(session, self._collection.name, after=after, limit=_PAGE)
                pictures = images.by_number(session, numbers)
                outlined = outlines.outlines_of(session, numbers) if self._recipe.reads_regions else {}
            if not numbers:
                return
            after = numbers[-1]

            def load(picture: Picture, outlined: dict[int, tuple[Points, ...]] = outlined) -> Views:
                pixels = read_image(self._context.workspace, picture)
                return views_of(pixels, outlined.get(picture.number, ()), self._recipe)

            for loaded in load_ahead(pictures.values(), load, ahead=_BATCH_IMAGES // 2):
                yield loaded, outlined.get(loaded.key.number, ())

    def _put(self, group: Sequence[tuple[Picture, tuple[Points, ...], Views]]) -> None:
        if not group:
            return
        found = self._tower.images([image for _, _, views in group for image in views.images])
        rows, parts, marks, at = [], [], [], 0
        for picture, outlined, views in group:
            kinds, rest = vectors_of(views, found[at : at + len(views.images)])
            at += len(views.images)
            scalars = scalars_of(picture)
            rows.append(Row(picture.number, kinds, scalars))
            parts += [
                Part(picture.number, place, box, vector)
                for place, (box, vector) in enumerate(zip(views.boxes, rest, strict=True))
            ]
            regions = outlines.digest_of(outlined) if self._recipe.reads_regions else ""
            marks.append(Embedded(picture.number, digest_of(scalars), regions))
        self._index.put(self._collection.name, rows, parts)
        with self._context.db.writing() as session:
            vectors.mark(session, self._collection.name, marks)
        self._summary.embedded += len(group)
        self._unflushed += len(group)
        if self._unflushed >= _FLUSH_ROWS:
            self._index.flush(self._collection.name)
            self._unflushed = 0
        self._done += len(group)
        self._tell()

    def _fail(self, picture: Picture, why: str) -> None:
        with self._context.db.writing() as session:
            vectors.mark(session, self._collection.name, [Embedded(picture.number, error=why)])
        self._summary.failed += 1
        if len(self._summary.faults) < _SHOWN:
            self._summary.faults.append((str(file_of(self._context.workspace, picture)), why))
        self._done += 1
        self._tell()

    def _finish(self) -> None:
        name, summary = self._collection.name, self._summary
        self._index.flush(name)
        bring_scalars_up_to_date(self._context, self._index, name)
        with self._context.db.writing() as session:
            summary.pictures, summary.searchable, _ = vectors.counts(session, name)
            vectors.activate(session, name)
            others = [one.name for one in vectors.collections(session) if one.name != name]
            summary.switched = not self._collection.active
        for other in others:
            self._index.drop(other)
            with self._context.db.writing() as session:
                vectors.drop_collection(session, other)
        if self._options.twins is not None:
            summary.twins = find_twins(self._context, self._index, name, self._options.twins)

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, max(self._summary.pictures, self._done))


def outdated_regions(context: Context, collection: str) -> list[int]:
    """Return pictures whose text lies elsewhere than when they were embedded."""
    stale: list[int] = []
    after = 0
    while True:
        with context.db.reading() as session:
            rows = vectors.each(session, collection, after=after, limit=_PAGE)
            now = outlines.outlines_of(session, [row[0] for row in rows])
        if not rows:
            return stale
        after = rows[-1][0]
        stale += [number for number, _, regions, _ in rows if regions != outlines.digest_of(now.get(number, ()))]


@contextmanager
def _alone(context: Context) -> Iterator[None]:
    """Let one process at a time embed a workspace."""
    file = context.workspace.root / "embed.lock"
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ServiceError(f"{file}: cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise ServiceError("another process is embedding this workspace; wait until it has ended") from error
    try:
        yield
    finally:
        os.close(handle)
