"""PaddleOCR's recognition folder as a sink: crops, label lists, dictionary and a configuration that fits."""

from __future__ import annotations

import re
from pathlib import Path

from synthtext.labels.codec.base import Target, Unfit
from synthtext.labels.codec.files import part_folder
from synthtext.labels.codec.images import stem_of
from synthtext.labels.codec.lists import Lists
from synthtext.labels.levels import IGNORE_MARKS
from synthtext.labels.picture import Picture
from synthtext.labels.ppocr import label_line, write_dict
from synthtext.writers.base import WriterOptions
from synthtext.writers.recipe import folder_recipe

_BREAKS = re.compile("[\t\r\n]")


class RecognitionSink:
    """Writes `images/`, `train.txt` ..., `dict.txt` and `rec.yml` below a folder.

    Args:
        root: the folder.
    """

    def __init__(self, target: Target, root: Path) -> None:
        self._target = target
        self._root = root
        self._lists = Lists(root)
        self._longest = 0
        self._spaces = False
        self._known = None if target.charset is None else frozenset(target.charset) | {" "}
        self._met: set[str] = set()

    def add(self, picture: Picture) -> None:
        """Keep one crop."""
        part = picture.part or "train"
        text = self._checked(picture.text or "")
        if self._target.images.how == "none":
            path = picture.path
        else:
            path = self._target.images.put(picture, self._root, f"images/{part_folder(part)}{picture.path}")
        self._keep(part, path, text)

    def add_crops(self, page: Picture) -> None:
        """Cut all texts out of a page and keep them."""
        part = page.part or "train"
        for crop in self._target.cut(page):
            try:
                text = self._checked(crop.text)
            except Unfit as reason:
                self._target.dropped[f"recognition: {reason}"] += 1
                continue
            path = f"images/{part_folder(part)}{stem_of(page.path)}_{crop.number:03d}.jpg"
            self._keep(part, self._target.images.write(crop.data, self._root, path), text)

    def close(self) -> None:
        """Write dictionary and configuration."""
        parts = self._lists.close()
        if not parts:
            return
        charset = self._target.charset or tuple(sorted(self._met - {" "}))
        options = WriterOptions(charset, self._spaces, max(1, self._longest))
        (self._root / "dict.txt").write_bytes(write_dict(charset))
        (self._root / "rec.yml").write_text(folder_recipe(options, parts), "utf-8")

    def _keep(self, part: str, path: str, text: str) -> None:
        self._lists.write(part, label_line(path, text))
        self._longest = max(self._longest, len(text))

    def _checked(self, text: str) -> str:
        if not text:
            raise Unfit("the text is empty")
        if text in IGNORE_MARKS:
            raise Unfit("the text is a mark of text to be ignored")
        if _BREAKS.search(text):
            raise Unfit("the text has a tab or line break")
        if self._known is not None and not self._known.issuperset(text):
            raise Unfit("a character is not in the dictionary")
        if self._known is None:
            self._met.update(text)
        self._spaces = self._spaces or " " in text
        return text
