"""Video: H.264, with what a frame keeps of the frames before it. Needs PyAV (the extra `video`)."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

import cv2
import numpy as np

from synthtext.effects.base import EffectSpec
from synthtext.geometry import Image
from synthtext.spec import Range, Within

_LEAST_SIDE = 16
_MACROBLOCK = 16
# Everything that bytes could depend on is fixed: one thread, no look-ahead, no choice of quality by the encoder.
_OPTIONS = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "threads": "1",
    "x264-params": "threads=1:lookahead-threads=1:sliced-threads=0:deterministic=1:keyint=250:scenecut=0:bframes=0",
}


class Video(EffectSpec):
    """A frame of an H.264 video: blocks, smeared texture, and remains of the frames before.

    Attributes:
        qp: how coarsely it is quantised, as the codec counts: 20 is hardly seen, 51 is the worst.
        frames: of the video up to this one; the first is a key frame.
        motion_px: how far the picture moved from frame to frame.
        angle_deg: direction in which it does.
        fade: how different the first frame's brightness was: a caption that was faded in.
    """

    qp: Annotated[Range, Within(10, 51)] = Range(28, 40)
    frames: Annotated[Range, Within(1, 8)] = Range(1, 4)
    motion_px: Annotated[Range, Within(0, 16)] = Range(0, 4)
    angle_deg: Annotated[Range, Within(0, 360)] = Range(0, 360)
    fade: Annotated[Range, Within(0, 1)] = Range(0, 0.6)


def video(image: Image, *, qp: float, frames: float, motion_px: float, angle_deg: float, fade: float) -> Image:
    """Return the image as the last frame of a short video that was encoded and decoded."""
    height, width = image.shape[:2]
    color = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2RGB)
    # Chroma has half the size, and the codec works in blocks.
    below, right = max(_LEAST_SIDE - height, height % 2), max(_LEAST_SIDE - width, width % 2)
    below, right = below + (height + below) % 2, right + (width + right) % 2
    whole = cv2.copyMakeBorder(color, 0, below, 0, right, cv2.BORDER_REPLICATE)
    count = round(frames)
    turn = np.radians(angle_deg)
    step = motion_px * np.array([np.cos(turn), np.sin(turn)])
    shots = []
    for before in range(count - 1, -1, -1):
        shot = whole
        if before:
            shift = -step * before
            matrix = np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]])
            size_wh = whole.shape[1], whole.shape[0]
            shot = cv2.warpAffine(whole, matrix, size_wh, borderMode=cv2.BORDER_REPLICATE)
            part = fade * before / max(1, count - 1)
            mean = cv2.mean(shot)[:3]
            shot = cv2.addWeighted(shot, 1.0 - part, np.full_like(shot, np.array(mean, np.uint8)), part, 0.0)
        shots.append(shot)
    made = _coded(shots, round(qp))[:height, :width]
    return made if image.ndim == 3 else cv2.cvtColor(made, cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]


def _coded(shots: list[Any], qp: int) -> Image:
    """Return the last of the (H, W, 3) frames after encoding and decoding all of them."""
    import av

    height, width = shots[0].shape[:2]
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = width, height
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, 25)
    encoder.options = {**_OPTIONS, "qp": str(qp)}
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    packets = []
    for number, shot in enumerate(shots):
        planes = cv2.cvtColor(shot, cv2.COLOR_RGB2YUV_I420)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    decoded = [frame for packet in packets for frame in decoder.decode(packet)]
    decoded += decoder.decode(None)
    return cv2.cvtColor(decoded[-1].to_ndarray(format="yuv420p"), cv2.COLOR_YUV2RGB_I420)  # type: ignore[return-value]
