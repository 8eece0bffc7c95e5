"""Painting one style onto a flat sheet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flat_sheet import make_sheet, middle_values, style

from synthtext.lettering.base import Sheet, paint_sheet


@pytest.fixture
def apply() -> Callable[..., Sheet]:
    """Paint a style with the middle of its ranges, or numbers that are given, onto a sheet."""

    def run(name: str, sheet: Sheet | None = None, **given: float) -> Sheet:
        sheet = sheet or make_sheet()
        found = style(name)
        assert found.function(sheet, **middle_values(found, **given)), name
        paint_sheet(sheet)
        return sheet

    return run
