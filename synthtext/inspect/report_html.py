"""A report as one HTML file that asks for nothing outside itself: styles, bars and pictures are inside."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from synthtext.inspect.report import Example, Report
from synthtext.inspect.words import SPREADS, binned, coverage_lines, made, top
from synthtext.writers.disk import file_error, replace_file

_ROW_PX = 22
_LABEL_PX = 190
_BARS_PX = 360
_TABLE_ROWS = 20

_STYLE = """
:root { color-scheme: light dark; --ground: #fafaf8; --card: #fff; --text: #1d1f23; --faint: #6a6f78;
  --line: #e2e3e0; --bar: #2f6fdb; }
@media (prefers-color-scheme: dark) { :root { --ground: #15171a; --card: #1e2125; --text: #e8e9eb;
  --faint: #9aa0aa; --line: #33373d; --bar: #6ea3ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1280px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 0 0 10px; }
p { margin: 4px 0; }
.faint { color: var(--faint); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 16px;
  margin: 16px 0; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px;
  overflow-x: auto; min-width: 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 2px 10px; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-weight: 500; color: var(--faint); }
svg { display: block; max-width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--text); } svg .faint { fill: var(--faint); } svg rect { fill: var(--bar); }
.sheet { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 18px; }
figure { margin: 0; max-width: 100%; }
figure img { display: block; max-height: 160px; max-width: 100%; border-radius: 3px; }
figcaption { max-width: 320px; font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space:
nowrap; }
"""


def html_report(report: Report, path: Path) -> None:
    """Write the page of a report to a file.

    Raises:
        RunError: the disk refuses.
    """
    try:
        replace_file(Path(path), render_html(report).encode())
    except OSError as error:
        raise file_error(error, Path(path), "--html") from error


def render_html(report: Report) -> str:
    """Return the page of a report."""
    data = report.to_json()
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(report.root)}</title><style>{_STYLE}</style></head><body>",
            *_head(data),
            '<div class="grid">',
            *_sections(data),
            "</div>",
            *_sheet(report),
            "</body></html>\n",
        ]
    )


def _head(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h1>{escape(data['root'])}</h1>"
    first = "the first " if data["partial"] else ""
    parts = ", ".join(f"{part} {number:,}" for part, number in data["parts"].items())
    size = f"{data['image_bytes'] / 1e6:,.1f} MB of images"
    yield f"<p>{first}{data['samples']:,} samples ({parts}), {size}</p>"
    if data["about"]:
        about = ", ".join(f"{name} {value}" for name, value in data["about"].items())
        yield f'<p class="faint">{escape(about)}</p>'
    if data["undecoded"]:
        yield f"<p>{data['undecoded']:,} images are no JPEG or PNG, or are broken off.</p>"
    if data["faults_total"]:
        faults = "".join(f"<li>{escape(fault)}</li>" for fault in data["faults"])
        summary = f"{data['faults_total']:,} records could not be read"
        yield f"<details><summary>{summary}</summary><ul>{faults}</ul></details>"


def _sections(data: Mapping[str, Any]) -> Iterator[str]:
    yield _section("Sizes and difficulty", _spreads(data))
    if data["measured"]:
        yield _section(f"Difficulty of {data['measured']:,} images", [_bars(data["buckets"])])
    lengths = _bars(dict(binned(data["lengths"])))
    yield _section(f"Text length, mean {data['mean_length']:.1f}", [lengths])
    if data["coverage"]:
        lines = coverage_lines(data["coverage"])
        yield _section("Charset", (f"<p>{escape(line.strip())}</p>" for line in lines))
    for title, table in data["tables"].items():
        counts = _bars(top(table, _TABLE_ROWS), made(data, title))
        yield _section(f"{title[0].upper() + title[1:]}, {len(table):,}", [counts])


def _section(title: str, body: Iterable[str]) -> str:
    return f"<section><h2>{escape(title)}</h2>{''.join(body)}</section>"


def _spreads(data: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><tr><th></th>" + "".join(
        f"<th>{name}</th>" for name in ("least", "10 %", "median", "mean", "90 %", "most")
    )
    yield "</tr>"
    for key, title, digits in SPREADS:
        if data[key] is not None:
            cells = "".join(f"<td>{value:,.{digits}f}</td>" for value in data[key].values())
            yield f"<tr><td>{title}</td>{cells}</tr>"
    yield "</table>"


def _bars(counts: Mapping[str, int], whole: int = 0) -> str:
    """Return a bar chart as inline SVG, a row a count, with its share of the whole (of all counts when 0)."""
    total, most = whole or sum(counts.values()), max(counts.values(), default=0)
    width, height = _LABEL_PX + _BARS_PX + 130, _ROW_PX * len(counts)
    rows = [f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">']
    for row, (name, number) in enumerate(counts.items()):
        middle = row * _ROW_PX + _ROW_PX * 0.68
        shown = name if len(name) <= 28 else f"{name[:27]}…"
        long = _BARS_PX * number / most if most else 0.0
        share = 100.0 * number / total if total else 0.0
        rows.append(
            f'<g><title>{escape(name)}: {number:,}</title><text x="0" y="{middle:.0f}">{escape(shown)}</text>'
            f'<rect x="{_LABEL_PX}" y="{row * _ROW_PX + 4}" '
            f'width="{long:.1f}" height="{_ROW_PX - 8}" rx="2"/>'
            f'<text class="faint" x="{_LABEL_PX + long + 8:.1f}" y="{middle:.0f}">'
            f"{number:,} ({share:.1f} %)</text></g>"
        )
    return "".join(rows) + "</svg>"


def _sheet(report: Report) -> Iterator[str]:
    if not report.measured:
        return
    yield "<section><h2>From easy to hard</h2>"
    for name, examples in report.examples.items():
        if examples:
            yield f'<p class="faint">{escape(name)}: {report.buckets[name]:,}</p><div class="sheet">'
            yield from map(_figure, examples)
            yield "</div>"
    yield "</section>"


def _figure(example: Example) -> str:
    kind = "png" if example.image.startswith(b"\x89PNG") else "jpeg"
    picture = base64.b64encode(example.image).decode()
    found = example.measure
    hint = (
        f"{example.where}: difficulty {found.difficulty:.2f}, contrast {found.contrast:.0f}, "
        f"sharpness {found.sharpness:.2f}, clutter {found.clutter:.2f}, noise {found.noise:.1f}"
    )
    return (
        f'<figure title="{escape(hint)}"><img src="data:image/{kind};base64,{picture}" alt="">'
        f'<figcaption dir="auto">{escape(example.text)}</figcaption></figure>'
    )
