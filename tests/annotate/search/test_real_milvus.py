"""The whole way with a real Milvus, not the workspace's own: embedding, searching, drift, and when it has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from milvus_process import milvus_server
from PIL import Image

from annotate.errors import ServiceError
from annotate.index import milvus_client
from annotate.index.milvus import MilvusIndex
from annotate.index.milvus_client import Client
from annotate.index.rows import PLAIN, WHOLE, Row
from annotate.queries import By, Example, Query
from annotate.records import Filter, Picture
from annotate.store import images, vectors
from annotate.workflow import search
from annotate.workflow.add import add
from annotate.workflow.context import Context, open_context
from annotate.workflow.doctor import examine_index
from annotate.workflow.embedding import EmbedOptions, embed
from annotate.workspace import open_workspace


@pytest.mark.slow
def test_a_real_milvus__holds_a_pool(
    tmp_path: Path, photos: Path, tiny: tuple[str, str], write_picture: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "milvus").mkdir()
    settings = {"clip_model": tiny[0], "clip_pretrained": tiny[1]}
    with (
        open_context(tmp_path / "workspace", create=True, **settings) as context,
        milvus_server(tmp_path / "milvus", "real") as server,
    ):
        first = write_picture("a.png", seed=1, size_wh=(300, 300))
        with Image.open(first) as opened:
            opened.resize((280, 280)).save(first.with_name("b.jpg"), quality=80)
        add(context, [str(photos), str(first.parent)])
        pictures = _pictures(context)
        summary = embed(context, EmbedOptions(milvus=server.uri, twins=0.99))
        assert (summary.embedded, summary.searchable) == (len(pictures), len(pictures))
        assert summary.twins >= 1
        away = replace(context, workspace=open_workspace(context.workspace.root))
        assert examine_index(away) == []
        with context.db.reading() as session:
            name = vectors.collections(session)[0].name
        index = MilvusIndex(server.uri)

        # What is nearest, by the vectors that the index gives back itself.
        for by, kind in (("plain", PLAIN), ("whole", WHOLE)):
            held = index.vectors(name, [picture.number for picture in pictures], kind)
            asked = index.vectors(name, [pictures[5].number], kind if by == "plain" else WHOLE)[pictures[5].number]
            order = sorted(held, key=lambda number, held=held, asked=asked: -float(held[number] @ asked))
            found = index.search(name, asked[None], 9, kind=kind, exact=True)[0]
            assert [hit.number for hit in found] == order[:9]
        # A tag that too many have to be listed: the store alone knows who has it, to an old Milvus.
        monkeypatch.setattr(search, "_LISTED", 3)
        with context.db.writing() as session:
            images.tag_pictures(session, [picture.id for picture in pictures[:7]], add=("night",))
        assert examine_index(away)[0].count == 7
        which = Filter(tags=("night",))
        assert _found(away, "plain", which) == {picture.id for picture in pictures[:7]}

        index.delete(name, [pictures[0].number])
        client = Client(server.uri)
        if client.before_2_4:  # the second vector has a row of its own, which can be lost by itself
            client.do(client.verbs.delete, f"{name}_plain", filter=f"number in [{pictures[1].number}]")
        row = index.held(name, pictures[2].number, pictures[2].number + 1)[0]
        row.pop("number")
        vector = np.ones(64, np.float32)
        index.put(name, [Row(5_000, {WHOLE: vector, PLAIN: vector}, row)])
        index.set_scalars(name, {pictures[2].number: {**row, "status": "rejected"}})
        seen = {finding.what.split(";")[0]: finding.count for finding in examine_index(away)}
        lost = 2 if client.before_2_4 else 1
        assert seen == {
            "missing from the index": lost,
            "superfluous in the index": 1,
            "with outdated fields in the index": 1,
        }
        assert embed(away).embedded == lost
        assert examine_index(away) == []

        monkeypatch.setattr(milvus_client, "_ANSWER_SECONDS", 1.0)
        server.stop_for_now()
        with pytest.raises(ServiceError, match=rf"^Milvus at {server.uri}: no answer in 1 s$"):
            index.search(name, vector[None], 5)
        monkeypatch.setattr(milvus_client, "_ANSWER_SECONDS", 60.0)
        server.kill()
        with pytest.raises(ServiceError, match=rf"^Milvus at {server.uri} cannot be reached"):
            examine_index(away)


def _pictures(context: Context) -> list[Picture]:
    with context.db.reading() as session:
        return list(images.page(session, Filter(), limit=1000).pictures)


def _found(context: Context, by: By, which: Filter | None = None) -> set[str]:
    query = Query((Example("text", "red"),), by=by, which=which or Filter(), twins=None)
    with search.Searcher(context) as searcher:
        return {hit.picture.id for hit in searcher.search(query, size=100).hits}
