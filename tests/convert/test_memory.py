from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import resource
import sys

import numpy as np

from synthtext.convert.memory import keep_freed

asked = sys.argv[1] == "keep"
assert not asked or keep_freed()
before = 0
for turn in range(12):
    if turn == 2:  # by now the memory is there
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    pages = [np.ones((720, 1280, 3), np.uint8) for _ in range(2)]
    del pages
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks glibc")
def test_keep_freed__pictures_take_the_memory_of_those_before_them() -> None:
    faults = {
        choice: int(
            subprocess.run([sys.executable, "-c", _CODE, choice], capture_output=True, text=True, check=True).stdout
        )
        for choice in ("keep", "give back")
    }

    assert faults["keep"] < 1_000
    assert faults["give back"] > 2 * faults["keep"]
