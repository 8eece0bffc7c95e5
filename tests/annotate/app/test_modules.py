"""The canvas's modules by themselves, in Node's own test runner."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent / "js"


@pytest.mark.parametrize("file", sorted(_TESTS.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_modules__by_themselves(file: Path) -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node is missing; install Debian's nodejs")
        pytest.skip("node is missing")
    done = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
