"""Makes the grounds of pages: photographs cut, composed or extended to a page's size, or surfaces made by rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.backgrounds import Backgrounds, Kind
from synthtext.assets.own_text import own_text
from synthtext.assets.palettes import flat
from synthtext.assets.photos import MAX_MAGNIFICATION, Photo
from synthtext.assets.regions import Region, RegionMap, regions_of
from synthtext.assets.schemes import TONE
from synthtext.rng import Draws
from synthtext.scenes.composition import Composition, composition
from synthtext.scenes.ground import STEP_PX, Ground, histogram
from synthtext.scenes.settings import PageSpec
from synthtext.scenes.tone import Tone, tone_of
from synthtext.spec import Weighted

_MOST_REGIONS = 255
_AS_GOOD = 1.05
_MOST_OTHERS = 24
_BETWEEN_PX = 0.5
_OPEN_AIR = 0.22


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """A photograph with what its analysis found."""

    photo: Photo
    found: RegionMap
    tone: Tone
    text: NDArray[np.uint8] | None


_Kept = WeakKeyDictionary[Photo, tuple[RegionMap, Tone, NDArray[np.uint8] | None]]


class Grounds:
    """Makes the grounds of pages.

    Args:
        use_cache: results of analysing photographs may be read from and kept in the cache folder.
    """

    def __init__(self, spec: PageSpec, backgrounds: Backgrounds, use_cache: bool = True) -> None:
        self._spec = spec
        self._backgrounds = backgrounds
        self._use_cache = use_cache
        self._sizes = Weighted(spec.sizes_wh())
        made: dict[Kind, float] = {kind: weight for kind, weight in backgrounds.spec.kinds.items() if kind != "photo"}
        self._made = Weighted(made) if any(weight > 0 for weight in made.values()) else None
        # Weak, so that the pool alone says how many photographs stay decoded.
        self._maps: _Kept = WeakKeyDictionary()

    def draw(self, draws: Draws, index: int) -> Ground:
        """Return the ground of page `index`."""
        size_wh = self._sizes.draw(draws)
        photos = self._backgrounds.photos
        kind = self._backgrounds.kinds.draw(draws)
        if kind != "photo" or photos is None:
            return self._surface(draws, index, size_wh, kind)
        known = self._known(photos.photo(index, draws.unit()))
        for _ in range(_MOST_OTHERS):
            if not known.found.distant or (draws.chance(self._spec.distant_chance) and self._suits(known)):
                break
            known = self._known(photos.photo(index, draws.unit()))
        else:  # nothing but views is at hand
            if self._made is not None and not self._suits(known):
                return self._surface(draws, index, size_wh, self._made.draw(draws))
        photo = known.photo
        wanted, at, flip = draws.unit(), (draws.unit(), draws.unit()), draws.chance(self._backgrounds.spec.flip)
        extends, composes, parts = draws.units(3)
        need = _need(photo, size_wh)
        if need > MAX_MAGNIFICATION:
            if extends < self._spec.extend_chance:
                return _extended(known, size_wh, flip)
            if composes < self._spec.compose_chance and not known.found.distant:
                others = dict.fromkeys(photos.photo(index, draws.unit()) for _ in range(8))
                others.pop(photo, None)
                # Titles of views would run over all of them: they stand alone.
                alike = [other for other in others if not self._known(other).found.distant]
                grid = composition([photo, *alike][:4], size_wh, parts)
                if grid is not None:
                    return self._composed(grid, size_wh, flip)
            size_wh = self._fitting(photo, size_wh)
            need = _need(photo, size_wh)
        if need > MAX_MAGNIFICATION:
            shrink = MAX_MAGNIFICATION / need
            size_wh = (int(size_wh[0] * shrink), int(size_wh[1] * shrink))
            need = MAX_MAGNIFICATION
        # Mostly the whole photograph; now and then a part of it, at its own size.
        scale = need * (max(1.0, MAX_MAGNIFICATION / need) ** (wanted**2 * 0.8))
        return _cut(known, size_wh, scale, at, flip)

    def _suits(self, known: _Known) -> bool:
        """Whether a view will do: words need nothing, ropes and posts the open air, and paper a table."""
        if self._spec.layout != "banner":
            return self._spec.layout not in ("form", "document")
        return sum(region.share for region in known.found.regions if region.sky) >= _OPEN_AIR

    def _surface(self, draws: Draws, index: int, size_wh: tuple[int, int], kind: Kind) -> Ground:
        surface = self._backgrounds.surface(draws, index, size_wh, kind, TONE)
        width, height = size_wh
        labels = np.ones((-(-height // STEP_PX), -(-width // STEP_PX)), np.uint8)
        whole = Region(1, 1.0, min(size_wh) / 2, 1.0, (width / 2, height / 2), (0.0, 0.0), (0.0, 0.0))
        return Ground(surface.image, surface.kind, labels, [whole])

    def _fitting(self, photo: Photo, size_wh: tuple[int, int]) -> tuple[int, int]:
        """Return the page size that a photograph has to be enlarged least for, this one if it is as good as any."""
        sizes = [size for size, weight in self._spec.sizes_wh().items() if weight > 0]
        best = min(_need(photo, size) for size in sizes)
        if _need(photo, size_wh) <= best * _AS_GOOD:
            return size_wh
        return next(size for size in sizes if _need(photo, size) == best)

    def _composed(self, grid: Composition, size_wh: tuple[int, int], flip: bool) -> Ground:
        """Return several photographs side by side on one page, each with its own regions."""
        page = flat(size_wh, grid.gap)
        labels = np.zeros((-(-size_wh[1] // STEP_PX), -(-size_wh[0] // STEP_PX)), np.uint8)
        text = np.zeros_like(labels)
        regions: list[Region] = []
        floors: set[int] = set()
        soft_px = 0.0
        for photo, (left, top, right, bottom) in grid.cells:
            inner = (right - left, bottom - top)
            ground = _cut(self._known(photo), inner, _need(photo, inner), (0.5, 0.5), flip)
            page[top:bottom, left:right] = ground.image
            room = labels[top // STEP_PX : -(-bottom // STEP_PX), left // STEP_PX : -(-right // STEP_PX)]
            own = ground.labels[: room.shape[0], : room.shape[1]]
            if ground.text is not None:
                written = ground.text[: room.shape[0], : room.shape[1]]
                text[top // STEP_PX :, left // STEP_PX :][: written.shape[0], : written.shape[1]] = written
            for region in ground.regions:
                if len(regions) < _MOST_REGIONS:
                    number = len(regions) + 1
                    room[: own.shape[0], : own.shape[1]][own == region.number] = number
                    centre = (region.centre[0] + left, region.centre[1] + top)
                    regions.append(replace(region, number=number, centre=centre))
                    if ground.is_floor(region):
                        floors.add(number)
            soft_px = max(soft_px, ground.soft_px)
        first = grid.cells[0][0]
        return Ground(
            page,
            f"photo:{first.name}",
            labels,
            [replace(region, share=share) for region, share in _shown(regions, labels)],
            first.levels[-1],
            soft_px,
            self._known(first).tone,
            text,
            composed=True,
            floors=frozenset(floors),
        )

    def _known(self, photo: Photo) -> _Known:
        kept = self._maps.get(photo)
        if kept is None:
            found = regions_of(photo.levels[0], self._use_cache)
            text = own_text(photo, found, self._backgrounds.spec.keep_off_text, self._use_cache)
            kept = self._maps[photo] = (found, tone_of(photo.levels[-1]), text)
        return _Known(photo, *kept)


def _need(photo: Photo, size_wh: tuple[int, int]) -> float:
    """Return how much a photograph must be enlarged to fill a page."""
    height, width = photo.levels[0].shape[:2]
    return float(max(size_wh[0] / width, size_wh[1] / height))


def _cut(known: _Known, size_wh: tuple[int, int], scale: float, at: tuple[float, float], flip: bool) -> Ground:
    photo, found = known.photo, known.found
    image = photo.window(size_wh, scale, at)
    width, height = size_wh
    full_h, full_w = photo.levels[0].shape[:2]
    left, top = at[0] * max(0.0, full_w - width / scale), at[1] * max(0.0, full_h - height / scale)
    labels = _looked_up(found.labels, (full_w, full_h), size_wh, scale, (left, top))
    text = None if known.text is None else _looked_up(known.text, (full_w, full_h), size_wh, scale, (left, top))
    if flip:
        cv2.flip(image, 1, image)
        labels = np.ascontiguousarray(labels[:, ::-1])
        text = None if text is None else np.ascontiguousarray(text[:, ::-1])
    # Nothing that a distant view shows is near enough to be written on.
    shown = [] if found.distant else _shown(found.regions, labels)
    seen = [
        _on_page(region, share, full_w * scale, (left * scale, top * scale), width if flip else None)
        for region, share in shown
    ]
    # What lies between the pixels of an enlarged photograph is made up of them: that is a blur as well.
    soft_px = math.hypot(found.soft_px * scale, _BETWEEN_PX * math.sqrt(max(0.0, scale * scale - 1.0)))
    kind = f"photo:{photo.name}"
    return Ground(image, kind, labels, seen, photo.levels[-1], soft_px, known.tone, text, found.distant)


def _extended(known: _Known, size_wh: tuple[int, int], flip: bool) -> Ground:
    """The photograph as large as it may be, in the middle of a blurred copy that fills the page."""
    photo = known.photo
    width, height = size_wh
    full_h, full_w = photo.levels[0].shape[:2]
    scale = min(MAX_MAGNIFICATION, width / full_w, height / full_h)
    inner = (min(width, int(full_w * scale)), min(height, int(full_h * scale)))
    ground = _cut(known, inner, scale, (0.5, 0.5), flip)
    tiny = cv2.resize(photo.levels[-1], (48, max(8, 48 * height // width)), interpolation=cv2.INTER_AREA)
    page = cv2.resize(cv2.GaussianBlur(tiny, (0, 0), 2.0), size_wh, interpolation=cv2.INTER_LINEAR)
    left, top = (width - inner[0]) // 2 // STEP_PX * STEP_PX, (height - inner[1]) // 2 // STEP_PX * STEP_PX
    page[top : top + inner[1], left : left + inner[0]] = ground.image
    labels = np.zeros((-(-height // STEP_PX), -(-width // STEP_PX)), np.uint8)
    rows, columns = ground.labels.shape
    target = labels[top // STEP_PX : top // STEP_PX + rows, left // STEP_PX : left // STEP_PX + columns]
    target[:] = ground.labels[: target.shape[0], : target.shape[1]]
    text = np.zeros_like(labels)
    if ground.text is not None:
        written = ground.text[: target.shape[0], : target.shape[1]]
        text[top // STEP_PX :, left // STEP_PX :][: written.shape[0], : written.shape[1]] = written
    regions = [replace(region, centre=(region.centre[0] + left, region.centre[1] + top)) for region in ground.regions]
    return Ground(
        page,  # type: ignore[arg-type]
        ground.kind,
        labels,
        regions,
        ground.whole,
        ground.soft_px,
        ground.tone,
        text,
        ground.distant,
        floors=frozenset(region.number for region in ground.regions if ground.is_floor(region)),
    )


def _looked_up(
    known: NDArray[np.uint8],
    full_wh: tuple[int, int],
    size_wh: tuple[int, int],
    scale: float,
    corner: tuple[float, float],
) -> NDArray[np.uint8]:
    """Return what a map of the whole photograph says of every `STEP_PX`-th pixel of a page cut out of it."""
    rows, columns = known.shape
    width, height = size_wh
    x = (np.arange(-(-width // STEP_PX)) + 0.5) * (STEP_PX / scale) + corner[0]
    y = (np.arange(-(-height // STEP_PX)) + 0.5) * (STEP_PX / scale) + corner[1]
    across = np.minimum((x * (columns / full_wh[0])).astype(np.intp), columns - 1)
    down = np.minimum((y * (rows / full_wh[1])).astype(np.intp), rows - 1)
    return known[down].take(across, axis=1)  # type: ignore[no-any-return]


def _on_page(
    region: Region, share: float, unit_px: float, corner: tuple[float, float], mirrored_px: int | None
) -> Region:
    """Return a region in pixels of a page on which the photograph is `unit_px` wide.

    Args:
        share: of the page.
        mirrored_px: width of the page, where it is mirrored.
    """
    x, y = region.centre[0] * unit_px - corner[0], region.centre[1] * unit_px - corner[1]
    (slope, fan), (tilt, spread) = region.across, region.upright
    if mirrored_px is not None:
        x, slope, fan, tilt = mirrored_px - x, -slope, -fan, -tilt
    return Region(
        region.number,
        share,
        region.depth * unit_px,
        region.calm,
        (x, y),
        (slope, fan / unit_px),
        (tilt, spread / unit_px),
        region.sky,
    )


def _shown(regions: Sequence[Region], labels: NDArray[np.uint8]) -> list[tuple[Region, float]]:
    """Return the regions of which the page shows enough, each with its share of it."""
    counts = histogram(labels).tolist()
    least = max(60, labels.size // 300)
    return [(region, counts[region.number] / labels.size) for region in regions if counts[region.number] >= least]
