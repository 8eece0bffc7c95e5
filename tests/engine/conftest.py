"""What uninterrupted runs of the fake sampler look like to a reader, in both formats, made in one process."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import pytest
from fake_sampler import job, tree

from synthtext.engine.run import run

sys.path.insert(0, str(Path(__file__).parents[1] / "writers"))  # hand-made pages
cv2.setNumThreads(1)  # threads do not survive a fork


def _made(factory: pytest.TempPathFactory, count: int) -> dict[str, bytes]:
    out = factory.mktemp("reference")
    run(job(formats=("paddleocr", "lmdb")), out, count, method="inline")
    return tree(out)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """350 samples."""
    return _made(tmp_path_factory, 350)


@pytest.fixture(scope="session")
def long_reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """600 samples."""
    return _made(tmp_path_factory, 600)
