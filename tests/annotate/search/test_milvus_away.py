"""A Milvus that stops answering, dies, and comes back: told in a line, and asked again afterwards."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from milvus_process import milvus_server

from annotate.errors import ServiceError
from annotate.index import milvus
from annotate.index.milvus import MilvusIndex
from annotate.index.rows import WHOLE, Row

_SCALARS = {"clip": "", "status": "todo", "tags": "", "source": 1, "time_ms": 0, "width": 1, "height": 1, "boxes": 0}


def test_search__ends_while_the_server_hangs_and_finds_again_when_it_was_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = np.ones((1, 8), np.float32)
    with milvus_server(tmp_path) as (uri, process):
        index = MilvusIndex(uri)
        index.create("a", 8, plain=False, parts=False)
        index.put("a", [Row(7, {WHOLE: query[0]}, {**_SCALARS, "min_score": 0.0})])
        index.flush("a")
        assert [hit.number for hit in index.search("a", query, 5)[0]] == [7]
        monkeypatch.setattr(milvus, "_ANSWER_SECONDS", 1.0)
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(ServiceError, match=rf"^Milvus at {uri}: no answer in 1 s$"):
            index.search("a", query, 5)
        process.kill()
        process.wait()
        again = subprocess.Popen(process.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            # A collection that nobody has asked for in between: only this connection still thinks that it is loaded.
            index._loaded.add("a")
            end = time.monotonic() + 60
            while time.monotonic() < end:
                try:
                    MilvusIndex(uri).close()
                    break
                except ServiceError:
                    time.sleep(0.1)
            monkeypatch.setattr(milvus, "_ANSWER_SECONDS", 60.0)
            assert [hit.number for hit in index.search("a", query, 5)[0]] == [7]
        finally:
            again.kill()
            again.wait()
