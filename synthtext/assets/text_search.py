"""Looking for text in folders of photographs, and leaving out those that hold some.

Done once, by the process that starts a run: what comes out are indices of the photographs without text, and these
are what workers get. A photograph that is known from an earlier search is not looked at again.
"""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from threading import local

import numpy as np

from synthtext.assets.photo_files import PhotoLimit, Unreadable, decode_photo
from synthtext.assets.photo_index import PhotoIndex
from synthtext.assets.text_finder import EXTRA, Find, TextFinder, TextFound, shipped_finder
from synthtext.assets.text_findings import FileState, Findings
from synthtext.errors import AssetError

# Photographs are looked at in this size, in which words of 12 pixels and more are found.
LOOKED_AT = PhotoLimit(1280, 1280 * 1280)

# Each thread holds 250 MB.
_MOST_THREADS = 16
_KEPT_AT_ONCE = 16
_LISTED = 20
_PATHS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class TextRule:
    """When a photograph counts as one that holds text.

    Attributes:
        score: how sure a place has to be to count, in [0, 1].
        share: the share of the photograph that such places may cover; more than this is too much.
    """

    score: float = 0.8
    share: float = 0.0

    def __call__(self, found: TextFound) -> bool:
        """Return whether it holds text."""
        if not len(found):
            return False
        sure = found.sure(self.score)
        return len(sure) > 0 and sure.share > self.share


@dataclass(slots=True)
class TextReport:
    """What a search came to.

    Attributes:
        photos: how many photographs were asked about.
        looked_at: how many of them were not known from an earlier search.
        with_text: how many hold text.
        most: those with most text, (path, what counts in it), most first.
        clean: the photographs that hold none, by folder.
    """

    photos: int = 0
    looked_at: int = 0
    with_text: int = 0
    most: list[tuple[str, TextFound]] = field(default_factory=list)
    clean: tuple[PhotoIndex, ...] = ()


@dataclass(frozen=True, slots=True)
class Looking:
    """How photographs are looked at.

    Attributes:
        finder: None for the one with rapidocr.
        threads: photographs looked at side by side; None for one a core, at most 16.
        progress: called with (done, total) after each photograph that is looked at.
    """

    finder: TextFinder | None = None
    threads: int | None = None
    progress: Callable[[int, int], None] | None = None


def leave_out_text(indices: Sequence[PhotoIndex], findings: Findings, rule: TextRule, looking: Looking) -> TextReport:
    """Return the photographs without text and what is known of the others.

    Those that `findings` does not know are looked at, and what is found in them is kept there.

    Raises:
        AssetError: there are photographs to look at, but no finder is installed.
    """
    finder = looking.finder or shipped_finder()
    report = TextReport(photos=sum(map(len, indices)))
    clean = [np.ones(len(index), np.bool_) for index in indices]
    unknown: list[tuple[int, int]] = []

    def judge(at: int, number: int, found: TextFound) -> None:
        if rule(found):
            clean[at][number] = False
            report.with_text += 1
            report.most.append((indices[at].path(number), found.sure(rule.score)))
            if len(report.most) > 50 * _LISTED:
                report.most = _most(report.most)

    for at, index in enumerate(indices):
        for number, known in enumerate(_known(index, findings, finder.name if finder else None)):
            if known is None:
                unknown.append((at, number))
            else:
                judge(at, number, known)
    if unknown:
        paths = (indices[at].path(number) for at, number in unknown)
        if finder is None:
            raise AssetError(
                f"backgrounds: nobody has looked for text in {len(unknown):,} photographs (such as {next(paths)}), "
                f"and what looks for it is not installed; {EXTRA}"
            )
        threads = looking.threads or min(os.cpu_count() or 1, _MOST_THREADS)
        with closing(_looks(paths, findings, finder, threads)) as looks:
            for done, ((at, number), found) in enumerate(zip(unknown, looks, strict=True), 1):
                judge(at, number, found)
                if looking.progress is not None:
                    looking.progress(done, len(unknown))
    report.looked_at = len(unknown)
    report.most = _most(report.most)
    report.clean = tuple(
        index if kept.all() else index.only(np.flatnonzero(kept).tolist())
        for index, kept in zip(indices, clean, strict=True)
    )
    return report


def _most(found: list[tuple[str, TextFound]]) -> list[tuple[str, TextFound]]:
    return sorted(found, key=lambda item: (-item[1].share, item[0]))[:_LISTED]


def _known(index: PhotoIndex, findings: Findings, finder: str | None) -> Iterator[TextFound | None]:
    for start in range(0, len(index), _PATHS_AT_ONCE):
        numbers = range(start, min(start + _PATHS_AT_ONCE, len(index)))
        yield from findings.known([index.path(number) for number in numbers], finder)


def _looks(
    paths: Iterator[str], findings: Findings, finder: TextFinder, threads: int
) -> Generator[TextFound, None, None]:
    """Look at photographs, keep what is found now and then and at the end, also when it is cut short."""
    kept: list[tuple[FileState, TextFound]] = []
    # Decoders silence warnings, each thread for itself and Python for all: what is set at the end is set back.
    with warnings.catch_warnings(), closing(_Looks(finder, threads)(paths)) as looks:
        try:
            for state, found in looks:
                if state is not None:
                    kept.append((state, found))
                if len(kept) >= _KEPT_AT_ONCE:
                    findings.add(kept, finder.name)
                    kept = []
                yield found
        finally:
            findings.add(kept, finder.name)


class _Looks:
    """Looks at photographs with several threads, and gives back what they find in order."""

    def __init__(self, finder: TextFinder, threads: int) -> None:
        self._finder = finder
        self._threads = threads
        self._own = local()

    def __call__(self, paths: Iterator[str]) -> Generator[tuple[FileState | None, TextFound], None, None]:
        waiting: deque[Future[tuple[FileState | None, TextFound]]] = deque()
        pool = ThreadPoolExecutor(self._threads, "synthtext-text")
        try:
            for path in paths:
                waiting.append(pool.submit(self._look, path))
                if len(waiting) >= 4 * self._threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _look(self, path: str) -> tuple[FileState | None, TextFound]:
        state = FileState.of(path)
        try:
            image = decode_photo(path, LOOKED_AT).image
        except Unreadable:
            return state, TextFound.none((0, 0))
        find: Find | None = getattr(self._own, "find", None)
        if find is None:
            find = self._own.find = self._finder.open()
        return state, find(image)
