"""The examples of a query as vectors: words, prompt packs, images of the pool, files, and crops of either."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PilImage

from annotate.embed.towers import Vectors, model_name
from annotate.embed.views import cut, recipe_of
from annotate.errors import NotFound
from annotate.index.connect import Connection
from annotate.index.rows import PLAIN, WHOLE
from annotate.media import MAX_PIXELS, read_image
from annotate.prompts import pack
from annotate.queries import By, Example, Query
from annotate.reasons import Reason, reason_of
from annotate.store import images
from annotate.store.vectors import Collection
from annotate.workflow.context import Context
from annotate.workflow.query_vector import Weighted, combined, pack_vector, refitted
from annotate.workflow.towers import tower_of
from synthtext.errors import UserError
from synthtext.geometry import Image


class Examples:
    """Turns examples into vectors of one collection; the model is loaded only when an example needs it."""

    def __init__(self, context: Context, connection: Connection, collection: Collection) -> None:
        self._context, self._connection, self._collection = context, connection, collection
        self._recipe = recipe_of(collection.recipe)

    @property
    def model(self) -> str:
        """What the collection's model is called."""
        return model_name(self._collection.model, self._collection.pretrained)

    def by(self, query: Query) -> By:
        """Return what pictures are compared by; never `auto`.

        Raises:
            UserError: the pictures have no vectors of this kind.
        """
        recipe = self._recipe
        if query.by == "parts" and not (recipe.tiles or recipe.contexts):
            raise UserError(Reason("search.parts"))
        if query.by == "plain" and recipe.plain == "none":
            raise UserError(Reason("search.plain"))
        if query.by != "auto":
            return query.by
        words = any(example.kind in ("text", "pack") for example in query.examples)
        return "plain" if words and recipe.plain != "none" else "whole"

    def weighted(self, query: Query) -> list[Weighted]:
        """Return each example as a vector with its weight.

        Raises:
            UserError: a file is no picture, a box lies outside, words are empty.
            NotFound: an image or a prompt pack is not there.
            ServiceError: Milvus or the model cannot be reached.
        """
        kind = self._kind(query)
        return [Weighted(one.label, self._vector(one, kind), one.weight) for one in query.examples]

    def vector(self, query: Query, examples: Sequence[Weighted]) -> Vectors:
        """Return the vector of a whole query, with people's thumbs taken in.

        Raises:
            UserError: nothing is left to go by.
            NotFound: an image that was judged is not there.
        """
        none = np.zeros((0, self._collection.dim), np.float32)
        kind = self._kind(query)
        liked = self._stored(query.liked, kind) if query.liked else none
        disliked = self._stored(query.disliked, kind) if query.disliked else none
        try:
            start = combined(examples) if examples else None
            if len(liked) or len(disliked):
                return refitted(start, liked, disliked)
        except ValueError as error:
            raise UserError(Reason("search.left", why=reason_of(error) or str(error))) from error
        if start is None:
            raise UserError(Reason("search.nothing"))
        return start

    def _kind(self, query: Query) -> str:
        return PLAIN if self.by(query) == "plain" else WHOLE

    def _vector(self, example: Example, kind: str) -> Vectors:
        if example.kind == "image" and example.box_xyxy is None:
            stored: Vectors = self._stored([example.value], kind)[0]
            return stored
        tower = tower_of(self._collection)
        if example.kind == "pack":
            chosen = pack(example.value)
            return pack_vector(tower.texts(chosen.prompts), tower.texts(chosen.counter))
        if example.kind == "text":
            if not example.value.strip():
                raise UserError(Reason("search.words"))
            vectors = tower.texts([example.value])
        else:
            pixels = self._pool_image(example.value) if example.kind == "image" else read_example(example)
            vectors = tower.images([pixels if example.box_xyxy is None else cut(pixels, example.box_xyxy)])
        first: Vectors = vectors[0]
        return first

    def _pool_image(self, image_id: str) -> Image:
        with self._context.db.reading() as session:
            picture = images.get(session, image_id)
        return read_image(self._context.workspace, picture)

    def _stored(self, ids: Sequence[str], kind: str) -> Vectors:
        """Return the vectors that pictures of the pool have in the index."""
        with self._context.db.reading() as session:
            pictures = [images.get(session, image_id) for image_id in ids]
        found = self._connection.index().vectors(self._collection.name, [p.number for p in pictures], kind)
        missing = next((picture.name for picture in pictures if picture.number not in found), None)
        if missing is not None:
            raise NotFound(Reason("search.vector", image=str(missing)))
        return np.stack([found[picture.number] for picture in pictures])


def read_example(example: Example) -> Image:
    """Return the upright pixels of a file that is searched for.

    Raises:
        UserError: it cannot be read, or is no picture.
    """
    try:
        given = example.data
        data = np.fromfile(Path(example.value), np.uint8) if given is None else np.frombuffer(given, np.uint8)
    except OSError as error:
        raise UserError(Reason("search.unread", name=example.value, why=str(error.strerror))) from error
    found = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) and _is_small(example.value, data) else None
    if found is None:
        raise UserError(Reason("search.nopicture", name=example.value))
    return np.ascontiguousarray(found[:, :, ::-1]).astype(np.uint8, copy=False)


def _is_small(name: str, data: NDArray[np.uint8]) -> bool:
    """Return whether a file is a picture; one that is too large is refused by its header, before it is decoded."""
    try:
        with PilImage.open(io.BytesIO(data.tobytes())) as opened:
            width, height = opened.size
    except (OSError, SyntaxError, ValueError, PilImage.DecompressionBombError):
        return False
    if width * height > MAX_PIXELS:
        raise UserError(Reason("search.large", name=name, width=width, height=height, most=MAX_PIXELS))
    return True
