"""`annotate search`, `embed` and `doctor` at the shell: what is printed, and how mistakes end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from running import annotate_here

from annotate.workflow.context import Context


def test_search_command__prints_lines_json_sheets_and_batches(embedded: Context, tmp_path: Path, photos: Path) -> None:
    here = ["-w", embedded.workspace.root, "--twins", "0"]
    lines = annotate_here("search", "red text", "a wall^0.5", "--not", "a cat", *here, "-n", 5).stdout.splitlines()
    assert len(lines) == 6
    assert lines[-1] == "there is more: --page 2"
    score, image_id, name = lines[0].split("  ")[:3]
    assert len(image_id) == 12
    assert (photos / name).is_file()
    assert float(score) >= float(lines[4].split("  ")[0])
    assert "red text" in lines[0]
    assert "a wall" in lines[0]

    sheet = tmp_path / "sheet.png"
    command = ["search", "--like", image_id, *here, "-n", 4, "--json", "--out", sheet, "--batch", "hard"]
    done = annotate_here(*command)
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert [hits[0]["id"][:12], len(hits)] == [image_id, 4]
    assert hits[0]["score"] == pytest.approx(1, abs=1e-3)
    assert "batch 'hard': 4 new pictures" in done.stderr
    assert "0 new" in annotate_here(*command).stderr
    with Image.open(sheet) as opened:
        assert opened.size == (5 * 228 + 8, 248 + 8)
        assert len(opened.convert("RGB").getcolors(1 << 20) or []) > 100

    cropped = annotate_here("search", "--image", photos / name, "--crop", "0,0,96,96", *here, "-n", 1).stdout
    assert image_id in cropped
    assert "pennant" in annotate_here("search", "--packs").stdout
    assert annotate_here("search", "--pack", "neon", *here, "--status", "confirmed").stdout == "nothing was found\n"
    assert "is what the store says" in annotate_here("doctor", "-w", embedded.workspace.root).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to search for"),
        (["a", "--pack", "penant"], "did you mean 'pennant'?"),
        (["--image", "gone.png"], "gone.png: cannot be read"),
        (["--like", "zz"], "image 'zz': not in this workspace"),
        (["--image", "a.png", "--crop", "1,2,3"], "--crop: '1,2,3': give four numbers"),
        (["a", "--crop", "1,2,3,4"], "--crop: a part of what?"),
        (["a", "--status", "done"], "--status: 'done': is one of todo"),
        (["a", "--out", "/nowhere/sheet.png"], "--out: /nowhere/sheet.png: cannot be written"),
        (["--ocr-file", "gone.txt"], "--ocr-file: gone.txt: cannot be read"),
    ],
)
def test_search_command__says_what_is_wrong(embedded: Context, arguments: list[str], said: str) -> None:
    done = annotate_here("search", *arguments, "-w", embedded.workspace.root, check=2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_embed_command__says_what_is_wrong_and_remembers_nothing_of_it(embedded: Context, tmp_path: Path) -> None:
    root = embedded.workspace.root
    before = (root / "workspace.yaml").read_text()
    cases = [
        (["--clip-model", "nope"], 2, "knows no model 'nope'"),
        (["--clip-pretrained", tmp_path / "gone.pt"], 2, "gone.pt: no such file"),
        (["--milvus", "elsewhere", "--clip-pretrained", "openai"], 2, "give http://host:port"),
    ]
    for arguments, code, said in cases:
        done = annotate_here("embed", "-w", root, *arguments, check=code)
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert (root / "workspace.yaml").read_text() == before
    assert "no workspace is there" in annotate_here("embed", "-w", tmp_path / "none", check=2).stderr
