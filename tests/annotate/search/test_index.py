"""The index of vectors: the same answers embedded in this process and from a server."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from annotate.embed.towers import unit
from annotate.errors import ServiceError, WorkspaceError
from annotate.index import lite
from annotate.index.connect import Connection, connect
from annotate.index.filters import among, expression
from annotate.index.milvus import MilvusIndex
from annotate.index.rows import PLAIN, WHOLE, Part, Row, digest_of
from annotate.records import Filter
from annotate.workspace import Workspace, open_workspace
from synthtext.errors import UserError

DIM = 16


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = open_workspace(tmp_path / "workspace", create=True)
    yield made
    lite.stop_server(made)


@pytest.fixture(params=["embedded", "shared", "milvus", pytest.param("real_milvus", marks=pytest.mark.slow)])
def index(request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path) -> Iterator[MilvusIndex]:
    """In this process; in the server that the commands of a workspace share; at the address of somebody's server."""
    if "milvus" in request.param:
        away: str = request.getfixturevalue(request.param)
        opened = connect(Workspace(workspace.root, workspace.settings.model_copy(update={"milvus": away})))
    else:
        opened = MilvusIndex(str(tmp_path / "own.db")) if request.param == "embedded" else connect(workspace)
    for name in opened.names():
        opened.drop(name)
    yield opened
    opened.close()
    if request.param == "embedded":
        from milvus_lite import server_manager_instance

        server_manager_instance.release_server(str(tmp_path / "own.db"))


def _wait_until_gone(workspace: Workspace) -> None:
    end = time.monotonic() + 60
    while lite.is_open(workspace.vectors):
        assert time.monotonic() < end
        time.sleep(0.02)


def _vectors(count: int, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).standard_normal((count, DIM)))


def _scalars(number: int) -> dict[str, object]:
    return {
        "source": number % 3, "clip": "ab" if number % 2 else "", "time_ms": number * 100 if number % 2 else -1,
        "width": 100 + number, "height": 80, "status": "todo" if number % 5 else "confirmed", "boxes": number % 4,
        "min_score": 2.0 if number % 4 == 0 else 0.5, "tags": "|hard|夜|" if number % 10 == 0 else "|",
    }  # fmt: skip


def _rows(count: int, vectors: np.ndarray) -> list[Row]:
    return [Row(n, {WHOLE: vectors[n], PLAIN: vectors[-n - 1]}, _scalars(n)) for n in range(1, count + 1)]


def test_index__finds_what_numpy_finds_and_filters_like_python(index: MilvusIndex) -> None:
    vectors = _vectors(601)
    rows = _rows(300, vectors)
    index.create("a", DIM, plain=True, parts=False)
    index.put("a", rows)
    index.flush("a")
    query = _vectors(3, seed=9)

    for kind in (WHOLE, PLAIN):
        stacked = np.stack([row.vectors[kind] for row in rows])
        found = index.search("a", query, 10, kind=kind, exact=True, with_vectors=True)
        for one, hits in zip(query, found, strict=True):
            near = np.argsort(-(stacked @ one))[:10]
            assert [hit.number for hit in hits] == [int(place) + 1 for place in near]
            assert [hit.score for hit in hits] == pytest.approx((stacked @ one)[near], abs=1e-4)
            assert hits[0].vector == pytest.approx(stacked[near[0]], abs=1e-6)

    filters = {
        Filter(statuses=("confirmed",)): lambda s: s["status"] == "confirmed",
        Filter(tags=("夜",)): lambda s: "|夜|" in s["tags"],
        Filter(source_id=2, min_boxes=2): lambda s: s["source"] == 2 and s["boxes"] >= 2,
        Filter(clip_id="ab", from_ms=500, to_ms=9000): lambda s: s["clip"] == "ab" and 500 <= s["time_ms"] <= 9000,
        Filter(to_ms=400): lambda s: 0 <= s["time_ms"] <= 400,
        Filter(max_score=0.6): lambda s: s["min_score"] <= 0.6,
        Filter(min_score=0.1): lambda s: 0.1 <= s["min_score"] <= 1,
        Filter(min_side=80, max_boxes=0): lambda s: s["width"] >= 80 and s["height"] >= 80 and s["boxes"] == 0,
    }
    for which, passes in filters.items():
        hits = index.search("a", query[:1], 300, where=expression(which, tags=index.finds_tags))[0]
        through = which.tags and not index.finds_tags  # an old Milvus leaves them to the store
        assert {hit.number for hit in hits} == {row.number for row in rows if through or passes(row.scalars)}, which
    assert {h.number for h in index.search("a", query[:1], 9, where=among([5, 7]))[0]} == {5, 7}


def test_index__replaces_deletes_and_rewrites(index: MilvusIndex) -> None:
    vectors = _vectors(60)
    rows = _rows(20, vectors)
    index.create("a", DIM, plain=True, parts=True)
    parts = [Part(n, place, (place, 0, place + 9, 9), vectors[n + place]) for n in (3, 4) for place in (0, 1)]
    index.put("a", rows, parts)
    index.put("a", rows[2:4], parts[:1])  # again, and picture 3 and 4 have one part between them now
    index.set_scalars("a", {5: {**_scalars(5), "status": "rejected"}, 99: _scalars(99)})
    index.delete("a", [7, 4])
    index.flush("a")

    assert index.count("a") == 18
    held = {row["number"]: {k: v for k, v in row.items() if k != "number"} for row in index.held("a", 0, 100)}
    assert set(held) == set(range(1, 21)) - {4, 7}
    assert digest_of(held[6]) == digest_of(_scalars(6))
    assert held[5]["status"] == "rejected"
    assert index.vectors("a", [5, 7])[5] == pytest.approx(vectors[5], abs=1e-6)
    found = index.search_parts("a", vectors[3], 9)
    assert [(hit.number, hit.box_xyxy) for hit in found] == [(3, (0, 0, 9, 9))]
    assert index.beyond("a", 18) in ([19, 20], [20, 19])
    assert index.dim("a") == DIM
    index.drop("a")
    assert index.names() == []


def test_index__says_that_a_collection_has_gone(index: MilvusIndex) -> None:
    for search in (lambda: index.search("a", _vectors(1), 5), lambda: index.vectors("a", [1])):
        with pytest.raises(ServiceError, match="collection 'a' has gone; run: annotate embed"):
            search()


def test_index__says_that_vectors_have_another_size(index: MilvusIndex) -> None:
    index.create("a", DIM, plain=False, parts=True)
    index.put("a", [Row(1, {WHOLE: _vectors(1)[0]}, _scalars(1))], [Part(1, 0, (0, 0, 9, 9), _vectors(1)[0])])
    index.flush("a")
    short = np.ones((1, DIM // 2), np.float32)
    for search in (lambda: index.search("a", short, 5), lambda: index.search_parts("a", short[0], 5)):
        with pytest.raises(ServiceError, match="vectors of 16 numbers, the model gives 8; run: annotate embed"):
            search()
    index.drop("a")
    index.create("a", DIM // 2, plain=False, parts=False)  # of that size now, and this is not remembered wrongly
    assert index.search("a", short, 5) == [[]]


def test_shared_server__is_one_for_all_and_mended_when_killed(workspace: Workspace) -> None:
    first = lite.shared_server(workspace)
    assert lite.shared_server(workspace) == first

    connection = Connection(workspace)
    index = connection.index()
    index.create("a", DIM, plain=False, parts=False)
    index.put("a", [Row(1, {WHOLE: _vectors(1)[0]}, _scalars(1))])
    os.kill(first.pid, signal.SIGKILL)
    _wait_until_gone(workspace)

    again = connection.index()
    assert again.uri != index.uri
    assert again.count("a") == 1  # what was not flushed is in the log
    connection.close()


def test_shared_server__says_when_another_program_has_the_vectors(workspace: Workspace) -> None:
    other = MilvusIndex(str(workspace.vectors))
    with pytest.raises(ServiceError, match="another program has the vectors open"):
        lite.shared_server(workspace)
    other.close()
    from milvus_lite import server_manager_instance

    server_manager_instance.release_server(str(workspace.vectors))
    (workspace.root / "milvus.server").write_text('{"pid": 1, "port": 1}')  # as a killed one leaves it
    assert lite.shared_server(workspace).port != 1


def test_shared_server__goes_when_nobody_needs_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lite, "IDLE_SECONDS", 0.0)
    server = lite.shared_server(workspace)
    _wait_until_gone(workspace)
    assert not server.file.exists()
    assert not lite.is_open(workspace.vectors)


@pytest.mark.parametrize("written", ["2.5.1", "99.0.0"])
def test_check_version__names_both_versions(workspace: Workspace, written: str) -> None:
    if written.startswith("2"):
        workspace.vectors.write_bytes(b"SQLite format 3\0")
    else:
        lite.version_file(workspace.vectors).write_text(written)
    with pytest.raises(WorkspaceError, match=f"written by milvus-lite {written[0]}.* is installed.*annotate embed"):
        connect(workspace)


def test_connect__says_that_a_server_cannot_be_reached(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotate.index.milvus_client._CONNECT_SECONDS", 0.3)
    for uri, error in (("http://127.0.0.1:9", ServiceError), ("elsewhere", UserError)):
        away = Workspace(workspace.root, workspace.settings.model_copy(update={"milvus": uri}))
        with pytest.raises(error, match=r"elsewhere|127\.0\.0\.1:9 cannot be reached"):
            connect(away)


def test_expression__lets_nothing_through_that_is_not_meant() -> None:
    assert expression(Filter()) == ""
    assert expression(Filter(tags=('a"b', "50%"), clip_id='x" or 1 == 1')) == ""
    assert '"todo"' not in expression(Filter(statuses=('todo" or "', "todo ")))  # type: ignore[arg-type]
