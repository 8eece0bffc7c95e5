"""Carriers: things with text on them, drawn flat and laid onto the page: signs, stickers, paper, cloth, screens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike

from synthtext.assets.backgrounds import Backgrounds
from synthtext.assets.palettes import colored, draw_color, flat
from synthtext.geometry import Floats, Image, Mesh, Transform, Warp
from synthtext.rng import Draws
from synthtext.scenes.folds import hanging, lit
from synthtext.scenes.hang import Shadow, hang
from synthtext.scenes.tone import Tone

Paint = tuple[float, float, float]
_WHITE, _DARK = (244.0, 244.0, 240.0), (24.0, 25.0, 28.0)
_CLOTH: tuple[Paint, ...] = ((190, 18, 26), (168, 14, 22), (206, 24, 30), (24, 60, 140), (14, 96, 60), (214, 170, 40))
# Cloth for banners, whose weave is not to be seen from afar.
_FINE = ("fabric-silk", "fabric-twill")
_SHADOW, _MOST_SHADOW_PX, _LEAST_SOFT_PX = 0.022, 9.0, 0.55
_FOLD_STEP_PX, _OPAQUE = 8, 255
_EDGE = 0.018
_ACROSS = np.linspace(-1.0, 1.0, 8, dtype=np.float32)[None, :]
_DOWN = _ACROSS.T
_CHALK: tuple[Paint, ...] = ((34, 58, 46), (40, 42, 44), (28, 36, 52))
SITUATIONS: dict[str, tuple[str, ...]] = {
    "sign": ("road-sign", "street-plate", "shop-sign", "shop-sign", "warning", "licence-plate"),
    "sticker": ("label", "packaging", "poster", "warning", "web"),
    "paper": ("print", "receipt", "form", "poster", "pen", "red-paper", "book"),
    "banner": ("banner", "pennant"),
    "screen": ("lcd", "web", "terminal", "display"),
    "led": ("led",),
    "plate": ("metal", "plaque", "licence-plate", "stone"),
    "board": ("chalk", "whiteboard"),
    "caption": ("caption", "subtitle"),
}
"""The situations of the table of colour pairs that each carrier takes its colours from."""


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """A carrier drawn flat.

    Attributes:
        image: (h, w, 3) uint8 RGB.
        alpha: (h, w) uint8, 255 where it is.
        shadow: how dark a shadow it casts, 0..1.
        glows: it has light of its own.
        folds: how it hangs or curls, from its flat pixels to bent ones; None for what lies flat.
        stray: how far the folds move its edge at most, pixels.
        fall: (8, 8) uint8 how light falls on it, 128 for as it is; None for evenly.
    """

    image: Image
    alpha: Image
    shadow: float
    glows: bool = False
    folds: Transform | None = None
    stray: float = 0.0
    fall: Image | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """The picture that things are laid into.

    Attributes:
        tone: how it shows colours; None for surfaces that are no photographs.
        soft_px: the blur of its sharpest edges.
        on_wall: things lie close to a surface, whose light falls on them as well.
    """

    tone: Tone | None = None
    soft_px: float = 0.0
    on_wall: bool = False


PLAIN = Setting()


def margins(kind: str, draws: Draws) -> tuple[float, float]:
    """Return the room round the text, across and down, as shares of the text's height."""
    wide, high = draws.units(2)
    if kind in ("banner", "led", "screen"):
        return 0.5 + 1.2 * wide, 0.3 + 0.4 * high
    return 0.25 + 0.7 * wide, 0.2 + 0.45 * high


def make(
    kind: str, draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None = None
) -> Carried:
    """Return a carrier of this size.

    Args:
        color: that it is to have; None for one that such things come in.
    """
    return _MAKERS[kind](draws, size_wh, backgrounds, color)


def lay(page: Image, carried: Carried, quad: Floats, setting: Setting = PLAIN) -> Transform:
    """Lay a carrier onto the page, its corners on a quad; return the way from its pixels to the page's.

    The page's own memory is changed.
    """
    rows, columns = carried.alpha.shape
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    flat: Transform = Warp.between(corners, quad)
    move = flat if carried.folds is None else carried.folds.then(flat)
    height, width = page.shape[:2]
    diagonal = math.dist(quad[0].tolist(), quad[2].tolist())
    reach = 0.0 if not carried.shadow else min(_SHADOW * diagonal, _MOST_SHADOW_PX)
    pad = reach + 2 + (0.0 if carried.folds is None else carried.stray * diagonal / math.hypot(rows, columns))
    xs, ys = quad[:, 0].tolist(), quad[:, 1].tolist()
    left, top = max(0, math.floor(min(xs) - pad)), max(0, math.floor(min(ys) - pad))
    right, bottom = min(width, math.ceil(max(xs) + pad)), min(height, math.ceil(max(ys) + pad))
    if right - left < 2 or bottom - top < 2:
        return move
    size = (right - left, bottom - top)
    here = move.then(Warp.shift(-left, -top))
    if carried.folds is not None:  # worked out once for the image and its alpha, and more coarsely than for text
        here = Mesh.sampled(here.pull, size, _FOLD_STEP_PX)
    view = page[top:bottom, left:right]
    image = carried.image
    if setting.tone is not None:
        image = setting.tone.shown(image, None if carried.glows else view)
    # Four channels, colours multiplied by their alpha: one warp that is faster than OpenCV's of three channels.
    if cv2.minMaxLoc(carried.alpha)[0] == _OPAQUE:
        stamp = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)
    else:
        flat_alpha = cv2.cvtColor(carried.alpha, cv2.COLOR_GRAY2RGB)
        stamp = cv2.cvtColor(cv2.multiply(image, flat_alpha, scale=1 / 255), cv2.COLOR_RGB2RGBA)
        cv2.insertChannel(carried.alpha, stamp, 3)
    stamp = here.image(stamp, size)  # type: ignore[arg-type]
    if setting.soft_px > _LEAST_SOFT_PX:
        side = 2 * max(1, round(1.6 * setting.soft_px)) + 1
        stamp = cv2.GaussianBlur(stamp, (side, side), setting.soft_px)
    shadow = Shadow(reach, carried.shadow) if carried.shadow else None
    on_wall = setting.on_wall and setting.tone is not None and not carried.glows
    hang(view, np.asarray(stamp, np.uint8), shadow, carried.fall, on_wall)
    return move


def _stencil(image: Image, mask: MatLike, color: Paint) -> None:
    """Give an image another colour wherever a mask is more than half full."""
    within = cv2.threshold(mask, 127, 255, cv2.THRESH_BINARY)[1]
    cv2.copyTo(flat((image.shape[1], image.shape[0]), color), within, image)


def _rounded(size_wh: tuple[int, int], radius: float, inset: int = 0) -> Image:
    """Return (h, w) uint8 with a filled rounded rectangle, `inset` pixels from the edge."""
    width, height = size_wh
    alpha = np.zeros((height, width), np.uint8)
    box = (inset, inset, width - 1 - inset, height - 1 - inset)
    round_px = int(min(radius, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2))
    if round_px < 1:
        cv2.rectangle(alpha, box[:2], box[2:], 255, cv2.FILLED)
        return alpha
    cv2.rectangle(alpha, (box[0] + round_px, box[1]), (box[2] - round_px, box[3]), 255, cv2.FILLED)
    cv2.rectangle(alpha, (box[0], box[1] + round_px), (box[2], box[3] - round_px), 255, cv2.FILLED)
    for x in (box[0] + round_px, box[2] - round_px):
        for y in (box[1] + round_px, box[3] - round_px):
            cv2.circle(alpha, (x, y), round_px, 255, cv2.FILLED, cv2.LINE_AA)
    return alpha


def _fall(draws: Draws, depth: float) -> Image:
    """Return (h, w) uint8, few pixels, 128 for as it is: a soft fall of light."""
    angle, strength = draws.unit() * math.tau, depth * draws.unit()
    ramp = _ACROSS * (128.0 * strength * math.cos(angle)) + _DOWN * (128.0 * strength * math.sin(angle)) + 128.0
    return ramp.astype(np.uint8)


def _thick(image: Image) -> Image:
    """Give a board edges: the upper and left ones catch the light, the others lie in their own shadow."""
    height, width = image.shape[:2]
    deep = max(1, round(_EDGE * min(height, width)))
    for strip, light in ((image[:deep], 1.18), (image[-deep:], 0.68), (image[:, :deep], 1.08), (image[:, -deep:], 0.8)):
        strip[:] = cv2.convertScaleAbs(strip, alpha=light)
    return image


def _texture(
    kind: str,
    color: Paint,
    draws: Draws,
    size_wh: tuple[int, int],
    backgrounds: Backgrounds,
    named: tuple[str, ...] = (),
) -> Image:
    texture = draws.choice(backgrounds.fitting(kind, named))
    gray = texture.window(size_wh, 1.0, (draws.unit(), draws.unit()))
    low, high = texture.contrast
    return colored(gray, color, low + (high - low) * 0.6 * draws.unit())


def _bright(color: Paint) -> bool:
    return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2] > 125


def _sign(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    color = color or draw_color(draws, "paint")
    image = flat(size_wh, color)
    short = min(size_wh)
    radius = short * 0.22 * max(0.0, draws.unit() - 0.4)
    alpha = _rounded(size_wh, radius)
    if draws.chance(0.5):
        inset, thick = max(1, int(short * (0.03 + 0.04 * draws.unit()))), max(1, int(short * 0.03))
        rim = cv2.subtract(_rounded(size_wh, radius, inset), _rounded(size_wh, radius, inset + thick))
        _stencil(image, rim, _DARK if _bright(color) else _WHITE)
    return Carried(_thick(image), alpha, 0.45, fall=_fall(draws, 0.22))


def _sticker(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    short = min(size_wh)
    inner = color or draw_color(draws, "paint")
    image = flat(size_wh, _WHITE)
    radius = short * 0.5 * draws.unit()
    rim = max(1, int(short * 0.05))
    if draws.chance(0.6):
        _stencil(image, _rounded(size_wh, radius, rim), inner)
    return Carried(image, _rounded(size_wh, radius), 0.25, fall=_fall(draws, 0.12))


def _paper(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    image = _texture("paper", color or draw_color(draws, "paper"), draws, size_wh, backgrounds)
    return Carried(image, np.full(size_wh[::-1], 255, np.uint8), 0.35, fall=_fall(draws, 0.16))


def _banner(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    """Cloth that hangs in folds: they move its edges and its text, and light falls on their flanks."""
    image = _texture("fabric", color or draws.choice(_CLOTH), draws, size_wh, backgrounds, _FINE)
    folds = hanging(draws, size_wh)
    alpha = np.full((size_wh[1], size_wh[0]), 255, np.uint8)
    return Carried(lit(image, folds, 0.15 + 0.3 * draws.unit()), alpha, 0.35, folds=folds, stray=folds.reach)


def _screen(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    short = min(size_wh)
    rim = max(2, int(short * 0.07))
    image = flat(size_wh, (38, 39, 42))
    glass: Paint = color or draws.choice(((16, 22, 40), (8, 10, 12), (230, 236, 242), (20, 60, 110), (12, 40, 34)))
    _stencil(image, _rounded(size_wh, 2, rim), glass)
    return Carried(image, _rounded(size_wh, short * 0.06), 0.4, glows=True, fall=_fall(draws, 0.1))


def _led(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    """A dark board with its unlit lamps."""
    image = flat(size_wh, (14, 13, 14))  # lamps stand on black, whatever the colours of other things
    pitch = max(3, round(min(size_wh) / draws.integer(14, 26)))
    lamp = np.zeros((pitch, pitch), np.uint8)
    cv2.circle(lamp, (pitch // 2, pitch // 2), max(1, pitch // 3), 16, cv2.FILLED)
    width, height = size_wh
    dots = np.tile(lamp, (height // pitch + 1, width // pitch + 1))[:height, :width]
    image = cv2.add(image, cv2.cvtColor(dots, cv2.COLOR_GRAY2RGB))  # type: ignore[assignment]
    return Carried(image, np.full((height, width), 255, np.uint8), 0.3, glows=True)


def _plate(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    """A metal plate, screwed on."""
    colors: tuple[Paint, ...] = ((186, 188, 192), (150, 152, 156), (204, 178, 112), (96, 60, 40), (40, 42, 46))
    image = _texture("wall", color or draws.choice(colors), draws, size_wh, backgrounds)
    image = cv2.addWeighted(image, 0.5, flat(size_wh, tuple(cv2.mean(image)[:3])), 0.5, 0)  # type: ignore[arg-type, assignment]
    short = min(size_wh)
    alpha = _rounded(size_wh, short * 0.12)
    screw, off = max(1, int(short * 0.035)), int(short * 0.1)
    if short > 40:
        for x in (off, size_wh[0] - 1 - off):
            for y in (off, size_wh[1] - 1 - off):
                cv2.circle(image, (x, y), screw, (70, 70, 74), cv2.FILLED, cv2.LINE_AA)
    return Carried(_thick(image), alpha, 0.4, fall=_fall(draws, 0.35))


def _board(draws: Draws, size_wh: tuple[int, int], backgrounds: Backgrounds, color: Paint | None) -> Carried:
    """A blackboard in a wooden frame, or a board of wood."""
    short = min(size_wh)
    rim = max(2, int(short * 0.06))
    image = _texture("wall", draw_color(draws, "wall-wood"), draws, size_wh, backgrounds)
    if draws.chance(0.6):
        slate = _texture("paper", color or draws.choice(_CHALK), draws, size_wh, backgrounds)
        image[rim:-rim, rim:-rim] = slate[rim:-rim, rim:-rim]
    return Carried(_thick(image), np.full(size_wh[::-1], 255, np.uint8), 0.4, fall=_fall(draws, 0.15))


_MAKERS: dict[str, Callable[[Draws, tuple[int, int], Backgrounds, Paint | None], Carried]] = {
    "sign": _sign,
    "sticker": _sticker,
    "paper": _paper,
    "banner": _banner,
    "screen": _screen,
    "led": _led,
    "plate": _plate,
    "board": _board,
}
