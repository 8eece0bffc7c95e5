"""How hard a picture seems to be to a reader, judged by the text on it, each part with its reason.

Pure functions of what readers said; no person has looked yet. No single sign is enough: a reader may be sure and wrong
(scores of recognisers are badly calibrated: Seq-UPS, arXiv 2209.00641), but where two readers agree they are mostly
right, and where they differ one is wrong (Consensus Entropy, arXiv 2504.11101). So a line is as hard as its hardest
sign says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from rapidfuzz.distance import Levenshtein

from annotate.records import Region
from annotate.watch import WatchList

# What each sign counts for at most. A single unsure character is common; a box that one detector alone sees may be
# no text.
WEIGHTS: dict[str, float] = {
    "low_score": 1.0,
    "lowest_char": 0.5,
    "readers_differ": 1.0,
    "one_detector": 0.6,
    "rare_char": 0.7,
    "near_miss": 0.9,
}
_TOP_LINES = 3
# Of two pictures with lines as hard, the one with more lines gives more for a look at it.
_MORE_LINES = 0.05


@dataclass(frozen=True, slots=True)
class Signs:
    """What the signs are judged by.

    Attributes:
        chars: how often the training set has each character; None leaves rare characters out.
        wanted: so often a character should be there.
        watch: words whose near misses count.
    """

    chars: Mapping[str, int] | None = None
    wanted: int = 100
    watch: WatchList | None = None


@dataclass(frozen=True, slots=True)
class Hardness:
    """How hard a picture is.

    Attributes:
        score: 0 for nothing to learn; about 1 for a line that no reader can read.
        parts: the strongest value of each sign (0 to 1), in which region and why; how many lines; the hardest lines.
    """

    score: float
    parts: dict[str, Any] = field(default_factory=dict)


def hardness(regions: Sequence[Region], readers: frozenset[str] | set[str], signs: Signs) -> Hardness:
    """Judge a picture.

    Args:
        regions: with their readings.
        readers: that have been through the picture.
    """
    strongest: dict[str, dict[str, Any]] = {}
    lines: list[float] = []
    for region in regions:
        if region.ignore or not region.readings:
            continue
        found = line_signs(region, readers, signs)
        lines.append(max((WEIGHTS[sign] * value for sign, (value, _) in found.items()), default=0.0))
        for sign, (value, why) in found.items():
            if value > strongest.get(sign, {"value": 0.0})["value"]:
                strongest[sign] = {"value": round(value, 4), "why": why, "region": region.id}
    if not lines:
        return Hardness(0.0)
    top = sorted(lines, reverse=True)[:_TOP_LINES]
    score = sum(top) / len(top) + _MORE_LINES * math.log1p(len(lines))
    return Hardness(round(score, 4), {**strongest, "lines": len(lines), "top": [round(value, 4) for value in top]})


def line_signs(region: Region, readers: frozenset[str] | set[str], signs: Signs) -> dict[str, tuple[float, str]]:
    """Return the signs of one line: value from 0 to 1, and why, for people."""
    best = max(region.readings, key=lambda reading: reading.score)
    found = {"low_score": (1.0 - best.score, f"{best.text!r} read with {best.score:.2f}")}
    if best.char_scores and len(best.char_scores) == len(best.text):
        lowest = min(range(len(best.text)), key=lambda number: best.char_scores[number])  # type: ignore[index]
        least = best.char_scores[lowest]
        found["lowest_char"] = (1.0 - least, f"{best.text[lowest]!r} in {best.text!r} read with {least:.2f}")
    differ = _readers_differ(region)
    if differ is not None:
        found["readers_differ"] = differ
    by = {reading.reader for reading in region.readings}
    missed = sorted(set(readers) - by)
    if missed and region.origin.startswith("reader:"):
        found["one_detector"] = (
            len(missed) / len(set(readers) | by),
            f"{best.text!r} not found by {', '.join(missed)}",
        )
    rare = _rarest(best.text, signs)
    if rare is not None:
        found["rare_char"] = rare
    misses = signs.watch.near_misses(best.text) if signs.watch is not None else []
    if misses:
        found["near_miss"] = (1.0, f"{misses[0].piece!r} is nearly {misses[0].word!r}")
    return found


def _readers_differ(region: Region) -> tuple[float, str] | None:
    apart = [
        (float(Levenshtein.normalized_distance(one.text, other.text)), one, other)
        for one, other in combinations(region.readings, 2)
    ]
    if not apart:
        return None
    value, one, other = max(apart, key=lambda pair: pair[0])
    return value, f"{one.reader} reads {one.text!r}, {other.reader} {other.text!r}"


def _rarest(text: str, signs: Signs) -> tuple[float, str] | None:
    chars = signs.chars
    wanted = {char for char in text if not char.isspace()}
    if chars is None or not wanted:
        return None
    char = min(sorted(wanted), key=lambda char: chars.get(char, 0))
    count = chars.get(char, 0)
    return max(0.0, 1.0 - count / signs.wanted), f"{char!r} is {count:,} times in the training set"
