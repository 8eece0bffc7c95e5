"""A report as plain lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BAR = 40
_TOP = 12
_SHOWN_MISSING = 30

# Tables that count the lines of pages, not pages.
LINE_TABLES = frozenset({"ignored", "categories", "directions", "angles", "height of lines, px"})
SPREADS = (
    ("widths", "width, px", 0),
    ("heights", "height, px", 0),
    ("contrast", "contrast, delta E", 1),
    ("sharpness", "sharpness", 2),
    ("clutter", "clutter", 2),
    ("noise", "noise, L", 2),
    ("difficulty", "difficulty, 0..1", 2),
)


def report_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a report in its JSON form."""
    yield from _about(report)
    yield ""
    yield from _spreads(report)
    yield ""
    if report["labels"] != report["samples"] or report["ignored"]:
        yield f"labels: {report['labels']:,}, and {report['ignored']:,} to be ignored"
    yield f"text length: mean {report['mean_length']:.1f}"
    yield from bars(dict(binned(report["lengths"])))
    if report["coverage"]:
        yield ""
        yield from coverage_lines(report["coverage"])
    if report["measured"]:
        yield ""
        yield f"difficulty of {report['measured']:,} images"
        yield from bars(report["buckets"])
    for title, table in report["tables"].items():
        yield ""
        yield f"{title}: {len(table):,}"
        yield from bars(top(table), made(report, title))
    if report["faults_total"]:
        yield ""
        yield f"{report['faults_total']:,} records could not be read:"
        yield from (f"  {fault}" for fault in report["faults"])


def coverage_lines(coverage: Mapping[str, Any]) -> Iterator[str]:
    """Yield sentences on how the labels cover the dictionary."""
    share = 100.0 * coverage["seen"] / coverage["chars"]
    yield f"charset: {coverage['seen']:,} of {coverage['chars']:,} characters occur ({share:.1f} %)"
    if coverage["wanted"]:
        if coverage["short"]:
            yield f"  {coverage['short']:,} occur less often than the {coverage['wanted']:,} times asked for"
        else:
            yield f"  every character occurs at least {coverage['wanted']:,} times, as asked for"
    yield f"  the rarest occurs {coverage['least']:,} times, the middle one {coverage['median']:,} times"
    if coverage["missing"]:
        yield f"  missing: {shortened(coverage['missing'], _SHOWN_MISSING)}"
    if coverage["rarest"]:
        yield "  rarest: " + " ".join(f"{char} ({number:,})" for char, number in coverage["rarest"])
    if coverage["strangers"]:
        names = [f"{char!r} ({number:,})" for char, number in coverage["strangers"]]
        yield f"  not in the dictionary: {shortened(names, _SHOWN_MISSING)}"


def made(report: Mapping[str, Any], title: str) -> int:
    """Return how many samples a table counts, one of which may stand in several rows, as with fonts; 0 for lines."""
    return 0 if title in LINE_TABLES else sum(report["tables"].get("sources", {}).values())


def bars(counts: Mapping[str, int], whole: int = 0) -> Iterator[str]:
    """Yield one line a count, with a bar and its share of the whole; of all counts when that is 0."""
    total, most = whole or sum(counts.values()), max(counts.values(), default=0)
    wide = max((len(name) for name in counts), default=0)
    for name, number in counts.items():
        bar = "#" * -(-number * _BAR // most) if most else ""
        share = 100.0 * number / total if total else 0.0
        yield f"  {name:<{wide}}  {number:>10,}  {share:5.1f} %  {bar}".rstrip()


def binned(lengths: Mapping[str, int], most_bins: int = 24) -> list[tuple[str, int]]:
    """Return text lengths in at most so many bins of equal width, such as `1-2` -> samples."""
    if not lengths:
        return []
    longest = max(map(int, lengths))
    step = -(-longest // most_bins)
    bins: dict[int, int] = dict.fromkeys(range(1, longest + 1, step), 0)
    for length, number in lengths.items():
        start = max(1, int(length) - (int(length) - 1) % step)
        bins[start] += number
    return [(str(at) if step == 1 else f"{at}-{at + step - 1}", number) for at, number in bins.items()]


def top(table: Mapping[str, int], rows: int = _TOP) -> dict[str, int]:
    """Return the most frequent rows of a table, the rest added up; a short table of numbers in their order."""
    if len(table) <= 2 * rows and all(name.lstrip("-").isdigit() for name in table):
        return dict(sorted(table.items(), key=lambda item: int(item[0])))
    ranked = sorted(table.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(number for _, number in ranked[rows:])
    return dict(ranked[:rows]) | ({f"and {len(ranked) - rows:,} others": rest} if rest else {})


def shortened(items: Sequence[str], most: int) -> str:
    """Return items in one line, cut after so many."""
    more = f" and {len(items) - most:,} more" if len(items) > most else ""
    return " ".join(items[:most]) + more


def _about(report: Mapping[str, Any]) -> Iterator[str]:
    first = "the first " if report["partial"] else ""
    size = f"{report['image_bytes'] / 1e6:,.1f} MB of images"
    yield f"{report['root']}: {first}{report['samples']:,} samples, {size}"
    yield "parts: " + ", ".join(f"{part} {number:,}" for part, number in report["parts"].items())
    if report["about"]:
        yield ", ".join(f"{name} {value}" for name, value in report["about"].items())
    if report["undecoded"]:
        yield f"{report['undecoded']:,} images are no JPEG or PNG, or are broken off; run `synthtext verify`"


def _spreads(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'':18}{'least':>9}{'10 %':>9}{'median':>9}{'mean':>9}{'90 %':>9}{'most':>9}"
    for key, title, digits in SPREADS:
        spread = report[key]
        if spread is not None:
            yield f"{title:<18}" + "".join(f"{value:9,.{digits}f}" for value in spread.values())
