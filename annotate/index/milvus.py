"""Milvus behind a handful of verbs: embedded, as a `milvus-lite` server or as a real one, the code is the same.

A collection has one row a picture; a second collection beside it (`<name>_parts`) has tiles and texts with their
surroundings, for pictures that have them. Rows are flushed before they are searched: milvus-lite answers a search over
unflushed rows a hundred times slower. The index is IVF_FLAT, not HNSW: built in 5 s instead of 110 s for 100,000 rows,
and exact under filters when all lists are probed, where the graph finds too few.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import grpc
import numpy as np
from pymilvus import DataType, MilvusClient
from pymilvus.exceptions import MilvusException

from annotate.embed.towers import Vectors
from annotate.errors import ServiceError
from annotate.index.rows import PARTS_A_PICTURE, PLAIN, TAGS_BYTES, WHOLE, Found, Part, Row
from annotate.reasons import Reason

# What Milvus answers at most in one search or query.
TOP_K = 16_384
_LISTS = 256
_PROBES = 128
_INSERT_BYTES = 16 * 2**20
_CONNECT_SECONDS = 10.0
# A server that hangs must not hang whoever asks it; it loads a collection for as long as that takes.
_ANSWER_SECONDS = 60.0
_TEXT = {"clip": 64, "status": 16, "tags": TAGS_BYTES}
_NUMBERS = ("source", "time_ms", "width", "height", "boxes")
_SCALARS = (*_NUMBERS, *_TEXT, "min_score")
_CORNERS = ("x0", "y0", "x1", "y1")
_FAILURES = (MilvusException, grpc.RpcError, OSError)

logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # all that it would say is raised as well
logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)

_T = TypeVar("_T")


class MilvusIndex:
    """A connection.

    Args:
        uri: `http://host:port` of a server, or the path of a Milvus Lite folder that no other process has open.
        token: `user:password` or an API key.
        used: is called whenever the connection is used, so that a server of ours knows that it is needed.

    Raises:
        ServiceError: the server cannot be reached.
    """

    def __init__(self, uri: str, token: str = "", used: Callable[[], None] = lambda: None) -> None:
        self.uri = uri
        self._used = used
        self._loaded: set[str] = set()
        self._dims: dict[tuple[str, str], int] = {}
        try:
            self._client = MilvusClient(uri, token=token, timeout=_CONNECT_SECONDS)
            self._client.get_server_version(timeout=_CONNECT_SECONDS)
        except (*_FAILURES, ValueError) as error:
            raise ServiceError(Reason("milvus.away", uri=uri, why=_why(error))) from error

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(*_FAILURES, ValueError):
            self._client.close()

    def names(self) -> list[str]:
        """Return the names of all collections of the server, also those of others."""
        return [str(name) for name in self._do(self._client.list_collections)]

    def has(self, name: str) -> bool:
        """Whether there is a collection of this name."""
        return bool(self._do(self._client.has_collection, name, timeout=_ANSWER_SECONDS))

    def create(self, name: str, dim: int, *, plain: bool, parts: bool) -> None:
        """Make an empty collection, and one for parts if there will be any.

        Args:
            dim: length of the vectors.
            plain: pictures have the vector that does not read.
        """
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("number", DataType.INT64, is_primary=True)
        fields = (WHOLE, PLAIN) if plain else (WHOLE,)
        for kind in fields:
            schema.add_field(kind, DataType.FLOAT_VECTOR, dim=dim)
        for field in _NUMBERS:
            schema.add_field(field, DataType.INT64)
        for field, length in _TEXT.items():
            schema.add_field(field, DataType.VARCHAR, max_length=length)
        schema.add_field("min_score", DataType.FLOAT)
        self._make(name, schema, fields)
        if parts:
            schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("id", DataType.INT64, is_primary=True)
            for field in ("number", *_CORNERS):
                schema.add_field(field, DataType.INT64)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dim)
            self._make(parts_of(name), schema, ("vector",))

    def drop(self, name: str) -> None:
        """Remove a collection and its parts, if they are there."""
        for one in (name, parts_of(name)):
            if self.has(one):
                self._do(self._client.drop_collection, one)
            self._loaded.discard(one)
        self._dims.clear()

    def dim(self, name: str) -> int:
        """Return the length of a collection's vectors."""
        return self._dim(name, WHOLE)

    def has_parts(self, name: str) -> bool:
        """Whether a collection keeps parts."""
        return self.has(parts_of(name))

    def put(self, name: str, rows: Sequence[Row], parts: Sequence[Part] = ()) -> None:
        """Write pictures; those that are there already are replaced, with all their parts."""
        numbers = [row.number for row in rows]
        if numbers and self.has_parts(name):
            self._do(self._client.delete, parts_of(name), filter=f"number in {numbers}")
        data = [{"number": row.number, **row.vectors, **row.scalars} for row in rows]
        self._upsert(name, data)
        self._upsert(parts_of(name), [_part(part) for part in parts])

    def set_scalars(self, name: str, scalars: dict[int, dict[str, Any]]) -> None:
        """Write scalar fields anew; vectors stay. Pictures that are not there are left out."""
        kinds = self._kinds(name)
        numbers = sorted(scalars)
        for at in range(0, len(numbers), 1000):
            rows = self._query(name, f"number in {numbers[at : at + 1000]}", ["number", *kinds])
            self._upsert(name, [{**row, **scalars[int(row["number"])]} for row in rows])

    def delete(self, name: str, numbers: Sequence[int]) -> None:
        """Take pictures out, with their parts."""
        for at in range(0, len(numbers), 1000):
            some = [int(number) for number in numbers[at : at + 1000]]
            self._do(self._client.delete, name, filter=f"number in {some}")
            if self.has_parts(name):
                self._do(self._client.delete, parts_of(name), filter=f"number in {some}")

    def flush(self, name: str) -> None:
        """Write what is in memory to disk and index it: before every search that follows a change."""
        for one in (name, parts_of(name)):
            if one == name or self.has(one):
                self._do(self._client.flush, one)
                self._load(one)

    def count(self, name: str) -> int:
        """Return how many pictures a collection has."""
        rows = self._ask(name, self._client.query, filter="", output_fields=["count(*)"])
        return int(rows[0]["count(*)"])

    def held(self, name: str, first: int, end: int) -> list[dict[str, Any]]:
        """Return number and scalar fields of all pictures from a number to before another (10,000 of them at most)."""
        return self._query(name, f"number >= {first} and number < {end}", ["number", *_SCALARS])

    def beyond(self, name: str, last: int) -> list[int]:
        """Return pictures with a number above this one (at most as many as one query gives)."""
        rows = self._query(name, f"number > {last}", ["number"], limit=TOP_K)
        return [int(row["number"]) for row in rows]

    def vectors(self, name: str, numbers: Sequence[int], kind: str = WHOLE) -> dict[int, Vectors]:
        """Return the vectors of pictures by their numbers; those that are not there are left out."""
        found: dict[int, Vectors] = {}
        for at in range(0, len(numbers), 1000):
            some = [int(number) for number in numbers[at : at + 1000]]
            rows = self._query(name, f"number in {some}", ["number", kind])
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
        wanted = [kind] if with_vectors else []
        hits = self._search(name, queries, min(k, TOP_K), kind, where, exact or bool(where), wanted)
        return [
            [
                Found(int(hit["number"]), float(hit["distance"]), _vector(hit, kind) if with_vectors else None)
                for hit in some
            ]
            for some in hits
        ]

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
        self._check_size(name, field, queries.shape[1])
        probes = _LISTS if exact or k > 200 else _PROBES
        found = self._ask(
            name,
            self._client.search,
            data=[query.tolist() for query in queries],
            anns_field=field,
            limit=k,
            filter=where,
            output_fields=wanted,
            search_params={"metric_type": "COSINE", "params": {"nprobe": probes}},
        )
        return list(found)

    def _check_size(self, name: str, field: str, dim: int) -> None:
        """Raise when a collection has vectors of another length: what Milvus says to that is not always a sentence."""
        found = self._dims.get((name, field))
        if found is None:
            found = self._dims[name, field] = self._dim(name, field)
        if found != dim:
            raise ServiceError(Reason("milvus.size", uri=self.uri, name=name, found=found, dim=dim))

    def _dim(self, name: str, field: str) -> int:
        described = self._do(self._client.describe_collection, name, timeout=_ANSWER_SECONDS)
        return next(int(one["params"]["dim"]) for one in described["fields"] if one["name"] == field)

    def _make(self, name: str, schema: Any, fields: Sequence[str]) -> None:
        params = MilvusClient.prepare_index_params()
        for field in fields:
            params.add_index(field, index_type="IVF_FLAT", metric_type="COSINE", params={"nlist": _LISTS})
        self._do(self._client.create_collection, name, schema=schema, index_params=params)

    def _kinds(self, name: str) -> list[str]:
        fields = self._do(self._client.describe_collection, name)["fields"]
        return [kind for kind in (WHOLE, PLAIN) if any(field["name"] == kind for field in fields)]

    def _upsert(self, name: str, data: list[dict[str, Any]]) -> None:
        if not data:
            return
        row_bytes = sum(4 * len(value) if isinstance(value, np.ndarray | list) else 32 for value in data[0].values())
        step = max(1, _INSERT_BYTES // row_bytes)
        for at in range(0, len(data), step):
            self._do(self._client.upsert, name, data[at : at + step])

    def _query(self, name: str, where: str, fields: list[str], limit: int | None = None) -> list[dict[str, Any]]:
        extra = {} if limit is None else {"limit": limit}
        return list(self._ask(name, self._client.query, filter=where, output_fields=fields, **extra))

    def _ask(self, name: str, verb: Callable[..., _T], **kwargs: Any) -> _T:
        """Ask a collection, which is loaded; again where a server that was started anew has let go of it."""
        known = name in self._loaded
        self._load(name)
        try:
            return self._do(verb, name, **kwargs, timeout=_ANSWER_SECONDS)
        except ServiceError as error:
            if not known or "load" not in str(error):
                raise
            self._load(name)
            return self._do(verb, name, **kwargs, timeout=_ANSWER_SECONDS)

    def _load(self, name: str) -> None:
        if name not in self._loaded:
            self._do(self._client.load_collection, name)
            self._loaded.add(name)

    def _do(self, verb: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        self._used()
        try:
            return verb(*args, **kwargs)
        except _FAILURES as error:
            self._loaded.clear()
            raise ServiceError(Reason("milvus.failed", uri=self.uri, why=_why(error))) from error


def parts_of(name: str) -> str:
    """Return the name of the collection that has the parts of a collection's pictures."""
    return f"{name}_parts"


def _part(part: Part) -> dict[str, Any]:
    if not 0 <= part.position < PARTS_A_PICTURE:
        raise ValueError(f"a picture has at most {PARTS_A_PICTURE} parts")
    corners = dict(zip(_CORNERS, part.box_xyxy, strict=True))
    return {"id": part.id, "number": part.number, "vector": part.vector, **corners}


def _vector(hit: Any, kind: str) -> Vectors:
    return np.asarray(hit["entity"][kind], np.float32)


def _why(error: BaseException) -> str:
    text = error.details() if isinstance(error, grpc.Call) else getattr(error, "message", None) or str(error)
    line = str(text).strip().splitlines()[0] if str(text).strip() else type(error).__name__
    if "Deadline Exceeded" in line:
        return Reason("milvus.slow", seconds=_ANSWER_SECONDS)
    return line[:300]
