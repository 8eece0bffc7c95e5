"""What was hit, for people: a page with the screenshots, the words marked."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from annotate.errors import NotFound
from annotate.media import read_image
from annotate.workflow.context import Context
from annotate.workflow.prelabel import Hit
from synthtext.errors import UserError

_MARK = (235, 45, 45)
_LONGEST_PX = 1280
_STYLE = (
    "body{font:16px system-ui,sans-serif;margin:2rem;background:#f5f5f2;color:#222}"
    "figure{display:inline-block;vertical-align:top;width:30rem;margin:0 1rem 1.5rem 0;background:#fff;padding:.6rem;"
    "border-radius:.4rem;box-shadow:0 1px 3px #0003}img{max-width:100%}figcaption{margin-top:.4rem}"
    "b{color:#b00}small{color:#666}"
)


def write_report(context: Context, hits: Sequence[Hit], folder: Path) -> int:
    """Write `index.html` and a marked screenshot of each picture with hits, and return how many pictures.

    Raises:
        UserError: the folder cannot be written.
    """
    by_picture: dict[str, list[Hit]] = {}
    for hit in hits:
        by_picture.setdefault(hit.picture.id, []).append(hit)
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        figures = [_figure(context, some, folder) for some in by_picture.values()]
        page = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Hits</title><style>{_STYLE}</style>'
            f"<h1>{len(hits)} hits on {len(by_picture)} pictures</h1>{''.join(figures)}</html>"
        )
        (folder / "index.html").write_text(page, "utf-8")
    except OSError as error:
        raise UserError(f"{folder}: the report cannot be written: {error.strerror}") from error
    return len(by_picture)


def _figure(context: Context, hits: list[Hit], folder: Path) -> str:
    picture = hits[0].picture
    lines = "".join(
        f"<div><b>{html.escape(hit.word)}</b> in {html.escape(hit.text)} <small>{hit.score:.2f}</small></div>"
        for hit in hits
    )
    name = html.escape(picture.name)
    try:
        data = _marked(read_image(context.workspace, picture), hits)
    except NotFound as error:
        return f"<figure>{html.escape(str(error))}<figcaption>{lines}<small>{name}</small></figcaption></figure>"
    (folder / "images" / f"{picture.id}.jpg").write_bytes(data)
    shown = f'<img src="images/{picture.id}.jpg" alt="">'
    return f"<figure>{shown}<figcaption>{lines}<small>{name}</small></figcaption></figure>"


def _marked(image: np.ndarray, hits: list[Hit]) -> bytes:
    scale = min(1.0, _LONGEST_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    thick = max(2, round(max(small.shape[:2]) / 300))
    for hit in hits:
        outline = np.round(np.asarray(hit.points) * scale).astype(np.int32)
        cv2.polylines(small, [outline], True, _MARK, thick, cv2.LINE_AA)
    data = cv2.imencode(".jpg", np.ascontiguousarray(small[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
    return bytes(data.tobytes())
