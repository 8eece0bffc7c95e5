"""`annotate embed` as a process of its own, killed: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import clip_scenes
import numpy as np
import pytest
from PIL import Image
from running import annotate, kill_when, rows

from annotate.embed.towers import load_tower
from annotate.index.connect import connect
from annotate.index.lite import shared_server, stop_server
from annotate.index.rows import WHOLE
from annotate.workspace import open_workspace

COUNT = 400


@pytest.mark.slow
def test_embed__goes_on_after_each_of_three_kills(tmp_path: Path, tiny: tuple[str, str]) -> None:
    photos, workspace = tmp_path / "photos", tmp_path / "workspace"
    photos.mkdir()
    for place in range(COUNT):
        Image.fromarray(clip_scenes.draw(clip_scenes.ALL[place % 72], place)).save(photos / f"{place:03d}.png")
    annotate("add", photos, "-w", workspace, "-q")
    command = ["embed", "-w", workspace, "-q", "--twins", "0", "--clip-model", tiny[0], "--clip-pretrained", tiny[1]]
    opened = open_workspace(workspace)
    for reached in (1, 130, 260):
        killed = kill_when(command, lambda at=reached: len(rows(workspace, "select 1 from vectors")) >= at)
        assert killed
        if reached == 130:  # and the server with it
            os.kill(shared_server(opened).pid, signal.SIGKILL)

    assert f"{COUNT:,} of {COUNT:,} pictures can be searched" in annotate(*command).stdout
    assert rows(workspace, "select count(*), count(distinct number) from vectors where error is null") == [
        (COUNT, COUNT)
    ]
    (name,) = rows(workspace, "select name from collections where active")[0]
    numbers = {int(number): str(file) for number, file in rows(workspace, "select number, name from images")}  # type: ignore[call-overload]
    index = connect(opened)
    assert sorted(row["number"] for row in index.held(str(name), 0, 10_000)) == sorted(numbers)
    assert index.count(str(name)) == COUNT
    some = sorted(numbers)[::20]
    pixels = [np.asarray(Image.open(photos / numbers[number])) for number in some]
    expected = load_tower(*tiny).images(pixels)
    found = index.vectors(str(name), some, WHOLE)
    assert np.stack([found[number] for number in some]) == pytest.approx(expected, abs=1e-4)
    index.close()
    assert "the index is what the store says" in annotate("doctor", "-w", workspace).stdout
    stop_server(opened)
