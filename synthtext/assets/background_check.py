"""Looking through folders of photographs before a run: what can be used, what not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from synthtext.assets.photo_files import PhotoLimit, Unreadable, decode_photo
from synthtext.assets.photo_index import PhotoIndex, index_photos

_SIZES_PX = (360, 720, 1280, 2560)
_LISTED = 50


@dataclass(slots=True)
class BackgroundReport:
    """What a look through folders of photographs found. All counts are of image files but `others`.

    Attributes:
        files: image files found.
        checked: of them, how many were decoded; fewer than `files` when a limit was set.
        readable: of the checked ones, how many can be used.
        others: files whose names are not those of images.
        reasons: why files cannot be used -> how many.
        unreadable: path -> reason, the first 50.
        sizes: length of the longer side, such as `361-720` -> how many.
        kinds: format and colour, such as `JPEG RGB` or `PNG 16-bit gray` -> how many.
        turned: photographs that an EXIF tag turns upright.
        folders_skipped: subfolder -> why it could not be listed.
        usable: the checked photographs that can be used, by folder.
    """

    files: int = 0
    checked: int = 0
    readable: int = 0
    others: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    turned: int = 0
    folders_skipped: dict[str, str] = field(default_factory=dict)
    usable: tuple[PhotoIndex, ...] = ()


def check_backgrounds(
    dirs: Sequence[str],
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BackgroundReport:
    """Decode the photographs of folders and lists, and return what they are.

    Args:
        limit: decode at most this many, evenly spread over all; None for every one.
        progress: called now and then with (done, total).

    Raises:
        AssetError: a folder is missing or cannot be listed.
    """
    report = BackgroundReport()
    reasons, sizes, kinds = Counter[str](), Counter[str](), Counter[str]()
    indices = [index_photos(folder, use_cache=False) for folder in dirs]
    report.files = sum(len(index) for index in indices)
    total = report.files if limit is None else min(limit, report.files)
    ends: list[tuple[int, int]] = []
    usable: list[list[int]] = [[] for _ in indices]
    before = 0
    for at, index in enumerate(indices):
        report.others += index.others
        report.folders_skipped.update(index.problems)
        ends.extend((at, number) for number in _spread(before, len(index), total, report.files))
        before += len(index)
    goal = PhotoLimit(640, 640 * 640)
    for done, (at, number) in enumerate(ends):
        path = indices[at].path(number)
        report.checked += 1
        try:
            photo = decode_photo(path, goal)
        except Unreadable as error:
            # The reason without the numbers of this one file, so that like counts with like.
            reasons[error.group] += 1
            if len(report.unreadable) < _LISTED:
                report.unreadable[path] = str(error)
        else:
            report.readable += 1
            usable[at].append(number)
            report.turned += photo.turned
            sizes[_size_name(max(photo.file_wh))] += 1
            kinds[f"{photo.format} {_MODES.get(photo.mode, photo.mode)}"] += 1
        if progress is not None and done % 50 == 49:
            progress(done + 1, len(ends))
    report.usable = tuple(index.only(numbers) for index, numbers in zip(indices, usable, strict=True))
    report.reasons, report.kinds = dict(reasons.most_common()), dict(kinds.most_common())
    report.sizes = {name: sizes[name] for name in map(_size_name, (*_SIZES_PX, _SIZES_PX[-1] + 1)) if name in sizes}
    return report


_MODES = {
    "L": "gray",
    "LA": "gray with alpha",
    "RGBA": "RGB with alpha",
    "P": "palette",
    "1": "black and white",
    "I;16": "16-bit gray",
    "I;16B": "16-bit gray",
    "I": "16-bit gray",
}


def _spread(before: int, count: int, wanted: int, files: int) -> range | list[int]:
    """Return which of a folder's `count` photographs are looked at, when `wanted` of all `files` are.

    Args:
        before: photographs in the folders before this one. Steps run through all folders, so that rounding
            does not add a photograph for each.
    """
    if wanted >= files:
        return range(count)
    first, stop = -(-before * wanted // files), -(-(before + count) * wanted // files)
    return [n * files // wanted - before for n in range(first, stop)]


def _size_name(side_px: int) -> str:
    below = 0
    for edge in _SIZES_PX:
        if side_px <= edge:
            return f"{below + 1}-{edge}"
        below = edge
    return f"over {below}"
