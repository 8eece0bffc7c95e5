"""The pages that there are, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page and its names."""

    path: str
    en: str
    zh: str


PAGES = (
    PageLink("/pool", "Pool", "图片池"),
    PageLink("/search", "Search", "搜索"),
    PageLink("/label", "Label", "标注"),
    PageLink("/wall", "Crop wall", "切片墙"),
    PageLink("/review", "Review", "复核"),
    PageLink("/synthetic", "Synthetic", "合成"),
    PageLink("/datasets", "Datasets", "数据集"),
    PageLink("/dashboard", "Dashboard", "进度"),
)
