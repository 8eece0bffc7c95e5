"""Videos made for tests: shots that pan over photographs, with cuts, subtitles and noise, at known times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
FPS = 25
SIZE_WH = (640, 360)
Draw = Callable[[int], np.ndarray]


def write_clip(path: Path, count: int, draw: Draw, fps: int = FPS, bitrate: int = 1_500_000) -> Path:
    """Write `count` frames that `draw(number)` gives, (H, W, 3) RGB, as H.264."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast", "threads": "1"})
        stream.height, stream.width = draw(0).shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = bitrate
        for number in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(draw(number), format="rgb24")))
        container.mux(stream.encode(None))
    return path


class Film:
    """A film of shots and subtitles.

    Args:
        shots: (first frame, photograph's number, pixels that it pans a second).
        subtitles: (first frame, frame after the last, text).
        noise: grey levels of the camera's noise.
    """

    def __init__(
        self, shots: Sequence[tuple[int, int, float]], subtitles: Sequence[tuple[int, int, str]] = (), noise: float = 3
    ) -> None:
        self._shots, self._subtitles = shots, subtitles
        names = sorted((ROOT / "backgrounds" / "cc0").glob("*.jpg"))
        self._photos = {n: _photo(names[n * 7 % len(names)]) for _, n, _ in shots}
        self._words = {text: _words(text) for _, _, text in subtitles}
        rng = np.random.default_rng(0)
        self._noises = [rng.normal(0, noise, (*SIZE_WH[::-1], 1)).astype(np.int16) for _ in range(8)]

    def __call__(self, number: int) -> np.ndarray:
        first, photo, speed = max(shot for shot in self._shots if shot[0] <= number)
        height = SIZE_WH[1]
        left = speed * (number - first) / FPS
        move = np.float32([[1, 0, -left], [0, 1, -20]])
        image = cv2.warpAffine(self._photos[photo], move, SIZE_WH, borderMode=cv2.BORDER_REFLECT)
        for begin, end, text in self._subtitles:
            if begin <= number < end:
                strip = self._words[text]
                alpha = strip[:, :, 3:] / 255.0
                place = image[height - 70 : height - 10]
                place[:] = (place * (1 - alpha) + strip[:, :, :3] * alpha).astype(np.uint8)
        return np.clip(image + self._noises[number * 5 % 8], 0, 255).astype(np.uint8)


def _photo(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((1100, 500)))


def _words(text: str) -> np.ndarray:
    strip = Image.new("RGBA", (SIZE_WH[0], 60))
    font = ImageFont.truetype(str(ROOT / "fonts" / "zh" / "NotoSansSC-Regular.otf"), 30)
    ImageDraw.Draw(strip).text((320, 30), text, "white", font, anchor="mm", stroke_width=2, stroke_fill="black")
    return np.asarray(strip)
