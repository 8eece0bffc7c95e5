"""Mining is tested on a store of either kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.workflow.context import Context, open_context


@pytest.fixture
def context(tmp_path: Path, db_url: str) -> Iterator[Context]:
    """An empty workspace on a store of either kind."""
    with open_context(tmp_path / "workspace", create=True, db=db_url) as opened:
        yield opened
