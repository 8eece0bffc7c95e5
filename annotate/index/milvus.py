"""Milvus behind a handful of verbs: embedded, as a `milvus-lite` server or as a real one, the code is the same.

A collection has one row a picture; a second collection beside it (`<name>_parts`) has tiles and texts with their
surroundings, for pictures that have them. On a Milvus before 2.4, which holds one vector a row, a third one
(`<name>_plain`) has the vectors that do not read. Rows are flushed before they are searched: milvus-lite answers a
search over unflushed rows a hundred times slower. The index is IVF_FLAT, not HNSW: built in 5 s instead of 110 s for
100,000 rows, and exact under filters when all lists are probed, where the graph finds too few.

A real Milvus lets a write be seen a little later, by default up to five seconds. So collections are made to show a
process what it has written itself ("Session"); where that of others matters as well, the latest is waited for
("Strong"), which takes a fifth of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from pymilvus import DataType, MilvusClient

from annotate.embed.towers import Vectors
from annotate.errors import ServiceError
from annotate.index.milvus_client import Client
from annotate.index.rows import PARTS_A_PICTURE, PLAIN, TAGS_BYTES, WHOLE, Found, Part, Row
from annotate.reasons import Reason

# What Milvus answers at most in one search or query.
TOP_K = 16_384
_LISTS = 256
_PROBES = 128
_INSERT_BYTES = 16 * 2**20
_TEXT = {"clip": 64, "status": 16, "tags": TAGS_BYTES}
_NUMBERS = ("source", "time_ms", "width", "height", "boxes")
_SCALARS = (*_NUMBERS, *_TEXT, "min_score")
_CORNERS = ("x0", "y0", "x1", "y1")
_LATEST = {"consistency_level": "Strong"}


class MilvusIndex:
    """A connection to all collections of a Milvus.

    Args:
        uri, token, used: see `Client`.

    Raises:
        ServiceError: the server cannot be reached.
    """

    def __init__(self, uri: str, token: str = "", used: Callable[[], None] = lambda: None) -> None:
        self.uri = uri
        self._client = Client(uri, token, used)
        self._verbs = self._client.verbs
        self._homes: dict[tuple[str, str], tuple[str, int]] = {}

    @property
    def finds_tags(self) -> bool:
        """Whether filters may ask for tags."""
        return not self._client.before_2_4

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def names(self) -> list[str]:
        """Return the names of all collections of the server, also those of others."""
        return [str(name) for name in self._client.do(self._verbs.list_collections)]

    def has(self, name: str) -> bool:
        """Whether there is a collection of this name."""
        return bool(self._client.quick(self._verbs.has_collection, name))

    def create(self, name: str, dim: int, *, plain: bool, parts: bool) -> None:
        """Make an empty collection, and one for parts if there will be any.

        Args:
            dim: length of the vectors.
            plain: pictures have the vector that does not read.
        """
        apart = plain and self._client.before_2_4
        self._make_pictures(name, dim, (WHOLE, PLAIN) if plain and not apart else (WHOLE,))
        if apart:
            self._make_pictures(plain_of(name), dim, (PLAIN,))
        if parts:
            schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            for field in ("number", *_CORNERS):
                schema.add_field(field, DataType.INT64)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            self._make(parts_of(name), schema, ("vector",))

    def drop(self, name: str) -> None:
        """Remove a collection and what belongs to it, if they are there."""
        for one in (name, plain_of(name), parts_of(name)):
            if self.has(one):
                self._client.do(self._verbs.drop_collection, one)
            self._client.forget(one)
        self._homes.clear()

    def dim(self, name: str) -> int:
        """Return the length of a collection's vectors."""
        return self._dims(name)[WHOLE]

    def has_parts(self, name: str) -> bool:
        """Whether a collection keeps parts."""
        return self.has(parts_of(name))

    def put(self, name: str, rows: Sequence[Row], parts: Sequence[Part] = ()) -> None:
        """Write pictures; those that are there already are replaced, with all their parts."""
        numbers = [row.number for row in rows]
        if numbers and self.has_parts(name):
            self._client.do(self._verbs.delete, parts_of(name), filter=f"number in {numbers}")
        for room in self._rooms(name):
            kinds = self._dims(room)
            data = [
                {"number": row.number, **{kind: row.vectors[kind] for kind in kinds}, **row.scalars} for row in rows
            ]
            self._upsert(room, data)
        self._upsert(parts_of(name), [_part(part) for part in parts])

    def set_scalars(self, name: str, scalars: dict[int, dict[str, Any]]) -> None:
        """Write scalar fields anew; vectors stay. Pictures that are not there are left out."""
        numbers = sorted(scalars)
        for room in self._rooms(name):
            kinds = self._dims(room)
            for at in range(0, len(numbers), 1000):
                rows = self._query(room, f"number in {numbers[at : at + 1000]}", ["number", *kinds], **_LATEST)
                self._upsert(room, [{**row, **scalars[int(row["number"])]} for row in rows])

    def delete(self, name: str, numbers: Sequence[int]) -> None:
        """Take pictures out, with their parts."""
        for one in (*self._rooms(name), *([parts_of(name)] if self.has_parts(name) else [])):
            for at in range(0, len(numbers), 1000):
                some = [int(number) for number in numbers[at : at + 1000]]
                self._client.do(self._verbs.delete, one, filter=f"number in {some}")

    def flush(self, name: str) -> None:
        """Write what is in memory to disk and index it: before every search that follows a change."""
        for one in (*self._rooms(name), *([parts_of(name)] if self.has_parts(name) else [])):
            self._client.do(self._verbs.flush, one)
            self._client.load(one)

    def count(self, name: str) -> int:
        """Return how many pictures a collection has."""
        return int(self._query(name, "", ["count(*)"], **_LATEST)[0]["count(*)"])

    def held(self, name: str, first: int, end: int) -> list[dict[str, Any]]:
        """Return number and scalar fields of all pictures from a number to before another (10,000 of them at most).

        Those that lack one of their vectors are left out.
        """
        where = f"number >= {first} and number < {end}"
        rows = self._query(name, where, ["number", *_SCALARS], **_LATEST)
        for room in self._rooms(name)[1:]:
            there = {int(row["number"]) for row in self._query(room, where, ["number"], **_LATEST)}
            rows = [row for row in rows if int(row["number"]) in there]
        return rows

    def beyond(self, name: str, last: int) -> list[int]:
        """Return pictures with a number above this one (at most as many as one query gives)."""
        found: set[int] = set()
        for room in self._rooms(name):
            rows = self._query(room, f"number > {last}", ["number"], limit=TOP_K, **_LATEST)
            found |= {int(row["number"]) for row in rows}
        return sorted(found)

    def vectors(self, name: str, numbers: Sequence[int], kind: str = WHOLE) -> dict[int, Vectors]:
        """Return the vectors of pictures by their numbers; those that are not there are left out."""
        room, _ = self._home(name, kind)
        found: dict[int, Vectors] = {}
        for at in range(0, len(numbers), 1000):
            some = [int(number) for number in numbers[at : at + 1000]]
            rows = self._query(room, f"number in {some}", ["number", kind])
            found |= {int(row["number"]): np.asarray(row[kind], np.float32) for row in rows}
        return found

    def search(
        self,
        name: str,
        queries: Vectors,
        k: int,
        *,
        kind: str = WHOLE,
        where: str = "",
        exact: bool = False,
        with_vectors: bool = False,
    ) -> list[list[Found]]:
        """Return the k nearest pictures of each query, the nearest first.

        Args:
            queries: (N, dim).
            where: a filter in Milvus' words.
            exact: look everywhere, not only where the nearest should be; always done under a filter.
            with_vectors: return the vectors, too.
        """
        wanted = ["number", kind] if with_vectors else ["number"]
        hits = self._search(name, queries, min(k, TOP_K), kind, where, exact or bool(where), wanted)
        return [[_found(hit, kind if with_vectors else None) for hit in some] for some in hits]

    def search_parts(self, name: str, query: Vectors, k: int, where: str = "") -> list[Found]:
        """Return the k nearest parts of pictures, the nearest first; a picture may come more than once."""
        wanted = ["number", *_CORNERS]
        hits = self._search(parts_of(name), query[None], min(k, TOP_K), "vector", where, bool(where), wanted)[0]
        found = []
        for hit in hits:
            x0, y0, x1, y1 = (int(hit["entity"][corner]) for corner in _CORNERS)
            found.append(Found(int(hit["entity"]["number"]), float(hit["distance"]), None, (x0, y0, x1, y1)))
        return found

    def _search(
        self, name: str, queries: Vectors, k: int, field: str, where: str, exact: bool, wanted: list[str]
    ) -> list[Any]:
        room, dim = self._home(name, field)
        if dim != queries.shape[1]:  # what Milvus says to that is not always a sentence
            raise ServiceError(Reason("milvus.size", uri=self.uri, name=name, found=dim, dim=queries.shape[1]))
        probes = _LISTS if exact or k > 200 else _PROBES
        found = self._client.ask(
            room,
            self._verbs.search,
            data=[query.tolist() for query in queries],
            anns_field=field,
            limit=k,
            filter=where,
            output_fields=wanted,
            search_params={"metric_type": "COSINE", "params": {"nprobe": probes}},
        )
        return list(found)

    def _dims(self, room: str) -> dict[str, int]:
        """Return the fields of vectors that a collection has, and how long these are."""
        described = self._client.quick(self._verbs.describe_collection, room)
        return {one["name"]: int(one["params"]["dim"]) for one in described["fields"] if "dim" in one["params"]}

    def _home(self, name: str, kind: str) -> tuple[str, int]:
        """Return the collection that has a kind of vectors, and how long these are."""
        found = self._homes.get((name, kind))
        if found is None:
            if not self.has(name):
                raise ServiceError(Reason("milvus.gone", uri=self.uri, name=name))
            room = plain_of(name) if kind == PLAIN and PLAIN not in self._dims(name) else name
            found = self._homes[name, kind] = room, self._dims(room)[kind]
        return found

    def _rooms(self, name: str) -> list[str]:
        """Return the collections that have a row for each picture."""
        return [name, plain_of(name)] if self.has(plain_of(name)) else [name]

    def _make_pictures(self, name: str, dim: int, kinds: Sequence[str]) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("number", DataType.INT64, is_primary=True)
        for kind in kinds:
            schema.add_field(kind, DataType.FLOAT_VECTOR, dim=dim)
        for field in _NUMBERS:
            schema.add_field(field, DataType.INT64)
        for field, length in _TEXT.items():
            schema.add_field(field, DataType.VARCHAR, max_length=length)
        schema.add_field("min_score", DataType.FLOAT)
        self._make(name, schema, kinds)

    def _make(self, name: str, schema: Any, fields: Sequence[str]) -> None:
        params = MilvusClient.prepare_index_params()
        for field in fields:
            params.add_index(field, index_type="IVF_FLAT", metric_type="COSINE", params={"nlist": _LISTS})
        self._client.do(
            self._verbs.create_collection, name, schema=schema, index_params=params, consistency_level="Session"
        )

    def _upsert(self, name: str, data: list[dict[str, Any]]) -> None:
        if not data:
            return
        row_bytes = sum(4 * len(value) if isinstance(value, np.ndarray | list) else 32 for value in data[0].values())
        step = max(1, _INSERT_BYTES // row_bytes)
        for at in range(0, len(data), step):
            self._client.do(self._verbs.upsert, name, data[at : at + step])

    def _query(self, name: str, where: str, fields: list[str], **extra: Any) -> list[dict[str, Any]]:
        return list(self._client.ask(name, self._verbs.query, filter=where, output_fields=fields, **extra))


def parts_of(name: str) -> str:
    """Return the name of the collection that has the parts of a collection's pictures."""
    return f"{name}_parts"


def plain_of(name: str) -> str:
    """Return the name of the collection that has the vectors that do not read, where these have one of their own."""
    return f"{name}_plain"


def _part(part: Part) -> dict[str, Any]:
    if not 0 <= part.position < PARTS_A_PICTURE:
        raise ValueError(f"a picture has at most {PARTS_A_PICTURE} parts")
    corners = dict(zip(_CORNERS, part.box_xyxy, strict=True))
    return {"id": part.id, "number": part.number, "vector": part.vector, **corners}


def _found(hit: Any, kind: str | None) -> Found:
    vector = None if kind is None else np.asarray(hit["entity"][kind], np.float32)
    # Not `hit["number"]`: a Milvus before 2.4 does not say what the key of a collection is called.
    return Found(int(hit["entity"]["number"]), float(hit["distance"]), vector)
