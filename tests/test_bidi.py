"""The order of mixed directions, against the test cases of the standard."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthtext.bidi import has_right_to_left, levels, visual_order

CASES = Path(__file__).parent / "data" / "BidiCharacterTest-part.txt"


def test_levels__and_visual_order_are_those_of_the_standard() -> None:
    checked = 0
    for line in CASES.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        codes, _, base, expected, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        found = levels(text, int(base))
        assert found == [int(level) for level in expected.split()], line
        assert visual_order(found) == [int(at) for at in order.split()], line
        checked += 1
    assert checked > 1500


@pytest.mark.parametrize(
    ("text", "base", "shown"),
    [
        ("", 0, ""),
        ("abc", 1, "abc"),
        ("אבג", 0, "גבא"),
        ("אב 12 גד", 1, "דג 12 בא"),
        ("abc אב", 0, "abc בא"),
        ("אב abc 1.5", 1, "abc 1.5 בא"),
        ("مرحبا 12-3", 1, "3-12 ابحرم"),
    ],
)
def test_visual_order__of_everyday_lines(text: str, base: int, shown: str) -> None:
    assert "".join(text[at] for at in visual_order(levels(text, base))) == shown


@pytest.mark.parametrize(("text", "expected"), [("abc 12", False), ("١٢", True), ("a א", True), ("漢字", False)])
def test_has_right_to_left__letters_and_digits(text: str, expected: bool) -> None:
    assert has_right_to_left(text) is expected
