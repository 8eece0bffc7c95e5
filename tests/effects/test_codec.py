"""Codecs: the same bytes every time, worse with lower quality; and video remembers the frames before."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from pictures import bars, flat

from synthtext.effects.chain import Chain
from synthtext.effects.codec import webp
from synthtext.effects.settings import EffectsSpec
from synthtext.effects.video import video
from synthtext.errors import ConfigError

STILL = {"motion_px": 0.0, "angle_deg": 0.0, "fade": 0.0}


def _textured() -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 14, (48, 240, 1))
    return np.clip(bars() + noise, 0, 255).astype(np.uint8)


def _error(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


def test_webp__loses_more_at_lower_quality() -> None:
    errors = [_error(webp(_textured(), quality=quality), _textured()) for quality in (80, 40, 5)]
    assert errors == sorted(errors)
    assert errors[2] > 1.2 * errors[0]


def test_video__loses_more_at_higher_qp() -> None:
    errors = [_error(video(_textured(), qp=qp, frames=2, **STILL), _textured()) for qp in (16, 28, 40, 50)]
    assert errors == sorted(errors)
    assert errors[0] < 8
    assert errors[3] > errors[0] + 5


def test_video__remembers_the_frames_before() -> None:
    """Moving text leaves remains beside it that a single frame does not have."""
    source = flat(200)
    source[14:34, 100:140] = 20
    single = video(source, qp=44, frames=1, motion_px=0.0, angle_deg=0.0, fade=0.0)
    moving = video(source, qp=44, frames=4, motion_px=9.0, angle_deg=0.0, fade=0.0)
    assert _error(single, moving) > 0.5
    assert _error(moving[:, 60:98], source[:, 60:98]) > _error(single[:, 60:98], source[:, 60:98])
    place = [np.nonzero(made[24, :, 0] < 110)[0].mean() for made in (source, moving)]
    assert abs(place[0] - place[1]) < 2.0  # the last frame is where the labels are


def test_video__is_the_same_in_another_process() -> None:
    script = (
        "import numpy as np, hashlib\n"
        "from synthtext.effects.video import video\n"
        "image = np.random.default_rng(4).integers(0, 256, (50, 131, 3), np.uint8)\n"
        "made = video(image, qp=37.2, frames=3.4, motion_px=2.5, angle_deg=40, fade=0.3)\n"
        "print(hashlib.sha256(made.tobytes()).hexdigest())\n"
    )
    digests = {
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(3)
    }
    assert len(digests) == 1


def test_video__without_pyav_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    Chain(EffectsSpec.model_validate({"video": {"chance": 0}}))
    Chain(EffectsSpec.model_validate([{"video": {"chance": 0}}]))
    with pytest.raises(ConfigError, match=r"^effects\.video: needs the package av, .*; pip install 'synth"):
        Chain(EffectsSpec.model_validate({"video": {"chance": 0.1}}))
    with pytest.raises(ConfigError, match=r"^effects\.1\.one_of\.of\.0\.video: needs the package av"):
        Chain(EffectsSpec.model_validate(["jpeg", {"one_of": {"of": ["video"]}}]))
