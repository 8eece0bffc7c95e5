"""The pages of a PDF as pictures."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from annotate.ingest.items import Item, Loaded
from annotate.media import MAX_PIXELS
from annotate.records import Fault

DPI = 150
_MAX_BYTES = 2 * 2**30
_POINTS_AN_INCH = 72


def pages(item: Item, dpi: int = DPI) -> Iterator[Loaded | Fault]:
    """Yield the pages of a PDF, each drawn as a PNG file; a page that cannot be drawn is a fault.

    A page's id is the digest of its file's digest and its number, so that another resolution is not another page.
    """
    path = Path(item.path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            yield Fault(item.path, "broken", f"refused: {path.stat().st_size:,} bytes; {_MAX_BYTES:,} may be")
            return
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        document = pypdfium2.PdfDocument(path)
    except OSError as error:
        yield Fault(item.path, "broken", f"cannot be read: {error.strerror}")
        return
    except pypdfium2.PdfiumError as error:
        wanted = "a password is needed" if "assword" in str(error) else "no PDF that can be read"
        yield Fault(item.path, "broken", f"{wanted}: {error}")
        return
    try:
        for number in range(len(document)):
            yield _page(item, document, number, digest, dpi)
    finally:
        document.close()


def _page(item: Item, document: pypdfium2.PdfDocument, number: int, digest: str, dpi: int) -> Loaded | Fault:
    where = f"{item.path}#{number + 1}"
    try:
        page = document[number]
        width, height = page.get_size()
        scale = dpi / _POINTS_AN_INCH
        # Plans and posters are drawn at what fits.
        scale = min(scale, (MAX_PIXELS / 4 / max(width * height, 1)) ** 0.5)
        image = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
        return Fault(where, "broken", f"the page cannot be drawn: {error}")
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=3)
    name = f"{item.name} p{number + 1}"
    page_id = hashlib.sha256(f"{digest} page {number}".encode()).hexdigest()
    return Loaded(where, name, item.source, stream.getvalue(), page=number, id=page_id)
