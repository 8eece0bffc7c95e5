"""Which photographs are drawn from: those of folders and lists, without those that hold text where that is wished."""

from __future__ import annotations

from collections.abc import Sequence

from synthtext.assets.photo_index import PhotoIndex, index_photos
from synthtext.assets.text_findings import open_findings
from synthtext.assets.text_search import Looking, TextReport, TextRule, leave_out_text
from synthtext.errors import AssetError


def index_places(places: Sequence[str], use_cache: bool = True) -> tuple[PhotoIndex, ...]:
    """Return the photographs of folders and lists.

    Raises:
        AssetError: one is missing, cannot be read, or holds no image.
    """
    indices = tuple(index_photos(place, use_cache) for place in places)
    for index in indices:
        if not len(index):
            ignored = f"; its {index.others:,} files are of other types" if index.others else ""
            raise AssetError(f"backgrounds: {index.root} holds no image{ignored}; name a folder of photographs")
    return indices


def textless(
    indices: Sequence[PhotoIndex], rule: TextRule, use_cache: bool, looking: Looking
) -> tuple[PhotoIndex, ...]:
    """Return those of the photographs that hold no text; what is not known is found out.

    Raises:
        AssetError: all hold text, or what looks for it is not installed.
    """
    report = look_for_text(indices, use_cache, looking, rule)
    if report.with_text == report.photos:
        path, found = report.most[0]
        raise AssetError(
            f"backgrounds: all {report.photos:,} photographs in {', '.join(index.root for index in indices)} hold "
            f"text (such as {path}, on {found.share:.1%} of it); name another folder, or raise background.text_score "
            f"({rule.score:g}) or background.text_share ({rule.share:g})"
        )
    return report.clean


def look_for_text(
    indices: Sequence[PhotoIndex], use_cache: bool, looking: Looking, rule: TextRule | None = None
) -> TextReport:
    """Look for text in the photographs that nobody has looked at yet, and return what is known of all.

    Raises:
        AssetError: there are some, but what looks for text is not installed.
    """
    findings = open_findings(use_cache)
    try:
        return leave_out_text(indices, findings, rule or TextRule(), looking)
    finally:
        findings.close()
