"""Options of how a dataset is written, for `synthtext convert` and `annotate export`, and what they mean."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, get_args

import typer

from synthtext.convert.choices import Others
from synthtext.convert.report import Report
from synthtext.engine.plan import Plan, parse_split
from synthtext.errors import UserError

PANEL = "What is written"

Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same split.", rich_help_panel=PANEL)]
Crops = Annotated[bool, typer.Option("--crops", help="Cut every text out of pages.", rich_help_panel=PANEL)]
Categories = Annotated[
    list[str] | None,
    typer.Option("--category", help="Only boxes of this category. Repeat for more.", rich_help_panel=PANEL),
]
OtherCategories = Annotated[
    str, typer.Option("--others", help="Boxes of other categories: drop or ignore.", rich_help_panel=PANEL)
]
OneCategory = Annotated[
    bool, typer.Option("--one-category", help="All text becomes printed text.", rich_help_panel=PANEL)
]
Charset = Annotated[
    str | None,
    typer.Option("--charset", help="Characters of dict.txt: a shipped charset or a file.", rich_help_panel=PANEL),
]
MaxLength = Annotated[
    int | None,
    typer.Option("--max-length", min=1, help="Leave longer texts out of recognition.", rich_help_panel=PANEL),
]
LeastPx = Annotated[
    float, typer.Option("--least-px", min=0.0, help="Ignore boxes with a shorter side.", rich_help_panel=PANEL)
]
Maps = Annotated[
    bool, typer.Option("--maps", help="CRAFT: score maps as EasyOCR's trainer loads them.", rich_help_panel=PANEL)
]
Mix = Annotated[
    list[str] | None,
    typer.Option(
        "--mix",
        help="DIR=2 or DIR:FORMAT=2: two of its pictures in train for each one there. Repeat for more.",
        rich_help_panel=PANEL,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


def split_from(text: str, undrawn: str) -> tuple[int, ...] | None:
    """Return the ratio of train, val and test; None for the word that says that none is drawn.

    Raises:
        UserError: it is neither.
    """
    if text == undrawn:
        return None
    ratio = parse_split(text)
    Plan(0, 1, 1, ratio)
    return ratio


def others_from(text: str) -> Others:
    """Return what is done with boxes of other categories.

    Raises:
        UserError: it is not known.
    """
    if text not in get_args(Others):
        raise UserError(f"--others: {text!r} is not known; there are {', '.join(get_args(Others))}")
    return text  # type: ignore[return-value]


def say_report(report: Report, out: Path, as_json: bool) -> None:
    """Say what came of it, and where it is."""
    if as_json:
        sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(report.lines()) + f"\nin {out}\n")
