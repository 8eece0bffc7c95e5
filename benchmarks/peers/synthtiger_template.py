"""A horizontal text line made of SynthTIGER's own components, for its own command line.

Its wheel ships no template, so this one strings its public components together in the order of the
paper (Yim et al., ICDAR 2021, section 3): glyph layers with elastic distortion, a straight or curved
layout, colour or texture, a text style, a warp, padding, one of twelve blend modes over a photograph,
and noise or blur. Left out: masks, glyph coordinates, the midground text and the visibility check,
so it costs less than the authors' full template. It runs inside that generator's own environment.
"""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from synthtiger import components, layers, templates, utils

_BLEND_MODES = (
    "normal",
    "multiply",
    "screen",
    "overlay",
    "hard_light",
    "soft_light",
    "dodge",
    "divide",
    "addition",
    "difference",
    "darken_only",
    "lighten_only",
)
_JPEG_QUALITY = 95


class Crop(templates.Template):
    """Draws one line; the configuration names `lines`, `fonts`, `backgrounds` and `height_px`."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Open the inputs and set the range of every component."""
        self.height_px = config["height_px"]
        self.corpus = components.BaseCorpus(paths=[config["lines"]], weights=[1])
        self.font = components.BaseFont(paths=[config["fonts"]], weights=[1], size=(28, 44), bold=0.5)
        self.photo = components.BaseTexture(paths=[config["backgrounds"]], weights=[1], crop=1)
        self.texture = components.Switch(
            components.BaseTexture(paths=[config["backgrounds"]], weights=[1], alpha=(0, 1), crop=1), 0.5
        )
        self.color = components.Gray(alpha=(0.8, 1), colorize=0.5)
        self.shape = components.ElasticDistortion(alpha=(10, 15), sigma=(4, 8))
        self.layout = components.Selector(
            [components.FlowLayout(space=(-3, 3)), components.CurveLayout(curve=(5, 15), space=(-3, 3))],
            weights=[4, 1],
        )
        self.style = components.Switch(
            components.Selector(
                [
                    components.TextBorder(size=(1, 3), alpha=(0.5, 1)),
                    components.TextShadow(distance=(1, 5), alpha=(0.3, 0.7)),
                    components.TextExtrusion(length=(1, 5), alpha=(0.5, 1)),
                ]
            ),
            0.25,
        )
        self.warp = components.Switch(_warps(), 0.5)
        self.fit = components.Fit()
        self.pad = components.Pad(pxs=((0, 6), (0, 6), (0, 6), (0, 6)))
        self.degrade = components.Iterator(
            [
                components.Switch(components.AdditiveGaussianNoise(scale=(4, 8)), 0.1),
                components.Switch(components.GaussianBlur(sigma=(0.5, 1.5)), 0.1),
                components.Switch(components.Resample(size=(0.4, 0.7)), 0.1),
                components.Switch(components.MedianBlur(k=(1, 1)), 0.1),
            ]
        )

    def generate(self) -> dict[str, Any]:
        """Return one sample: its text and an RGB image of height `height_px`."""
        text = self.corpus.data(self.corpus.sample())
        foreground = self._foreground(text)
        background = layers.RectLayer(foreground.size.astype(int), (255, 255, 255, 255))
        background.topleft = foreground.topleft
        self.photo.apply([background])
        mode = _BLEND_MODES[np.random.randint(len(_BLEND_MODES))]
        line = background.paste(foreground, mode=mode)
        self.degrade.apply([line])
        return {"text": text, "image": self._resized(line.output())}

    def _foreground(self, text: str) -> layers.Layer:
        font = self.font.sample({"text": text})
        font.pop("vertical")
        glyphs = [layers.TextLayer(char, **font) for char in text]
        self.shape.apply(glyphs)
        self.layout.apply(glyphs)
        line = layers.Group(glyphs).merge()
        self.color.apply([line])
        self.texture.apply([line])
        self.style.apply([line])
        self.warp.apply([line])
        self.fit.apply([line])
        self.pad.apply([line])
        return line

    def _resized(self, image: np.ndarray) -> np.ndarray:
        height, width = image.shape[:2]
        size_wh = (max(1, round(width * self.height_px / height)), self.height_px)
        return utils.resize_image(image, size_wh)[..., :3].astype(np.uint8)

    def init_save(self, root: str) -> None:
        """Make the folder of images and labels."""
        Path(root).mkdir(parents=True)

    def save(self, root: str, data: dict[str, Any], idx: int) -> None:
        """Write one image and append its label."""
        name = f"{idx:08d}.jpg"
        Image.fromarray(data["image"]).save(Path(root, name), quality=_JPEG_QUALITY)
        with Path(root, "gt.txt").open("a", encoding="utf-8") as labels:
            labels.write(f"{name}\t{data['text']}\n")

    def end_save(self, root: str) -> None:
        """Do nothing: every label is already written."""


def _warps() -> components.Selector:
    """Return a component that applies one geometric warp of five."""
    return components.Selector(
        [
            components.Perspective(percents=((0.8, 1), (0.8, 1), (0.8, 1), (0.8, 1))),
            components.Trapezoidate(percent=(0.8, 1)),
            components.Skew(weights=(0, 1), angle=(0, 10), ccw=0.5),
            components.Skew(weights=(1, 0), angle=(0, 20), ccw=0.5),
            components.Rotate(angle=(0, 5), ccw=0.5),
        ]
    )
