"""Which categories of text are written: some of them, or all as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from synthtext.convert.choices import Choices
from synthtext.convert.mend import Tally
from synthtext.convert.report import Report
from synthtext.errors import UserError
from synthtext.labels.levels import CATEGORIES, TextBox
from synthtext.labels.picture import Picture

_NAMED = 10


def categorised(page: Picture, choices: Choices, tally: Tally) -> Picture:
    """Return a page with boxes of the chosen categories; others are left out or to be ignored, and counted."""
    if not choices.categories and not choices.one_category:
        return page
    boxes = _chosen(page.boxes, choices, tally) if choices.categories else iter(page.boxes)
    if choices.one_category:
        boxes = (replace(box, category=CATEGORIES[0]) for box in boxes)
    return replace(page, boxes=tuple(boxes))


def check_met(choices: Choices, report: Report) -> None:
    """Note chosen categories that no box has.

    Raises:
        UserError: no box has any of them; one of them is written wrong, most likely.
    """
    missing = [name for name in choices.categories if not report.categories[name]]
    if not missing:
        return
    met = ", ".join(f"{name} ({count:,})" for name, count in report.categories.most_common(_NAMED)) or "none"
    what = f"--category: no box is of {' or '.join(map(repr, missing))}; there are {met}"
    if len(missing) == len(choices.categories):
        raise UserError(what)
    report.notes.append(what)


def _chosen(boxes: tuple[TextBox, ...], choices: Choices, tally: Tally) -> Iterator[TextBox]:
    for box in boxes:
        if box.category in choices.categories:
            yield box
        elif choices.others == "drop":
            tally["left out: of another category"] += 1
        else:
            tally["ignored: of another category"] += not box.ignore
            yield box if box.ignore else replace(box, ignore=True)
