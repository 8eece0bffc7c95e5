"""What a configuration says about pages."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from synthtext.spec import Range, Spec, Within

Weight = Annotated[float, Field(ge=0)]
Chance = Annotated[float, Field(ge=0, le=1)]
Carrier = Literal["none", "sign", "sticker", "paper", "banner", "screen", "led", "plate", "board", "caption"]
Form = Literal["line", "lines", "notice", "column"]

_SIZE = re.compile(r"(\d{2,5})x(\d{2,5})")
_LEAST_SIDE_PX, _MOST_SIDE_PX = 64, 8192


def _usual_carriers() -> dict[Carrier, float]:
    return {
        "none": 0.14,
        "sign": 0.2,
        "sticker": 0.1,
        "paper": 0.14,
        "banner": 0.08,
        "screen": 0.04,
        "led": 0.03,
        "plate": 0.04,
        "board": 0.12,
        "caption": 0.04,
    }


def _usual_forms() -> dict[Form, float]:
    return {"line": 0.5, "lines": 0.2, "notice": 0.22, "column": 0.08}


class PageSpec(Spec):
    """A picture with many lines of text.

    Attributes:
        layout: which kind of picture it is.
        sizes: weights of page sizes, such as `1280x720`. A photograph is never enlarged by more than 1.5: where it
            does not fill the page, several stand side by side, or it stands in a blurred copy of itself as videos do
            on upright screens, or the page takes the size that suits it best, made smaller where that is not enough.
        compose_chance, extend_chance: of the first two.
        distant_chance: of keeping a photograph of a landscape, a skyline or the like once it is drawn; otherwise
            another is drawn. Nothing near enough to write on is to be seen there: text is laid over the picture.
        lines: how many lines are aimed at; a page without room gets fewer.
        em_px: size of the text; small sizes are more frequent, as in pictures.
        forms: weights of single lines, blocks of lines, notices (a heading over smaller lines), and columns. Cloth and
            LED boards hold no notices, nor does a wall.
        carriers: weights of what the text is on: `none` is the photograph's own surface, `caption` lies over the
            picture as in a video, the others are drawn.
        designs: how many designs the things on a picture come in: things of one design share the carrier, the face,
            the colours and about the size, and hang in rows. The first designs are the most frequent.
        block_lines: lines of a block.
        leading_em: from line to line.
        lean_deg: by how much things hang askew.
        light: how much of the surface's own light and grain shows in the ink that is painted on it.
        edge_chance: of a line that runs out of the picture.
        least_px: lines of less height are marked `ignore`.
        max_hidden: lines with more of their ink covered are marked `ignore`.
    """

    layout: Literal["scene", "video", "banner", "form", "document"] = "scene"
    sizes: dict[str, Weight] = Field(default_factory=lambda: {"1280x720": 1.0})
    compose_chance: Chance = 0.0
    extend_chance: Chance = 0.0
    distant_chance: Chance = 1.0
    lines: Annotated[Range, Within(0, 500)] = Range(6, 32)
    em_px: Annotated[Range, Within(4, 512)] = Range(13, 84)
    forms: dict[Form, Weight] = Field(default_factory=_usual_forms)
    carriers: dict[Carrier, Weight] = Field(default_factory=_usual_carriers)
    designs: Annotated[Range, Within(1, 500)] = Range(2, 4)
    block_lines: Annotated[Range, Within(2, 60)] = Range(2, 6)
    leading_em: Annotated[Range, Within(0.8, 4)] = Range(1.15, 1.7)
    lean_deg: Annotated[Range, Within(-45, 45)] = Range(-6, 6)
    light: Annotated[Range, Within(0, 1)] = Range(0.25, 0.85)
    edge_chance: Chance = 0.04
    least_px: Annotated[float, Field(ge=1)] = 8.0
    max_hidden: Annotated[float, Field(ge=0, le=1)] = 0.6

    @field_validator("sizes")
    @classmethod
    def _sizes_are_sizes(cls, sizes: dict[str, float]) -> dict[str, float]:
        for size in sizes:
            match = _SIZE.fullmatch(size)
            if not match:
                raise PydanticCustomError(
                    "page_size", f"{size!r} is no page size; write width x height in pixels, such as 1280x720"
                )
            if not all(_LEAST_SIDE_PX <= int(side) <= _MOST_SIDE_PX for side in match.groups()):
                limits = f"sides have {_LEAST_SIDE_PX} to {_MOST_SIDE_PX} pixels"
                raise PydanticCustomError("page_size", f"{size!r} cannot be a page; {limits}")
        return _some(sizes)

    @field_validator("forms", "carriers")
    @classmethod
    def _something(cls, weights: dict[str, float]) -> dict[str, float]:
        return _some(weights)

    @field_validator("lines")
    @classmethod
    def _at_least_one(cls, lines: Range) -> Range:
        if lines.high < 1:
            raise PydanticCustomError("no_lines", "a page without lines has no labels; ask for at least 1")
        return lines

    @model_validator(mode="after")
    def _text_fits(self) -> PageSpec:
        largest = max((min(size) for size, weight in self.sizes_wh().items() if weight > 0), default=0)
        if self.layout != "form" and self.em_px.low > largest:
            raise PydanticCustomError(
                "page_too_small",
                f"em_px begins at {self.em_px.low:g} px, but no page is higher and wider than {largest} px; "
                "make the text smaller or the pages larger",
            )
        return self

    def sizes_wh(self) -> dict[tuple[int, int], float]:
        """Return the page sizes as numbers, with their weights."""
        return {
            (int(match[1]), int(match[2])): weight
            for size, weight in self.sizes.items()
            if (match := _SIZE.fullmatch(size))
        }


def _some(weights: dict[str, float]) -> dict[str, float]:
    if not any(weights.values()):
        raise PydanticCustomError("no_weight", "every weight is 0; raise at least one")
    return weights
