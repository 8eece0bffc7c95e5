"""From files to a batch, on databases of either kind; and reading what is added meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_readers import marked
from running import ROOT, annotate_here, rows

from annotate.records import Filter
from annotate.store import batches, images, tallies
from annotate.workflow.add import AddOptions, add
from annotate.workflow.context import open_context
from annotate.workflow.mine import MineOptions, mine
from annotate.workflow.prelabel import PrelabelOptions, prelabel


def test_pool__goes_the_whole_way_on_either_database(tmp_path: Path, db_url: str) -> None:
    for number in range(6):
        folder = marked(tmp_path / "p" / f"横幅 {number}.png", [30 + 10 * number, 25]).parent
    with open_context(tmp_path / "w", create=True, db=db_url) as context:
        for added in (6, 0):
            assert add(context, [str(folder)], AddOptions(workers=1)).counts["added"] == added
        for reader in ("Marks", "OtherMarks"):
            summary = prelabel(context, PrelabelOptions(reader=f"python:fake_readers:{reader}", workers=1))
            assert summary.counts["read"] == 6
        mined = mine(context, MineOptions(count=4, batch="b", random_share=0.25))
    with open_context(tmp_path / "w") as context:  # the workspace remembers its database
        with context.db.reading() as session:
            assert tallies.by_status(session) == {"todo": 6}
            batch = batches.find(session, "b")
            assert batch is not None
            assert [item.image_id for item in batches.items(session, batch.id)] == [p.id for p, _ in mined.picked]
            found = images.page(session, Filter(min_boxes=2, max_score=0.7)).pictures
        assert found == ()  # the best reader's score counts
        assert all({"readers_differ", "one_detector"} <= set(one.why) for _, one in mined.picked)
        with pytest.raises(Exception, match="choose another"):
            mine(context, MineOptions(batch="b"))


def test_prelabel__follows_what_is_added(tmp_path: Path) -> None:
    first = marked(tmp_path / "p" / "a.png", [30]).parent
    workspace = tmp_path / "w"
    annotate_here("add", first, "-w", workspace, "--workers", "1")
    reader = ["--reader", "python:fake_readers:Marks", "--workers", "1", "--follow", "--quiet"]
    running = subprocess.Popen(
        [sys.executable, "-m", "annotate", "prelabel", "-w", str(workspace), *reader],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _until(lambda: len(rows(workspace, "select 1 from reads")) == 1)
        marked(tmp_path / "q" / "b.png", [40])
        annotate_here("add", tmp_path / "q", "-w", workspace, "--workers", "1")
        _until(lambda: len(rows(workspace, "select 1 from reads")) == 2)
        os.killpg(running.pid, signal.SIGINT)  # as Ctrl-C does: to the workers too
        said = running.communicate(timeout=60)[1]
    finally:
        running.kill()
        running.wait()
    assert running.returncode in (1, 130)
    assert "Traceback" not in said


def _until(reached: object, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
