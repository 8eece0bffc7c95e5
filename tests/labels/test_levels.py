from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scenes import PAGE_WH, at, instance, page

from synthtext.geometry import Mesh
from synthtext.labels.levels import TextBox, category_id, text_boxes
from synthtext.values import Sample, TextInstance


def sample(*instances: TextInstance) -> Sample:
    return replace(page(), instances=instances)


def test_text_boxes__lines_and_words_of_a_page() -> None:
    lines, words = text_boxes(page(3)), text_boxes(page(3), "word")

    assert [box.label for box in lines] == ["中文 3", "Hello, world", 'Zürich "5, #3"', "大減價", "###"]
    expected = ["中文", "3", "Hello,", "world", "Zürich", '"5,', '#3"', "大減價", "###"]
    assert [box.label for box in words] == expected
    assert [box.category for box in words].count("filled") == 2
    assert [box.column for box in lines] == [False, False, False, True, False]
    for box, line in zip(lines, page(3).instances, strict=True):
        assert np.array_equal(box.outline, line.quad)


def test_text_boxes__no_instances() -> None:
    assert text_boxes(sample()) == []


@pytest.mark.parametrize("text", ["###", "*"])
def test_text_boxes__text_that_reads_as_a_mark_is_ignored(text: str) -> None:
    (box,) = text_boxes(sample(instance(text, at(50, 50))))

    assert box.ignore


def test_text_boxes__cut_at_the_border() -> None:
    (box,) = text_boxes(sample(instance("abc", at(-30, 40))))

    assert box.outline[:, 0].min() == 0.0
    assert not box.ignore


def test_text_boxes__wholly_outside_is_left_out() -> None:
    assert text_boxes(sample(instance("abc", at(-500, 40)), instance("d", at(PAGE_WH[0] + 5, 0)))) == []


def test_text_boxes__badly_cut_is_ignored_and_still_a_box() -> None:
    (box,) = text_boxes(sample(instance("abcdefgh", at(-60, -60, 45.0))))

    assert box.ignore
    assert np.ptp(box.outline, axis=0).min() >= 1.0


def test_text_boxes__polygons_of_curved_text_by_choice() -> None:
    def pull(points: np.ndarray) -> np.ndarray:
        return np.stack([points[:, 0] - 60, points[:, 1] - 80 - 40 * np.sin((points[:, 0] - 60) / 60)], axis=1)

    curved = instance("a curved line", Mesh.sampled(pull, PAGE_WH))

    (quad,), (polygon,) = text_boxes(sample(curved)), text_boxes(sample(curved), polygons=True)

    assert len(quad.outline) == 4
    assert len(polygon.outline) > 4
    assert len(text_boxes(sample(curved), "word", polygons=True)) == 3


def test_category_id__places() -> None:
    assert [category_id(name) for name in ("printed", "filled")] == [0, 1]
    with pytest.raises(ValueError, match="stamp"):
        category_id("stamp")


def test_label__of_an_ignored_box() -> None:
    assert TextBox(np.zeros((4, 2), np.float32), "secret", ignore=True).label == "###"
