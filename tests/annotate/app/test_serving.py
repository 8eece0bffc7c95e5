"""`annotate serve` as a process that people wait for."""

from __future__ import annotations

import gc

import pytest
import uvicorn

from annotate.app.server import serve
from annotate.workflow.context import Context


def test_serve__does_not_stop_saves_to_look_through_what_it_began_with(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[int] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda _: frozen.append(gc.get_freeze_count()))
    try:
        serve(context, "127.0.0.1", 7860)
    finally:
        gc.unfreeze()
    assert frozen[0] > 100_000  # objects of the pages: a collection of them all takes a fifth of a second
