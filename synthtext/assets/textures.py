"""Gray textures made by rule: paper, cloth, walls. They tile, so that a window of any size can be cut.

Each is (TILE_H, TILE_W) uint8 with mean 128; how strongly it shows is decided when it is coloured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from synthtext.geometry import Floats, Image

TILE_W, TILE_H = 1024, 512


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """One gray texture.

    Attributes:
        name: paper-fibre, fabric-twill, ...; the word before the dash is its kind.
        contrast: (low, high) gray levels of standard deviation at which it looks like itself.
    """

    name: str
    contrast: tuple[float, float]
    gray: Image

    @property
    def kind(self) -> str:
        """The word before the dash."""
        return self.name.split("-", 1)[0]

    def window(self, size_wh: tuple[int, int], scale: float, at: tuple[float, float]) -> Image:
        """Return a (H, W) view or copy of a window.

        Args:
            size_wh: of the window.
            scale: window pixels a texture pixel.
            at: where it lies between the tile's left or upper end and the other, each in [0, 1).
        """
        width, height = size_wh
        cut_w, cut_h = max(1, round(width / scale)), max(1, round(height / scale))
        if cut_w > TILE_W or cut_h > TILE_H:
            rows = (np.arange(cut_h) + int(at[1] * TILE_H)) % TILE_H
            cut: Image = self.gray[rows[:, None], (np.arange(cut_w) + int(at[0] * TILE_W)) % TILE_W]
        else:
            left, top = int(at[0] * (TILE_W - cut_w + 1)), int(at[1] * (TILE_H - cut_h + 1))
            cut = self.gray[top : top + cut_h, left : left + cut_w]
        if (cut_w, cut_h) == size_wh:
            return cut
        return cv2.resize(cut, size_wh, interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def texture_bank() -> tuple[Texture, ...]:
    """Return all textures; the same ones in every process."""
    return tuple(
        Texture(name, contrast, _stored(make(np.random.Generator(Philox(key=number + 1)))))
        for number, (name, contrast, make) in enumerate(_RECIPES)
    )


def _stored(height: Floats) -> Image:
    """Return a texture as bytes: mean 128, standard deviation 32."""
    height = height - height.mean()
    gray: Image = np.clip(128.0 + height * (32.0 / max(float(height.std()), 1e-6)), 0, 255).astype(np.uint8)
    gray.setflags(write=False)
    return gray


def _noise(rng: Generator, power: float, stretch: tuple[float, float] = (1.0, 1.0), finest_px: float = 2.0) -> Floats:
    """Return (H, W) noise of standard deviation 1 that tiles.

    Args:
        power: amplitude falls as frequency to this power; 0 white, 1 cloudy, 2 soft hills.
        stretch: how much longer features are (across, down).
        finest_px: shorter waves fade.
    """
    down = np.fft.fftfreq(TILE_H).astype(np.float32)[:, None] * np.float32(stretch[1])
    across = np.fft.rfftfreq(TILE_W).astype(np.float32)[None, :] * np.float32(stretch[0])
    squared = down * down + across * across
    squared[0, 0] = 1.0
    weight = np.exp(squared * np.float32(-finest_px * finest_px) - np.log(squared) * np.float32(power / 2))
    weight[0, 0] = 0.0
    waves = rng.random((*weight.shape, 2), np.float32) - np.float32(0.5)
    waves *= weight[..., None]
    field: Floats = np.fft.irfft2(waves.view(np.complex64)[..., 0], (TILE_H, TILE_W)).astype(np.float32)
    field /= field.std()
    return field


def _strokes(rng: Generator, count: int, length_px: float, width_px: int = 1) -> Floats:
    """Return (H, W) curved fibres, lighter and darker ones, wrapped round the tile's ends."""
    margin = int(length_px) + 8
    canvas = np.zeros((TILE_H + 2 * margin, TILE_W + 2 * margin), np.uint8)
    folded = np.zeros((TILE_H, TILE_W), np.float32)
    steps = np.linspace(-0.5, 0.5, 7, dtype=np.float32)
    for sign in (1.0, -0.8):
        canvas[:] = 0
        centres = rng.random((count, 2), np.float32) * (TILE_W, TILE_H) + margin
        angles, bends = rng.random(count, np.float32) * np.pi, rng.normal(0.0, 0.9, count)
        lengths = length_px * (0.3 + 0.7 * rng.random(count, np.float32))
        turned = angles[:, None] + bends[:, None] * steps
        along = np.stack([np.cos(turned), np.sin(turned)], axis=2) * (steps[:, None] * lengths[:, None, None])
        paths = np.round((centres[:, None] + along) * 8).astype(np.int32)
        cv2.polylines(canvas, list(paths), False, 255, width_px, cv2.LINE_AA, 3)
        folded += sign * _folded(canvas, margin)
    return folded


def _folded(canvas: Image, margin: int) -> Floats:
    """Return the middle of a canvas with what was drawn past one end added at the other."""
    wide = canvas.astype(np.float32)
    wide[margin : 2 * margin] += wide[-margin:]
    wide[-2 * margin : -margin] += wide[:margin]
    wide[:, margin : 2 * margin] += wide[:, -margin:]
    wide[:, -2 * margin : -margin] += wide[:, :margin]
    return wide[margin:-margin, margin:-margin] / np.float32(255)


def _lit(height: Floats, across: float = 1.0, down: float = 1.0) -> Floats:
    """Return a relief as light from the upper left shades it."""
    return (np.roll(height, 1, 1) - np.roll(height, -1, 1)) * across + (
        np.roll(height, 1, 0) - np.roll(height, -1, 0)
    ) * down


def _softened(field: Any, sigma_px: float) -> Floats:
    return cv2.GaussianBlur(np.asarray(field, np.float32), (0, 0), sigma_px)  # type: ignore[return-value]


def _mix(*layers: tuple[float, Floats]) -> Floats:
    """Return the weighted sum of layers."""
    mixed = np.zeros((TILE_H, TILE_W), np.float32)
    for weight, layer in layers:
        mixed += layer * np.float32(weight)
    return mixed


def _paper_smooth(rng: Generator) -> Floats:
    return _mix((0.8, _noise(rng, 0.3, finest_px=0.8)), (0.6, _noise(rng, 1.6)))


def _paper_fibre(rng: Generator) -> Floats:
    fibres = _softened(_strokes(rng, 2600, 26), 0.6)
    return _mix((0.16, _noise(rng, 0.4, finest_px=0.7)), (0.5, fibres), (0.14, _noise(rng, 1.5)))


def _paper_specks(rng: Generator) -> Floats:
    specks: Floats = np.minimum(_noise(rng, 0.2, finest_px=1.2) + 2.3, 0)
    return _mix((6.0, specks), (0.45, _noise(rng, 0.5, finest_px=0.8)), (0.4, _noise(rng, 1.6)))


def _paper_crumple(rng: Generator) -> Floats:
    """Facets that meet in sharp creases: a pixel lies on the tilted plane of the nearest random point."""
    folds, creases = _facets(rng, 60), _facets(rng, 260)
    relief = _lit(_noise(rng, 1.7, finest_px=3))
    return _mix((1.0, folds), (0.6, creases), (0.5, relief), (0.12, _noise(rng, 0.4)))


def _facets(rng: Generator, count: int) -> Floats:
    """Return (H, W) shading of `count` facets; made at half size, which costs a quarter."""
    height, width = TILE_H // 2, TILE_W // 2
    sites = np.full((height, width), 255, np.uint8)
    sites[rng.integers(0, height, count), rng.integers(0, width, count)] = 0
    # Continued on every side, so that the nearest point may lie past an end.
    wide = cv2.copyMakeBorder(sites, _REACH, _REACH, _REACH, _REACH, cv2.BORDER_WRAP)
    _, labels = cv2.distanceTransformWithLabels(wide, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    found = np.argwhere(wide == 0).astype(np.int32)
    number = np.empty(labels.max() + 1, np.int32)
    number[labels[found[:, 0], found[:, 1]]] = np.arange(len(found))
    nearest = number[labels[_REACH:-_REACH, _REACH:-_REACH]]
    # A point and its copies past the ends share one plane.
    planes = rng.normal(0.0, 1.0, (height, width, 3)).astype(np.float32)
    level, tilt_x, tilt_y = planes[(found[:, 0] - _REACH) % height, (found[:, 1] - _REACH) % width].T
    reach = np.float32((height * width / count) ** 0.5)
    from_y, from_x = (found - np.int32(_REACH)).astype(np.float32).T
    shade = level - (tilt_x * from_x + tilt_y * from_y) / reach
    shade = shade[nearest]
    shade += tilt_x[nearest] * (np.arange(width, dtype=np.float32) / reach)
    shade += tilt_y[nearest] * (np.arange(height, dtype=np.float32) / reach)[:, None]
    # Creases are not ruled lines: everything is shifted by slow waves.
    shift = _noise(rng, 1.9, finest_px=4)[::2, ::2] * (reach * np.float32(0.12))
    x = (np.arange(width, dtype=np.float32) + shift).astype(np.int32) % width
    y = (np.arange(height, dtype=np.float32)[:, None] + np.roll(shift, 97, 1)).astype(np.int32) % height
    return _softened(cv2.resize(shade[y, x], (TILE_W, TILE_H)), 1.0)


_REACH = 128  # farther than any point of the tile is from its nearest site


def _threads(rng: Generator, period: int, count: int, axis: int) -> Floats:
    """Return the brightness of each thread, constant along it but for slow changes: (H, W)."""
    size = (TILE_H // period, 1) if axis == 0 else (1, TILE_W // period)
    each = np.repeat(rng.normal(0, 1, size).astype(np.float32), period, axis=axis)
    return each + _noise(rng, 0.9, (12.0, 1.0) if axis == 0 else (1.0, 12.0), count)


def _weave(
    rng: Generator, period: int, over: Callable[[NDArray[np.int64]], NDArray[np.bool_]], uneven: float
) -> Floats:
    """Return a woven cloth of round threads, `period` pixels wide.

    Args:
        over: from (2, H, W) thread numbers, row and column, to where the upright thread lies on top.
        uneven: how much threads differ.
    """
    rows, columns = np.arange(TILE_H)[:, None], np.arange(TILE_W)[None, :]
    warp_on_top = over(np.stack(np.broadcast_arrays(rows // period, columns // period)))
    across = np.sin((columns % period + 0.5) / period * np.pi)
    down = np.sin((rows % period + 0.5) / period * np.pi)
    # A thread is brightest in its middle and sinks at the ends of its float.
    warp = across * (0.55 + 0.45 * down) + uneven * 0.2 * _threads(rng, period, 2, 1)
    weft = down * (0.55 + 0.45 * across) * 0.9 + uneven * 0.2 * _threads(rng, period, 2, 0)
    cloth: Floats = np.where(warp_on_top, warp, weft).astype(np.float32)
    return _mix((1.0, cloth), (0.12, _noise(rng, 1.4)), (0.06, _noise(rng, 0.2, finest_px=0.7)))


def _fabric_plain(rng: Generator) -> Floats:
    return _weave(rng, 4, lambda cell: (cell[0] + cell[1]) % 2 == 0, 0.7)


def _fabric_twill(rng: Generator) -> Floats:
    return _weave(rng, 4, lambda cell: (cell[0] + cell[1]) % 4 < 3, 0.35)


def _fabric_canvas(rng: Generator) -> Floats:
    return _weave(rng, 8, lambda cell: (cell[0] + cell[1]) % 2 == 0, 1.2)


def _fabric_silk(rng: Generator) -> Floats:
    """Hanging folds: waves across that wander slowly, a soft sheen on one of their sides."""
    columns = np.arange(TILE_W, dtype=np.float32)[None, :] / TILE_W
    wander = _noise(rng, 2.0, (1.0, 2.0), 8)
    folds = np.zeros((TILE_H, TILE_W), np.float32)
    for waves, bend, height in ((3, 1.5, 0.7), (7, 2.2, 0.6), (12, 2.8, 0.35), (19, 3.4, 0.2)):
        folds += np.sin(2 * np.pi * (columns * waves + rng.random()) + wander * bend) * np.float32(height)
    sheen = np.exp(folds * np.float32(0.45))
    return _mix((1.0, sheen), (0.04, _noise(rng, 0.3, (0.3, 3.0), 0.8)))


def _wall_plaster(rng: Generator) -> Floats:
    return _mix((0.7, _lit(_noise(rng, 1.1, finest_px=1.6))), (0.5, _noise(rng, 1.8)))


def _wall_concrete(rng: Generator) -> Floats:
    pits: Floats = np.minimum(_noise(rng, 0.5, finest_px=2.2) + 2.0, 0)
    return _mix((1.5, pits), (1.0, _noise(rng, 1.2, finest_px=1.0)), (0.35, _noise(rng, 0.2, finest_px=0.8)))


def _wall_wood(rng: Generator) -> Floats:
    """Boards sawn along the grain: rings seen from the side, and short pores."""
    rows = np.arange(TILE_H, dtype=np.float32)[:, None] / TILE_H
    height = rows * 22 + _noise(rng, 1.9, (9.0, 1.0), 6) * 1.2
    rings = (height % 1.0) ** 2 - (height % 1.0 > 0.92) * 0.5
    pores: Floats = np.minimum(_noise(rng, 0.2, (14.0, 1.0), 0.9) + 1.2, 0)
    return _mix((1.0, _softened(rings, 0.8)), (0.35, pores), (0.22, _noise(rng, 1.2, (7.0, 1.0))))


def _wall_brushed(rng: Generator) -> Floats:
    return _mix((1.0, _noise(rng, 0.35, (60.0, 1.0), 0.7)), (0.4, _noise(rng, 1.8, (2.0, 1.0))))


_RECIPES: tuple[tuple[str, tuple[float, float], Callable[[Generator], Floats]], ...] = (
    ("paper-smooth", (1.0, 3.5), _paper_smooth),
    ("paper-fibre", (2.0, 6.0), _paper_fibre),
    ("paper-specks", (2.5, 8.0), _paper_specks),
    ("paper-crumple", (4.0, 13.0), _paper_crumple),
    ("fabric-plain", (5.0, 13.0), _fabric_plain),
    ("fabric-twill", (6.0, 16.0), _fabric_twill),
    ("fabric-canvas", (8.0, 20.0), _fabric_canvas),
    ("fabric-silk", (12.0, 30.0), _fabric_silk),
    ("wall-plaster", (3.0, 12.0), _wall_plaster),
    ("wall-concrete", (4.0, 13.0), _wall_concrete),
    ("wall-wood", (7.0, 20.0), _wall_wood),
    ("wall-brushed", (4.0, 12.0), _wall_brushed),
)
