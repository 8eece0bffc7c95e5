"""What needs torch: skipped where it is not installed, but not in CI."""

from __future__ import annotations

import importlib.util
import os

import pytest

collect_ignore_glob: list[str] = []
if importlib.util.find_spec("torch") is None:
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("tests/online: torch is not installed; pip install -e '.[test]'")
    collect_ignore_glob = ["test_*.py"]
