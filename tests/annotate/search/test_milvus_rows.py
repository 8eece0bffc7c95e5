"""Remembering which rows are live finds exactly what milvus-lite finds without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from milvus_lite import CollectionSchema, DataType, FieldSchema, MilvusLite
from milvus_lite.engine import collection as engine

from annotate.index import milvus_rows

DIM = 8


def test_keep_live_rows__finds_what_milvus_lite_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = engine.execute_search_with_index
    monkeypatch.setattr(engine, "execute_search_with_index", original)
    assert milvus_rows.keep_live_rows()
    remembering = engine.execute_search_with_index
    assert not milvus_rows.keep_live_rows()  # once is enough
    calls = []
    lived = milvus_rows._live_rows
    monkeypatch.setattr(milvus_rows, "_live_rows", lambda *args: calls.append(1) or lived(*args))

    fields = [
        FieldSchema(name="number", dtype=DataType.INT64, is_primary=True),
        FieldSchema(name="vector", dtype=DataType.FLOAT_VECTOR, dim=DIM),
        FieldSchema(name="boxes", dtype=DataType.INT64),
    ]
    rng = np.random.default_rng(0)

    def rows(numbers: range) -> list[dict[str, Any]]:
        return [{"number": n, "vector": rng.standard_normal(DIM).tolist(), "boxes": n % 3} for n in numbers]

    def searched(by: Any, **asked: Any) -> Any:
        monkeypatch.setattr(engine, "execute_search_with_index", by)
        return made.search([[0.1] * DIM, rng2.tolist()], output_fields=["boxes"], metric_type="COSINE", **asked)

    rng2 = np.random.default_rng(1).standard_normal(DIM)
    changes = [
        lambda: made.insert(rows(range(200))),
        lambda: made.insert(rows(range(150, 260))),  # some again: the new ones count
        lambda: made.delete(list(range(10, 40))),
        lambda: made.insert(rows(range(20, 25))),  # deleted and back
        lambda: made.delete([255, 999]),
    ]
    with MilvusLite(str(tmp_path / "rows.db")) as database:
        made = database.create_collection("a", CollectionSchema(fields=fields))
        index = {"index_type": "IVF_FLAT", "metric_type": "COSINE", "params": {"nlist": 4}}
        made.create_index("vector", index)
        made.load()
        for change in changes:
            change()
            for flushed in (False, True):  # rows in memory go milvus-lite's own way
                if flushed:
                    made.flush()
                    made._wait_for_bg()
                for asked in (
                    {"top_k": 7},
                    {"top_k": 400},
                    {"top_k": 9, "expr": "boxes == 1"},
                    {"top_k": 3, "offset": 4},
                ):
                    options = {**asked, "search_params": {"nprobe": 4}}
                    assert searched(remembering, **options) == searched(original, **options)
                    assert searched(remembering, **options) == searched(original, **options)
    assert len(calls) == len(changes)  # once after each change, not once a search
