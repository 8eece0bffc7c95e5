"""Words of every script, shaped and drawn by HarfBuzz's own `hb-view`, and by us."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from script_lines import LARGE, LINES, MOST, drawn_layer, tight

from synthtext.bidi import bidi_class
from synthtext.geometry import Image
from synthtext.paths import data_dir

HB_VIEW = shutil.which("hb-view")
# hb-view sets one run in one direction; words that mix directions are left to the comparison with raqm.
_BACKWARDS = {"R", "AL", "NSM"}


def _in_one_direction(word: str, backwards: bool) -> bool:
    kinds = {bidi_class(char) for char in word}
    return kinds <= _BACKWARDS if backwards else not kinds & {"R", "AL", "AN"}


WORDS = [
    (name, face, word, backwards)
    for name, face, text, backwards in LINES
    for word in text.split()
    if _in_one_direction(word, backwards)
]


def _by_hb_view(face: str, word: str, backwards: bool, folder: Path) -> Image:
    assert HB_VIEW is not None
    file, direction = folder / "word.png", "rtl" if backwards else "ltr"
    command = [
        HB_VIEW,
        f"--font-size={LARGE}",
        f"--direction={direction}",
        "--margin=300",  # marks reach beyond the face's own ascent
        "--foreground=FFFFFF",
        "--background=000000",
    ]
    subprocess.run([*command, "-O", "png", "-o", str(file), str(data_dir("fonts") / face), word], check=True)
    picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return tight(np.asarray(picture, np.uint8))


def test_words__hold_every_script_and_hb_view_is_there_in_ci() -> None:
    assert {name for name, *_ in WORDS} == {name for name, *_ in LINES}
    if os.environ.get("CI") == "true":
        assert HB_VIEW is not None, "hb-view is missing; apt-get install libharfbuzz-bin"


@pytest.mark.skipif(HB_VIEW is None, reason="no hb-view here; apt-get install libharfbuzz-bin")
@pytest.mark.parametrize(
    ("name", "face", "word", "backwards"), WORDS, ids=[f"{name}-{word}" for name, _, word, _ in WORDS]
)
def test_shaping__is_that_of_hb_view(name: str, face: str, word: str, backwards: bool, tmp_path: Path) -> None:
    ours, theirs = tight(drawn_layer(face, word, backwards, LARGE).mask), _by_hb_view(face, word, backwards, tmp_path)
    # hb-view 6 cuts marks off at the ascent that the face claims; what is above it is seen in the comparison with raqm.
    assert -6 <= ours.shape[0] - theirs.shape[0] <= 16
    ours = ours[max(0, ours.shape[0] - theirs.shape[0]) :]
    assert ours.shape == pytest.approx(theirs.shape, abs=6)
    theirs = np.asarray(cv2.resize(theirs, ours.shape[::-1]), np.uint8)
    soft = [cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 4.0) for mask in (ours, theirs)]
    difference = float(np.abs(soft[0] - soft[1]).sum() / soft[0].sum())
    if difference >= MOST:
        cv2.imwrite(str(tmp_path / "ours.png"), ours)
        cv2.imwrite(str(tmp_path / "theirs.png"), theirs)
    assert difference < MOST, f"{name}: {word} differs by {difference:.3f}, see {tmp_path}"


@pytest.mark.skipif(HB_VIEW is None, reason="no hb-view here; apt-get install libharfbuzz-bin")
def test_shaping__letters_that_do_not_join_would_be_seen(tmp_path: Path) -> None:
    """The comparison can fail: the same Arabic letters kept apart are another picture."""
    face = "scripts/NotoNaskhArabic-Regular.ttf"
    ours = tight(drawn_layer(face, "\u200c".join("السلام"), True, LARGE).mask)
    theirs = _by_hb_view(face, "السلام", True, tmp_path)
    assert abs(ours.shape[1] - theirs.shape[1]) > 40
