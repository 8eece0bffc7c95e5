"""The guide's table says what the codecs declare, which the round trips prove."""

from __future__ import annotations

import sys
from pathlib import Path

from synthtext.labels.codec.table import CODECS

sys.path.insert(0, str(Path(__file__).parents[3] / "docs"))

from format_table import GUIDE, table, written


def test_guide__has_the_table_of_today() -> None:
    text = GUIDE.read_text("utf-8")

    assert written(text) == text, "python docs/format_table.py writes it anew"
    assert all(f"| `{name}` |" in table() for name in CODECS)
