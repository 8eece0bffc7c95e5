"""Makes the invented pictures of the codecs' tests importable."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "labels" / "codec"))
pytest.register_assert_rewrite("drawn_records")
