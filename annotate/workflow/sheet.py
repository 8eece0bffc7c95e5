"""Results as one picture: a grid of thumbnails with place and score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from annotate.errors import NotFound
from annotate.media import thumb
from annotate.queries import Hit
from annotate.workflow.context import Context
from synthtext.errors import UserError

_CELL_PX, _GAP_PX, _LINE_PX = 220, 8, 20
_PAPER, _INK, _MARK = (245, 245, 245), (30, 30, 30), (220, 40, 40)


def write_sheet(context: Context, hits: Sequence[Hit], path: Path, columns: int = 5) -> None:
    """Write a contact sheet of results; the kind of file follows the name.

    Raises:
        UserError: the file cannot be written.
    """
    rows = max(1, -(-len(hits) // columns))
    wide, tall = _CELL_PX + _GAP_PX, _CELL_PX + _LINE_PX + _GAP_PX
    sheet = Image.new("RGB", (columns * wide + _GAP_PX, rows * tall + _GAP_PX), _PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for place, hit in enumerate(hits):
        x, y = _GAP_PX + place % columns * wide, _GAP_PX + place // columns * tall
        picture = ImageOps.contain(_thumb(context, hit), (_CELL_PX, _CELL_PX))
        at = (x + (_CELL_PX - picture.width) // 2, y + (_CELL_PX - picture.height) // 2)
        sheet.paste(picture, at)
        if hit.box_xyxy is not None:
            share = picture.width / hit.picture.width
            x0, y0, x1, y1 = (value * share for value in hit.box_xyxy)
            draw.rectangle((at[0] + x0, at[1] + y0, at[0] + x1, at[1] + y1), outline=_MARK, width=2)
        more = f"  +{len(hit.twins)} alike" if hit.twins else ""
        draw.text((x, y + _CELL_PX + 2), f"{place + 1}  {hit.score:.3f}{more}", _INK, font)
    try:
        sheet.save(path)
    except (OSError, ValueError) as error:
        raise UserError(f"--out: {path}: cannot be written: {error}") from error


def _thumb(context: Context, hit: Hit) -> Image.Image:
    try:
        with Image.open(thumb(context.workspace, hit.picture)) as opened:
            return opened.convert("RGB")
    except NotFound:  # the picture's file has gone; its place stays
        return Image.new("RGB", (_CELL_PX, _CELL_PX), (200, 200, 200))
