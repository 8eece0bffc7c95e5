"""An install without torch."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
sys.modules["torch"] = None
import synthtext.api
try:
    import synthtext.online
except ImportError as error:
    print(error)
"""


def test_import__names_what_to_install() -> None:
    result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    lines = result.stdout.splitlines()
    assert lines == [
        "synthtext.online needs torch, which is not installed here; pip install 'synthtext[online]'",
    ]
