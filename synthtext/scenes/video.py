"""The layout `video`: subtitles, tickers, channel names, watermarks, hashtags and comments that fly over a frame."""

from __future__ import annotations

from synthtext.rng import Draws, Streams
from synthtext.scenes import natural
from synthtext.scenes.block import Wish
from synthtext.scenes.page import Page, Spot

_CLEAN = frozenset({"sans", "serif", "kai", "rounded", "slab"})
_LIVELY = frozenset({"sans", "kai", "display", "marker", "rounded", "comic"})
_BARS = ((186, 20, 28), (14, 40, 96), (20, 22, 26), (10, 92, 150), (236, 236, 232), (244, 180, 20), (110, 20, 90))


def lay_out(page: Page) -> None:
    """Lay what editors and players put over a frame, over a picture that may hold text of its own."""
    draws = page.draws
    u = draws.units(12)
    if u[2] < 0.3:
        _ticker(page, at_top=u[3] < 0.15)
    if u[4] < 0.72:
        _subtitle(page, above_px=0.06 if u[2] >= 0.3 else 0.13)
    if u[5] < 0.55:
        _channel(page)
    if u[6] < 0.35:
        _watermark(page)
    if u[7] < 0.22:
        _name_bar(page)
    if u[8] < 0.25:
        _hashtags(page)
    if u[9] < 0.3:
        _comments(page)
    if u[10] < 0.25 or not page.canvas.instances:
        _title(page)
    if u[0] < 0.5 and not page.ground.distant:  # last, because it keeps clear of what is there
        natural.scatter(page, 1 + int(5 * u[1]))


def _length(draws: Draws, low: int, high: int) -> int:
    return draws.integer(low, high)


def _subtitle(page: Page, above_px: float) -> None:
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.042, 0.066)
    scheme = page.pair("subtitle")
    bottom = height * (1.0 - above_px) - draws.between(0, 0.03) * height
    lines = 2 if draws.chance(0.3) else 1
    wish = Wish(lengths=[_length(draws, 6, 19) for _ in range(lines)], align=0.5, leading_em=1.25, styles=_CLEAN)
    page.write(wish, Spot((width / 2, bottom), em, (0.5, 1.0), (0.9 * width, 0.3 * height)), scheme)


def _ticker(page: Page, at_top: bool) -> None:
    """A band across the frame; its text runs, so it begins and ends outside."""
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.034, 0.05)
    band = em * draws.between(1.5, 1.9)
    top = 0.0 if at_top else height - band - draws.between(0, 0.03) * height
    scheme, hand = page.pair("caption", "web"), page.hand()
    color = scheme.surface or draws.choice(_BARS)
    page.bar((0, top, width, top + band), color, draws.between(0.72, 1.0))
    x = -draws.unit() * 4 * em
    middle = top + band / 2
    while x < width:
        wish = Wish(lengths=[_length(draws, 9, 20)], styles=_CLEAN)
        quad = page.write(wish, Spot((x, middle), em, (0.0, 0.5), least_em_px=em), scheme, hand=hand)
        x = float(quad[1, 0]) + em * draws.between(1.5, 4.0) if quad is not None else x + 6 * em
    page.ground.taken[int(top / 4) : int((top + band) / 4) + 1] = 1


def _channel(page: Page) -> None:
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.03, 0.055)
    right, edge = draws.chance(0.35), draws.between(0.025, 0.06)
    x = width * (1 - edge) if right else width * edge
    scheme = page.pair("title", "caption", "subtitle")
    styles = frozenset({"sans", "display", "serif", "slab", "rounded"})
    spot = Spot((x, height * edge), em, (1.0 if right else 0.0, 0.0), (0.3 * width, 0.1 * height))
    quad = page.write(Wish(lengths=[_length(draws, 2, 6)], styles=styles), spot, scheme)
    if quad is not None and draws.chance(0.5):
        clock = f"{draws.integer(0, 23):02d}:{draws.integer(0, 59):02d}"
        text = draws.choice((clock, "LIVE", "直播", f"{clock}:{draws.integer(0, 59):02d}", "HD", "回放", "REC"))
        below = Spot((x, float(quad[:, 1].max()) + 0.4 * em), em * 0.7, (1.0 if right else 0.0, 0.0))
        page.write(Wish(texts=[_writable(page, text)], styles=_CLEAN), below, scheme)


def _watermark(page: Page) -> None:
    """A name, faint, in a corner or in the middle."""
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.022, 0.05)
    right, bottom = draws.chance(0.6), draws.chance(0.55)
    edge = 0.03
    spot = Spot(
        (width * (1 - edge) if right else width * edge, height * (1 - edge) if bottom else height * edge),
        em,
        (1.0 if right else 0.0, 1.0 if bottom else 0.0),
        (0.4 * width, 0.1 * height),
    )
    user = "".join(draws.choice("abcdefghijklmnopqrstuvwxyz0123456789_") for _ in range(draws.integer(4, 11)))
    text = draws.choice((f"@{user}", f"ID:{draws.integer(10_000, 999_999_999)}", user, f"www.{user.strip('_')}.com"))
    page.write(Wish(texts=[text], styles=_CLEAN), spot, page.pair("caption"))


def _name_bar(page: Page) -> None:
    """Two bars with a speaker's name and what they are."""
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.036, 0.05)
    left, base = width * draws.between(0.04, 0.12), height * draws.between(0.68, 0.8)
    wide = width * draws.between(0.24, 0.42)
    if page.ground.taken[int(base / 4) : int((base + 3.0 * em) / 4) + 1, int(left / 4) : int((left + wide) / 4)].any():
        return
    hand = page.hand()
    for top, deep, size, length in ((0.0, 1.7, 1.0, (2, 6)), (1.7, 1.3, 0.72, (6, 14))):
        box = (left, base + top * em, left + wide, base + (top + deep) * em)
        scheme = page.pair("web", "caption")  # outlines of titles are made for photographs
        window = page.canvas.image[round(box[1]) : round(box[3]), round(box[0]) : round(box[2])]
        before = window.copy()
        page.bar(box, scheme.surface or draws.choice(_BARS), draws.between(0.7, 1.0))
        spot = Spot((left + 0.5 * em, base + (top + deep / 2) * em), size * em, (0.0, 0.5), (wide - em, deep * em))
        wish = Wish(lengths=[_length(draws, *length)], styles=_CLEAN)
        if page.write(wish, spot, scheme, hand=hand) is None:
            window[:] = before  # no bar stays empty


def _hashtags(page: Page) -> None:
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.03, 0.05)
    x, y = width * draws.between(0.03, 0.1), height * draws.between(0.62, 0.85)
    for _ in range(draws.integer(1, 3)):
        family = page.children.next(1)[0]
        source = page.assets.texts.sources.by_name.get("words") or page.assets.texts.strings
        text = source.fit(family.column("write"), draws.integer(2, 6)).strip().replace(" ", "")
        if not text:
            continue
        tag = f"#{text}#" if draws.chance(0.4) else f"#{text}"
        spot = Spot((x, y), em, (0.0, 0.5), (width - x, 2 * em))
        quad = page.write(Wish(texts=[_writable(page, tag)], styles=_CLEAN), spot, page.pair("subtitle", "caption"))
        x = float(quad[1, 0]) + 0.6 * em if quad is not None else x
        if x > 0.8 * width:
            break


def _comments(page: Page) -> None:
    """Viewers' comments that run across the upper half, each in a lane of its own."""
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.032, 0.045)
    lanes, hand = draws.integer(3, 9), page.hand()
    for lane in range(lanes):
        y = (0.12 * height) + lane * 1.45 * em
        x = draws.between(-0.15, 0.3) * width
        while x < width:
            if draws.chance(0.35):
                x += draws.between(2, 9) * em
                continue
            wish = Wish(lengths=[_length(draws, 3, 14)], styles=frozenset({"sans"}))
            spot = Spot((x, y), em, (0.0, 0.5), least_em_px=em)
            x = _free(page, wish, spot, hand) + draws.between(1.5, 8) * em


def _free(page: Page, wish: Wish, spot: Spot, hand: Streams) -> float:
    """Write a comment unless something stands there; return where the next may begin."""
    columns = int(wish.lengths[0] * spot.em_px)
    rows = slice(max(0, int((spot.at[1] - spot.em_px) / 4)), int((spot.at[1] + spot.em_px) / 4) + 1)
    taken = page.ground.taken[rows, max(0, int(spot.at[0] / 4)) : max(1, int((spot.at[0] + columns) / 4) + 1)]
    if taken.any():
        return spot.at[0] + 2 * spot.em_px
    quad = page.write(wish, spot, page.pair("subtitle"), hand=hand)
    return float(quad[1, 0]) if quad is not None else spot.at[0] + 4 * spot.em_px


def _title(page: Page) -> None:
    """The large words of a cover."""
    draws, (width, height) = page.draws, page.size_wh
    em = height * draws.between(0.08, 0.15)
    wish = Wish(
        lengths=[_length(draws, 3, 9) for _ in range(draws.integer(1, 2))],
        align=draws.choice((0.0, 0.5)),
        leading_em=1.2,
        styles=_LIVELY,
    )
    y = height * draws.between(0.2, 0.5)
    quad = Spot((width / 2, y), em, (0.5, 0.5), (0.85 * width, 0.4 * height))
    if not page.ground.taken[int((y - em) / 4) : int((y + em) / 4) + 1].any():
        page.write(wish, quad, page.pair("subtitle", "title"))


def _writable(page: Page, text: str) -> str:
    """Return a text without what the charset lacks."""
    return "".join(char for char in text if char in page.assets.texts.allowed or char == " ") or "1"
