"""The layout `banner`: slogans on red cloth, pennants with vertical lettering, shop signs and LED tickers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from synthtext.assets.schemes import TONE
from synthtext.errors import Rejected
from synthtext.geometry import Floats, Transform, Warp
from synthtext.scenes import carriers, hardware, natural, slogans
from synthtext.scenes.answers import Names
from synthtext.scenes.block import Wish, compose
from synthtext.scenes.draw import draw_block
from synthtext.scenes.page import Page

Box = tuple[float, float, float, float]

_BRUSH = frozenset({"brush", "kai", "serif", "display"})
_BOLD = frozenset({"sans", "serif", "display", "kai", "marker"})
# Cloth and signs hang on something: the sky is the last place to look for it.
_MOST_SKY = (0.1, 0.25, 0.5, 1.0)
_ON_WALL = 0.88
_TRIED, _TRIED_ON_WALLS = 40, 26
_SAID = 0.55
_HIGH, _LOWEST, _CHAINED = 0.42, 0.75, 0.6
_SHOP = frozenset({"sans", "display", "brush", "kai", "serif", "script", "marker", "comic"})


def lay_out(page: Page) -> None:
    """Hang one or a few large things with text into the picture, and some small ones round them."""
    draws = page.draws
    kind = draws.weighted((0.34, 0.58, 0.86, 1.0))
    if kind == 0:
        for _ in range(draws.integer(1, 2)):
            _slogan(page)
    elif kind == 1:
        for _ in range(draws.integer(1, 3)):
            _pennant(page)
    elif kind == 2:
        _shop(page)
    else:
        _ticker(page)
    if (draws.chance(0.7) and not page.ground.distant) or not page.canvas.instances:
        natural.scatter(page, draws.integer(1, 6))


def _hung(page: Page, share: tuple[float, float], ratio: float) -> Floats | None:
    """Return a free quad of about these shares of the page's width, width / height as given, a little askew."""
    draws, (width, height) = page.draws, page.size_wh
    wide = draws.between(*share) * width
    outside = page.ground.distant or page.ground.wide
    lowest = 0.98 if page.ground.distant else _LOWEST
    for tried in range(_TRIED):
        high = wide / ratio
        if high > 0.9 * height:
            wide *= 0.9 * height / high
            continue
        x, y = draws.between(0.02, 0.98) * (width - wide), draws.between(0.02, lowest) * (height - high)
        quad = np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]], np.float32)
        # Seen from a little to the side: one end is further away.
        slope, near = math.tan(math.radians(draws.signed(5.0))), draws.signed(0.12)
        middle = y + high / 2
        for corner, side in ((0, -0.5), (1, 0.5), (2, 0.5), (3, -0.5)):
            quad[corner, 1] = middle + (quad[corner, 1] - middle) * (1.0 + near * side * 2) + slope * side * wide
        # In a room what is on no wall hangs high up.
        loose = tried >= _TRIED_ON_WALLS and (outside or middle < _HIGH * height)
        held = loose or _on_wall(page, quad)
        if (
            held
            and page.ground.fits(quad.tolist(), None)
            and page.ground.sky_share(quad) <= _MOST_SKY[min(tried // 6, 3)]
        ):
            page.ground.take(quad, 6.0)
            return quad
        wide *= 0.95
    return None


def _on_wall(page: Page, quad: Floats) -> bool:
    """Whether a thing lies on one calm surface that can hold it."""
    return page.ground.wall_share(quad) >= _ON_WALL


def _hold(page: Page, quad: Floats, chance: float) -> None:
    """Hold a strip of cloth with ropes or posts: always, where there is no wall behind it."""
    held = page.draws.unit()
    if not _on_wall(page, quad):
        held *= chance
    with hardware.behind(page):
        if held < 0.4 * chance and page.ground.wide:  # nobody drives posts into the floor of a room
            hardware.posts(page, quad)
        elif held < chance:
            hardware.ropes(page, quad)


def _put_up(page: Page, quad: Floats) -> None:
    """Hang a board on chains, or put it on posts where it stands low."""
    high = float(quad[:, 1].mean()) < _HIGH * page.size_wh[1]
    with hardware.behind(page):
        (hardware.chains if high and not page.ground.distant else hardware.posts)(page, quad)


def _cloth(
    page: Page, quad: Floats, situations: tuple[str, ...], carrier: str, pieces: Sequence[tuple[Wish, Box]]
) -> tuple[Transform, tuple[int, int]] | None:
    """Lay a carrier onto a quad and write blocks into the parts of it that are said (x0, y0, x1, y1 shares).

    Returns:
        The way from the carrier's pixels to the page's, and its size in pixels; None if nothing could be written.
    """
    hand = page.hand()
    blocks = []
    for wish, inset in pieces:
        family = page.children.next(len(wish.texts or wish.lengths))
        with suppress(Rejected):
            blocks.append((compose(wish, family, page.config, page.assets, hand), inset))
    if not blocks:
        return None
    scheme = page.pair(*situations)
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    size = (max(8, round(float(max(sides[0], sides[2])))), max(8, round(float(max(sides[1], sides[3])))))
    flat = carriers.make(carrier, page.draws, size, page.assets.backgrounds, scheme.surface)
    move = carriers.lay(page.canvas.image, flat, quad, page.setting(_on_wall(page, quad)))
    page.hung.append(quad)
    look = page.look(scheme, page.spec.light.draw(page.draws), carrier)
    for block, inset in blocks:
        width, height = (inset[2] - inset[0]) * size[0], (inset[3] - inset[1]) * size[1]
        em = min(width / block.size[0], height / block.size[1])
        left = inset[0] * size[0] + (width - em * block.size[0]) / 2
        top = inset[1] * size[1] + (height - em * block.size[1]) / 2
        warp = Warp(np.array([[em, 0, left], [0, em, top], [0, 0, 1.0]])).then(move)
        draw_block(page.canvas, block, warp, hand, look, page.config, page.assets)
    return move, size


def _inset(x: float, y: float) -> Box:
    return x, y, 1 - x, 1 - y


def _slogan(page: Page) -> None:
    """A long strip of cloth with one line."""
    draws = page.draws
    names = _chinese(page)
    text = _writable(page, [slogans.slogan(draws, names)]) if draws.chance(_SAID) and names else None
    length = len(text[0]) if text else draws.integer(6, 18)
    quad = _hung(page, (0.5, 0.95), (length + 1.5) * draws.between(0.75, 1.0))
    if quad is not None:
        _hold(page, quad, 0.65)
        wish = Wish(lengths=[length], texts=text, styles=_BOLD, align=0.5)
        _cloth(page, quad, ("banner",), "banner", [(wish, _inset(0.04, 0.17))])


def _chinese(page: Page) -> Names | None:
    """Return names for slogans, which are in Chinese; None where no text is to be Chinese."""
    return page.assets.papers.names.get("zh") if page.assets.papers is not None else None


def _writable(page: Page, texts: list[str]) -> list[str] | None:
    """Return the texts, or None if the charset lacks any of their characters."""
    return texts if page.assets.texts.allowed.issuperset("".join(texts)) else None


def _pennant(page: Page) -> None:
    """A hanging flag with a fringe: columns of brush lettering, right to left, and a small signature."""
    draws = page.draws
    quad = _hung(page, (0.16, 0.34), draws.between(0.52, 0.75))
    if quad is None:
        return
    leading = draws.between(1.3, 1.7)
    names = _chinese(page)
    said = _writable(page, slogans.praise(draws, names)) if draws.chance(_SAID) and names else None
    if said is not None:
        pieces = [
            (Wish(texts=said[1:3], direction="ttb", leading_em=leading, styles=_BRUSH), (0.29, 0.16, 0.71, 0.8)),
            (Wish(texts=said[:1], direction="ttb", styles=_BRUSH), (0.8, 0.1, 0.9, 0.55)),
            (Wish(texts=said[3:], direction="ttb", styles=_BRUSH), (0.1, 0.42, 0.2, 0.86)),
        ]
    else:
        lengths = [draws.integer(4, 7)] * draws.integer(2, 3)
        wish = Wish(lengths=lengths, direction="ttb", leading_em=leading, styles=_BRUSH)
        pieces = [(wish, (0.14, 0.14, 0.86, 0.8))]
    with hardware.behind(page):
        if not _on_wall(page, quad):
            hardware.ropes(page, quad, only_above=True)
        elif draws.chance(0.75):
            hardware.rod(page, quad)
    hung = _cloth(page, quad, ("pennant", "banner"), "banner", pieces)
    if hung is not None:
        move, (width, height) = hung
        x = np.linspace(0.0, width, max(6, int(np.linalg.norm(quad[2] - quad[3]) / 4)))
        edge = np.stack([x, np.full_like(x, height)], axis=1).astype(np.float32)
        hardware.fringe(page, move.points(edge), move.points(edge + np.array([0.0, 0.07 * height], np.float32)))


def _shop(page: Page) -> None:
    """A fascia with the name, a line below it, and a hanging sign."""
    draws = page.draws
    length = draws.integer(2, 7)
    quad = _hung(page, (0.45, 0.9), (length + 2) * draws.between(0.6, 0.9))
    if quad is not None:
        wish = Wish(lengths=[length], styles=_SHOP, align=0.5)
        carrier = draws.choice(("sign", "board", "plate", "sign"))
        small = draws.chance(0.5)
        inset = (0.07, 0.14, 0.93, 0.64 if small else 0.86)
        situations = ("shop-sign",)
        if draws.chance(0.2) or not _on_wall(page, quad):
            _put_up(page, quad)
        _cloth(page, quad, situations, carrier, [(wish, inset)])
        if small:
            _below(page, quad)
    if draws.chance(0.5):
        hanging = _hung(page, (0.07, 0.13), draws.between(0.3, 0.45))
        held = hanging is not None and (_on_wall(page, hanging) or float(hanging[2, 1]) < _CHAINED * page.size_wh[1])
        if hanging is not None and held:
            wish = Wish(lengths=[draws.integer(2, 5)], direction="ttb", styles=_SHOP, align=0.5)
            with hardware.behind(page):
                (hardware.bracket if _on_wall(page, hanging) else hardware.chains)(page, hanging)
            _cloth(page, hanging, ("shop-sign",), "sign", [(wish, _inset(0.2, 0.08))])


def _below(page: Page, quad: Floats) -> None:
    """The telephone number or trade under a shop's name."""
    draws = page.draws
    upper = quad[0] * 0.3 + quad[3] * 0.7, quad[1] * 0.3 + quad[2] * 0.7
    lower = quad[0] * 0.1 + quad[3] * 0.9, quad[1] * 0.1 + quad[2] * 0.9
    strip = np.stack([upper[0], upper[1], lower[1], lower[0]])
    inner = strip + (strip[[1, 0, 3, 2]] - strip) * 0.12
    number = f"{draws.integer(130, 189)}{draws.integer(0, 9999):04d}{draws.integer(0, 9999):04d}"
    text = draws.choice((f"Tel {number}", number, f"{number[:3]}-{number[3:7]}-{number[7:]}"))
    wish = Wish(texts=[text], styles=frozenset({"sans", "serif", "slab", "mono"}))
    family = page.children.next(1)
    try:
        block = compose(wish, family, page.config, page.assets)
    except Rejected:
        return
    width = float(np.linalg.norm(inner[1] - inner[0]))
    height = float(np.linalg.norm(inner[3] - inner[0]))
    em = min(width / block.size[0], height / block.size[1])
    box = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    left = (width - em * block.size[0]) / 2
    warp = Warp(np.array([[em, 0, left], [0, em, 0], [0, 0, 1.0]])).then(Warp.between(box, inner))
    look = page.look(TONE, 0.4, "sign")
    draw_block(page.canvas, block, warp, family[0], look, page.config, page.assets)


def _ticker(page: Page) -> None:
    """An LED board over a door: its text runs."""
    draws = page.draws
    length = draws.integer(6, 16)
    quad = _hung(page, (0.5, 0.95), (length + 1) * draws.between(0.7, 0.95))
    if quad is not None:
        if draws.chance(0.2) or not _on_wall(page, quad):
            _put_up(page, quad)
        wish = Wish(lengths=[length], styles=frozenset({"pixel", "sans", "terminal", "mono", "rounded"}))
        _cloth(page, quad, ("led",), "led", [(wish, _inset(0.03, 0.16))])
