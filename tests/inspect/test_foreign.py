"""Datasets of all formats under `verify` and `inspect`: clean ones have no fault."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from pitfall_sets import ITEM, LEFT, QUAD, RIGHT, WH, jpeg

from synthtext.convert.choices import Choices
from synthtext.convert.run import convert
from synthtext.inspect.report import inspect_dataset
from synthtext.inspect.verify import verify
from synthtext.labels.codec.base import Target
from synthtext.labels.codec.images import Images
from synthtext.labels.codec.table import CODECS
from synthtext.labels.levels import TextBox
from synthtext.labels.picture import Picture
from synthtext.writers.disk import write_new


@pytest.mark.parametrize("codec", CODECS.values(), ids=lambda codec: codec.name)
def test_verify__nothing_is_wrong_with_what_is_written(codec, tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    quads = np.array([LEFT, RIGHT], np.float32)
    texts = ("ab", "中文", "true", "3;")
    boxes = [TextBox(np.array(QUAD, np.float32), text, char_quads=quads) for text in texts]
    anticlockwise = TextBox(np.array(QUAD[::-1], np.float32), "rl")
    outside = TextBox(np.array([[-30, 20], [60, 20], [60, 50], [-30, 50]], np.float32), "cut", ignore=True)
    pages = [Picture(f"{n}.jpg", "train", jpeg(), "", None, (box,), WH) for n, box in enumerate(boxes)]
    pages += [Picture("odd name, 5.jpg", "val", jpeg(), "", None, (anticlockwise, outside), WH)]
    sink = CODECS["imagefolder"].sink(Target(source, "source", Images()))
    for page in pages:
        sink.add(page)
    sink.close()
    report = convert(source, CODECS["imagefolder"], [codec], out, Choices())
    assert sum(report.written.values()) >= 4

    assert [str(fault) for fault in verify(out)] == []

    told = inspect_dataset(out)
    assert told.samples >= 3  # gt.mat names pages whose characters have boxes
    assert told.faults_total == 0


def test_inspect__other_kinds_of_images(tmp_path: Path) -> None:
    image = np.full((WH[1], WH[0], 3), 200, np.uint8)
    write_new(str(tmp_path / "a.bmp"), cv2.imencode(".bmp", image)[1].tobytes())
    (tmp_path / "train.txt").write_text(f"a.bmp\t{json.dumps([ITEM])}\n")

    told = inspect_dataset(tmp_path, name="paddleocr")

    assert (told.samples, told.undecoded, told.labels) == (1, 0, 1)
    assert verify(tmp_path, name="paddleocr") == []
