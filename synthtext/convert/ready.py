"""Getting pictures ready to be written: looking at their images, mending labels, cutting crops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import is_
from typing import NamedTuple

from synthtext.convert.ahead import ahead
from synthtext.convert.categories import categorised
from synthtext.convert.choices import Choices
from synthtext.convert.mend import Tally, mended_page, mended_text
from synthtext.labels.codec.crops import Crop, counts, cut
from synthtext.labels.codec.images import stem_of
from synthtext.labels.levels import IGNORE_MARKS
from synthtext.labels.picture import Picture
from synthtext.labels.upright import Look, look_at, look_at_picture, stripped, without_exif

_MISSING = "the image is missing, or no image"


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A picture as it is to be written; None, with a reason, when it is left out.

    Attributes:
        tally: what was done to it.
        crops: of a page, when someone wants them.
    """

    picture: Picture | None
    refused: str
    tally: Tally
    crops: list[Crop] | None = None


def made_ready(
    pictures: Iterable[Picture], drawn: bool, choices: Choices, cuts: bool
) -> Iterator[tuple[Picture, Ready]]:
    """Yield every picture as it came, and as it is to be written, in order.

    Args:
        drawn: outlines were drawn by hand.
        cuts: crops of pages are wanted.
    """

    # Whoever works needs not know of groups, and names of groups may come from what no other process can have.
    choices = replace(choices, group=None)
    if not cuts:  # looking at a header takes less time than anybody's hands need to pass it on
        for picture in pictures:
            yield picture, ready(picture, drawn, choices, cuts)
        return
    for picture, (made, same) in ahead(pictures, partial(_changed, drawn=drawn, choices=choices), choices.workers):
        page = made.picture
        if page is not None:
            boxes, image = picture.boxes if same.boxes else page.boxes, picture.image if same.image else page.image
            made = replace(made, picture=replace(page, boxes=boxes, image=image))
        yield picture, made


class _Same(NamedTuple):
    boxes: bool
    image: bool


def _changed(picture: Picture, drawn: bool, choices: Choices) -> tuple[Ready, _Same]:
    """Return a picture as it is to be written, and what of it is as it was: that need not come back from a process."""
    made = ready(picture, drawn, choices, cuts=True)
    page = made.picture
    if page is None:
        return made, _Same(False, False)
    boxes = len(page.boxes) == len(picture.boxes) and all(map(is_, page.boxes, picture.boxes))
    same = _Same(boxes, page.image is picture.image)
    left = replace(page, boxes=() if same.boxes else page.boxes, image="" if same.image else page.image)
    return replace(made, picture=left), same


def ready(picture: Picture, drawn: bool, choices: Choices, cuts: bool) -> Ready:
    """Return a picture as it is to be written."""
    tally: Tally = Counter()
    if picture.text is not None:
        return _ready_crop(picture, choices, tally)
    data = picture.read_image() if cuts else None
    look = look_at_picture(picture) if data is None else look_at(data)
    if look is None:
        return Ready(None, _MISSING, tally)
    upright = _upright(picture, look, choices, tally)
    if isinstance(upright, str):
        return Ready(None, upright, tally)
    turned, size_wh = upright
    if picture.size_wh not in (None, size_wh, look.stored_wh):
        return Ready(None, "the label is of an image of another size", tally)
    chosen = categorised(turned, choices, tally)
    page = mended_page(chosen, size_wh, drawn, tally, choices.least_px)
    if not cuts or not any(map(counts, page.boxes)):
        return Ready(page, "", tally, [] if cuts else None)
    try:
        crops = cut(page, data if turned is picture else None)
        return Ready(page, "", tally, _short(crops, choices, tally))
    except ValueError as error:
        return Ready(None, str(error), tally)


def crop_pictures(page: Picture, crops: Iterable[Crop]) -> Iterator[Picture]:
    """Yield the crops of a page as pictures of their own."""
    for crop in crops:
        path = f"{stem_of(page.path)}_{crop.number:03d}.jpg"
        yield Picture(path, page.part, crop.data, f"{page.where} box {crop.number}", crop.text, extra=page.extra)


def _ready_crop(picture: Picture, choices: Choices, tally: Tally) -> Ready:
    if choices.categories:
        return Ready(None, "a crop tells no category (--category)", tally)
    text = mended_text(picture.text or "")
    if text != picture.text:
        tally["texts put in order (NFC, white space)"] += 1
    if not text:
        return Ready(None, "the text is empty", tally)
    if text in IGNORE_MARKS:
        return Ready(None, "the text is a mark of text to be ignored", tally)
    if choices.max_length is not None and len(text) > choices.max_length:
        return Ready(None, f"the text is longer than {choices.max_length} characters", tally)
    made = picture if text == picture.text else replace(picture, text=text)
    if choices.images == "none":
        return Ready(made, "", tally)
    look = look_at_picture(picture)
    if look is None:
        return Ready(None, _MISSING, tally)
    upright = _upright(made, look, choices, tally)
    if isinstance(upright, str):
        return Ready(None, upright, tally)
    return Ready(replace(upright[0], size_wh=upright[1]), "", tally)


def _short(crops: list[Crop], choices: Choices, tally: Tally) -> list[Crop]:
    if choices.max_length is None:
        return crops
    kept = [crop for crop in crops if len(crop.text) <= choices.max_length]
    if len(kept) < len(crops):
        tally[f"left out of recognition: longer than {choices.max_length} characters"] += len(crops) - len(kept)
    return kept


def _upright(picture: Picture, look: Look, choices: Choices, tally: Tally) -> tuple[Picture, tuple[int, int]] | str:
    """Return a picture without EXIF data, and the size of its image; or why it cannot be had."""
    if not look.exif and not look.turned:
        return picture, look.size_wh
    data = picture.read_image()
    if data is None:
        return _MISSING
    # A label that tells the size of the pixels as they are stored is about them, not about the upright picture.
    stored = look.turned and picture.size_wh == look.stored_wh != look.size_wh
    if choices.images == "none":
        return picture, look.stored_wh if stored else look.size_wh
    try:
        plain = without_exif(data) if stored else stripped(data)
    except ValueError as error:
        return f"the image {error}"
    tally["images written without EXIF data"] += 1
    found = look_at(plain)
    return replace(picture, image=plain), found.size_wh if found is not None else look.size_wh
