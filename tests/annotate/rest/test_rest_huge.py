"""Pictures that are too large, and the largest that are taken: told or shown, within a gigabyte."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from small_pool import put_row

from annotate.workflow.context import Context

SIDE = 13_300  # nearly as many pixels as are taken, and too many for a browser
_ASK = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from annotate.rest.api import create_api
from annotate.workflow.context import open_context
with open_context(Path(sys.argv[1])) as context:
    with TestClient(create_api(context), base_url="http://127.0.0.1:1", client=("127.0.0.1", 1)) as client:
        for path in sys.argv[2:]:
            answer = client.get(path)
            print(answer.status_code, len(answer.content), answer.text[:200] if answer.status_code != 200 else "")
"""


def _asked(context: Context, *paths: str) -> list[list[str]]:
    """Status and length of answers of a server that may take a gigabyte and no more of memory of its own."""
    limit = 2**30

    def bounded() -> None:
        # Of data, which the code and its libraries are not; threads' stacks and pools of numpy take the rest.
        resource.setrlimit(resource.RLIMIT_DATA, (limit + 2**28, limit + 2**28))

    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(context.workspace.root), *paths],
        capture_output=True,
        text=True,
        preexec_fn=bounded,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [line.split(maxsplit=2) for line in done.stdout.splitlines()]


def test_picture_of_20_000_by_20_000__is_refused_before_it_is_decoded(client: TestClient, context: Context) -> None:
    image_id = "e" * 64
    file = context.workspace.media / "ee" / f"{image_id}.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x89PNG")
    put_row(context, image_id, "huge.png", f"media/ee/{image_id}.png", (20_000, 20_000), copied=True)
    for path in ("media", "thumb", "crop?points=0,0,99,0,99,99,0,99"):
        answer = client.get(f"/api/images/{image_id}/{path}")
        assert answer.status_code == 422, path
        assert "20,000 x 20,000" in answer.json()["detail"], path
    assert client.put(f"/api/images/{image_id}/doc", json={"base_rev": 0, "regions": []}).status_code == 200


@pytest.mark.slow
def test_largest_picture__is_shown_small_and_cut_within_a_gigabyte(context: Context) -> None:
    image_id = "d" * 64
    file = Path(context.workspace.media / "dd" / f"{image_id}.png")
    file.parent.mkdir(parents=True)
    image = np.full((SIDE, SIDE, 3), 90, np.uint8)
    cv2.imwrite(str(file), image, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    del image
    put_row(context, image_id, "large.png", f"media/dd/{image_id}.png", (SIDE, SIDE), copied=True)
    crop = f"/api/images/{image_id}/crop?points=9000,9000,9900,9000,9900,9100,9000,9100"
    base = f"/api/images/{image_id}"
    answers = _asked(context, crop, f"{base}/media", f"{base}/thumb", crop)
    assert [answer[0] for answer in answers] == ["200"] * 4, answers
