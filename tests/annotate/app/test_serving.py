"""`annotate serve` as a process that people wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SERVE = """
import gc, sys
from pathlib import Path
import uvicorn
from annotate.app.server import serve
from annotate.workflow.context import open_context
uvicorn.Server.run = lambda server: print(gc.get_freeze_count())
with open_context(Path(sys.argv[1]), create=True) as context:
    serve(context, "127.0.0.1", 7860)
"""


def test_serve__does_not_stop_saves_to_look_through_what_it_began_with(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _SERVE, str(tmp_path / "w")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Objects of the pages: the collector of garbage takes a fifth of a second to go through them all.
    assert int(done.stdout.split()[-1]) > 100_000
