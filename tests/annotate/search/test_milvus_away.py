"""A Milvus that stops answering, dies, and comes back: told in a line, and asked again afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from milvus_process import milvus_server

from annotate.errors import ServiceError
from annotate.index import milvus_client
from annotate.index.milvus import MilvusIndex
from annotate.index.rows import WHOLE, Row

_SCALARS = {"clip": "", "status": "todo", "tags": "", "source": 1, "time_ms": 0, "width": 1, "height": 1, "boxes": 0}


def test_search__ends_while_the_server_hangs_and_finds_again_when_it_was_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = np.ones((1, 8), np.float32)
    with milvus_server(tmp_path) as server:
        index = MilvusIndex(server.uri)
        index.create("a", 8, plain=False, parts=False)
        index.put("a", [Row(7, {WHOLE: query[0]}, {**_SCALARS, "min_score": 0.0})])
        index.flush("a")
        assert [hit.number for hit in index.search("a", query, 5)[0]] == [7]
        monkeypatch.setattr(milvus_client, "_ANSWER_SECONDS", 1.0)
        server.stop_for_now()
        with pytest.raises(ServiceError, match=rf"^Milvus at {server.uri}: no answer in 1 s$"):
            index.search("a", query, 5)
        server.start_again()
        # A collection that nobody has asked for in between: only this connection still thinks that it is loaded.
        index._client._loaded.add("a")
        monkeypatch.setattr(milvus_client, "_ANSWER_SECONDS", 60.0)
        assert [hit.number for hit in index.search("a", query, 5)[0]] == [7]
