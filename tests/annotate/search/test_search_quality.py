"""With a model that has learnt something, searches find what was asked for: on scenes that it never saw."""

from __future__ import annotations

import json
from pathlib import Path

import clip_scenes
import numpy as np
import pytest
import tiny_clip
from PIL import Image
from running import annotate_here

from annotate.index.lite import stop_server
from annotate.workspace import open_workspace

COUNT = 1080
# Words, and what is true of a scene that they mean: two or three of carrier, colour, direction.
QUERIES = {
    "a pennant with red text": {"carrier": "pennant", "colour": "red"},
    "a banner with white text": {"carrier": "banner", "colour": "white"},
    "yellow text on a LED ticker": {"carrier": "LED ticker", "colour": "yellow"},
    "a neon sign with blue text": {"carrier": "neon sign", "colour": "blue"},
    "green text on a sticker": {"carrier": "sticker", "colour": "green"},
    "a receipt with black text": {"carrier": "receipt", "colour": "black"},
    "a receipt with vertical text": {"carrier": "receipt", "direction": "vertical"},
    "a pennant with horizontal yellow text": {"carrier": "pennant", "colour": "yellow", "direction": "horizontal"},
    "霓虹灯上有绿字": {"carrier": "neon sign", "colour": "green"},
    "横幅上有竖排的蓝字": {"carrier": "banner", "colour": "blue", "direction": "vertical"},
}


@pytest.mark.slow
def test_search__finds_what_was_asked_for(tmp_path: Path) -> None:
    description, checkpoint = tiny_clip.trained()
    workspace, photos = tmp_path / "workspace", tmp_path / "photos"
    photos.mkdir()
    scenes = [clip_scenes.ALL[place % len(clip_scenes.ALL)] for place in range(COUNT)]
    for place, scene in enumerate(scenes):
        image = clip_scenes.draw(scene, tiny_clip.HELD_OUT + place)
        Image.fromarray(image).save(photos / f"{place:04d}.png", compress_level=1)
    annotate_here("add", photos, "-w", workspace, "-q")
    model = ["--clip-model", description, "--clip-pretrained", checkpoint]
    annotate_here("embed", "-w", workspace, "-q", *model)

    found, shares = [], []
    for words, meant in QUERIES.items():
        true = [all(getattr(scene, key) == value for key, value in meant.items()) for scene in scenes]
        shares.append(np.mean(true))
        assert shares[-1] <= 0.1
        asked = ["search", words, "-w", workspace, "-n", 10, "--json"]
        asked += ["--out", tmp_path / f"{len(found)}.png"]
        hits = [json.loads(line) for line in annotate_here(*asked).stdout.splitlines()]
        assert len(hits) == 10
        found.append(np.mean([true[int(hit["name"][:4])] for hit in hits]))
    print(f"precision@10 {np.mean(found):.2f} {[round(float(one), 1) for one in found]}, random {np.mean(shares):.3f}")
    assert np.mean(found) >= 0.8

    alike = []
    for place in range(0, 72, 6):
        asked = ["search", "--image", photos / f"{place:04d}.png", "-w", workspace, "-n", 11, "--json"]
        names = [json.loads(line)["name"] for line in annotate_here(*asked).stdout.splitlines()]
        others = [scenes[int(name[:4])] for name in names if name != f"{place:04d}.png"][:10]
        same = [(one.carrier, one.colour) == (scenes[place].carrier, scenes[place].colour) for one in others]
        alike.append(np.mean(same))
    links = len(annotate_here("twins", "-w", workspace, "--limit", 0).stdout.splitlines()[1:])
    assert links < COUNT / 10  # no two are the same, though to so small a model all scenes of a kind nearly are
    print(f"{links} links; image search: precision@10 {np.mean(alike):.2f}, random {1 / 36:.3f}")
    assert np.mean(alike) >= 0.8
    stop_server(open_workspace(workspace))
