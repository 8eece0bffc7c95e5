"""The ground of a page: the picture that text is laid on, its regions, and what of it is taken."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.backgrounds import Backgrounds, Kind
from synthtext.assets.photos import MAX_MAGNIFICATION, Photo
from synthtext.assets.regions import Region, RegionMap, regions_of
from synthtext.assets.schemes import TONE
from synthtext.geometry import Floats, Image
from synthtext.rng import Draws
from synthtext.scenes.settings import PageSpec
from synthtext.spec import Weighted

STEP_PX = 4
"""Pixels of the page for each pixel of the map of regions."""

_KEPT = 96
_STRAYING = 0.06
_LEAST_INSIDE = 0.5


@dataclass(slots=True, eq=False)
class Ground:
    """A page before anything is written on it.

    Attributes:
        image: (H, W, 3) uint8 RGB, its own memory.
        kind, whole: as of a `Surface`.
        labels: (h, w) uint8: the region of every `STEP_PX`-th pixel, 0 for none.
        regions: in pixels of the page.
        taken: (h, w) uint8, 1 where something stands.
        depths: (h, w) float32, pixels of the page from the edge of the region.
    """

    image: Image
    kind: str
    labels: NDArray[np.uint8]
    regions: list[Region]
    whole: Image | None = None
    taken: NDArray[np.uint8] = field(init=False)
    depths: Floats = field(init=False)
    _spots: dict[int, NDArray[np.intp]] = field(default_factory=dict)
    _masks: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.taken = np.zeros_like(self.labels)
        within = np.ones_like(self.labels)
        within[0] = within[-1] = within[:, 0] = within[:, -1] = 0
        within[:, 1:] &= self.labels[:, 1:] == self.labels[:, :-1]
        within[1:] &= self.labels[1:] == self.labels[:-1]
        depths = cv2.distanceTransform(within, cv2.DIST_L2, 3) * np.float32(STEP_PX)
        self.depths = np.asarray(depths, np.float32)

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.shape[1], self.image.shape[0]

    def fits(self, quad: Floats, number: int | None, edge: bool = False) -> bool:
        """Return whether a quad lies in the page and free, within a region (None for anywhere).

        Args:
            edge: the quad may stick out of the page.
        """
        width, height = self.size_wh
        corners = quad.tolist()
        inside = all(1 <= x < width - 1 and 1 <= y < height - 1 for x, y in corners)
        if not inside and (not edge or _share_inside(corners, width, height) < _LEAST_INSIDE):
            return False
        small = np.rint(quad * (1.0 / STEP_PX) - 0.5).astype(np.int32)
        left, top = max(0, int(small[:, 0].min())), max(0, int(small[:, 1].min()))
        right, bottom = int(small[:, 0].max()) + 1, int(small[:, 1].max()) + 1
        taken = self.taken[top:bottom, left:right]
        own = np.zeros(taken.shape, np.uint8)
        cv2.fillConvexPoly(own, small - np.array([left, top], np.int32), 1)
        if cv2.countNonZero(cv2.bitwise_and(own, taken)):
            return False
        if number is None:
            return True
        seen = cv2.countNonZero(cv2.bitwise_and(own, self._mask(number)[top:bottom, left:right]))
        return seen >= (1.0 - _STRAYING) * cv2.countNonZero(own)

    def _mask(self, number: int) -> NDArray[np.uint8]:
        mask = self._masks.get(number)
        if mask is None:
            mask = self._masks[number] = (self.labels == number).astype(np.uint8)
        return mask

    def spot(self, region: Region, draws: Draws) -> tuple[float, float, float] | None:
        """Return a point of a region and how far it is from the region's edge; None if something stands there."""
        spots = self._spots.get(region.number)
        if spots is None:
            spots = self._spots[region.number] = np.flatnonzero(self.labels.ravel() == region.number)
        row, column = divmod(int(spots[int(draws.unit() * len(spots))]), self.labels.shape[1])
        if self.taken[row, column]:
            return None
        return (column + 0.5) * STEP_PX, (row + 0.5) * STEP_PX, float(self.depths[row, column])

    def take(self, quad: Floats, margin_px: float) -> None:
        """Mark what lies under a quad and `margin_px` round it as taken."""
        centre = quad.mean(axis=0)
        out = quad - centre
        grown = centre + out * (1.0 + margin_px / np.maximum(np.abs(out), 6.0))
        cv2.fillConvexPoly(self.taken, np.rint(grown / STEP_PX - 0.5).astype(np.int32), 1)


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
        self._maps: OrderedDict[int, tuple[Photo, RegionMap]] = OrderedDict()

    def draw(self, draws: Draws, index: int) -> Ground:
        """Return the ground of page `index`."""
        size_wh = self._sizes.draw(draws)
        photos = self._backgrounds.photos
        kind = self._backgrounds.kinds.draw(draws)
        if kind != "photo" or photos is None:
            return self._surface(draws, index, size_wh, kind)
        photo = photos.photo(index, draws.unit())
        found = self._regions(photo)
        full_h, full_w = photo.levels[0].shape[:2]
        need = max(size_wh[0] / full_w, size_wh[1] / full_h)
        wanted, at, flip = draws.unit(), (draws.unit(), draws.unit()), draws.chance(self._backgrounds.spec.flip)
        extends = draws.chance(self._spec.extend_chance)
        if need > MAX_MAGNIFICATION:
            if extends:
                return _extended(photo, found, size_wh, flip)
            shrink = MAX_MAGNIFICATION / need
            size_wh = (int(size_wh[0] * shrink), int(size_wh[1] * shrink))
            need = MAX_MAGNIFICATION
        # Mostly the whole photograph; now and then a part of it, at its own size.
        scale = need * (max(1.0, MAX_MAGNIFICATION / need) ** (wanted**2 * 0.8))
        return _cut(photo, found, size_wh, scale, at, flip)

    def _surface(self, draws: Draws, index: int, size_wh: tuple[int, int], kind: Kind) -> Ground:
        surface = self._backgrounds.surface(draws, index, size_wh, kind, TONE)
        width, height = size_wh
        labels = np.ones((-(-height // STEP_PX), -(-width // STEP_PX)), np.uint8)
        whole = Region(1, 1.0, min(size_wh) / 2, 1.0, (width / 2, height / 2), (0.0, 0.0), (0.0, 0.0))
        return Ground(surface.image, surface.kind, labels, [whole])

    def _regions(self, photo: Photo) -> RegionMap:
        known = self._maps.get(id(photo))
        if known is None:
            known = self._maps[id(photo)] = (photo, regions_of(photo.levels[0], self._use_cache))
            if len(self._maps) > _KEPT:
                self._maps.popitem(last=False)
        return known[1]


def _cut(
    photo: Photo, found: RegionMap, size_wh: tuple[int, int], scale: float, at: tuple[float, float], flip: bool
) -> Ground:
    image = photo.window(size_wh, scale, at)
    width, height = size_wh
    full_h, full_w = photo.levels[0].shape[:2]
    left, top = at[0] * max(0.0, full_w - width / scale), at[1] * max(0.0, full_h - height / scale)
    labels = _looked_up(found, (full_w, full_h), size_wh, scale, (left, top))
    regions = [_on_page(region, full_w * scale, (left * scale, top * scale)) for region in found.regions]
    if flip:
        image = cv2.flip(image, 1)  # type: ignore[assignment]
        labels = np.ascontiguousarray(labels[:, ::-1])
        regions = [_mirrored(region, width) for region in regions]
    return Ground(image, f"photo:{photo.name}", labels, _seen(regions, labels), photo.levels[-1])


def _extended(photo: Photo, found: RegionMap, size_wh: tuple[int, int], flip: bool) -> Ground:
    """The photograph as large as it may be, in the middle of a blurred copy that fills the page."""
    width, height = size_wh
    full_h, full_w = photo.levels[0].shape[:2]
    scale = min(MAX_MAGNIFICATION, width / full_w, height / full_h)
    inner = (min(width, int(full_w * scale)), min(height, int(full_h * scale)))
    ground = _cut(photo, found, inner, scale, (0.5, 0.5), flip)
    tiny = cv2.resize(photo.levels[-1], (48, max(8, 48 * height // width)), interpolation=cv2.INTER_AREA)
    page = cv2.resize(cv2.GaussianBlur(tiny, (0, 0), 2.0), size_wh, interpolation=cv2.INTER_LINEAR)
    left, top = (width - inner[0]) // 2 // STEP_PX * STEP_PX, (height - inner[1]) // 2 // STEP_PX * STEP_PX
    page[top : top + inner[1], left : left + inner[0]] = ground.image
    labels = np.zeros((-(-height // STEP_PX), -(-width // STEP_PX)), np.uint8)
    rows, columns = ground.labels.shape
    target = labels[top // STEP_PX : top // STEP_PX + rows, left // STEP_PX : left // STEP_PX + columns]
    target[:] = ground.labels[: target.shape[0], : target.shape[1]]
    regions = [replace(region, centre=(region.centre[0] + left, region.centre[1] + top)) for region in ground.regions]
    return Ground(page, ground.kind, labels, regions, ground.whole)  # type: ignore[arg-type]


def _looked_up(
    found: RegionMap, full_wh: tuple[int, int], size_wh: tuple[int, int], scale: float, corner: tuple[float, float]
) -> NDArray[np.uint8]:
    rows, columns = found.labels.shape
    width, height = size_wh
    x = (np.arange(-(-width // STEP_PX)) + 0.5) * (STEP_PX / scale) + corner[0]
    y = (np.arange(-(-height // STEP_PX)) + 0.5) * (STEP_PX / scale) + corner[1]
    across = np.minimum((x * (columns / full_wh[0])).astype(np.intp), columns - 1)
    down = np.minimum((y * (rows / full_wh[1])).astype(np.intp), rows - 1)
    labels: NDArray[np.uint8] = found.labels[down[:, None], across[None, :]]
    return labels


def _on_page(region: Region, unit_px: float, corner: tuple[float, float]) -> Region:
    """Return a region in pixels of a page on which the photograph is `unit_px` wide."""
    return replace(
        region,
        depth=region.depth * unit_px,
        centre=(region.centre[0] * unit_px - corner[0], region.centre[1] * unit_px - corner[1]),
        across=(region.across[0], region.across[1] / unit_px),
        upright=(region.upright[0], region.upright[1] / unit_px),
    )


def _mirrored(region: Region, width: int) -> Region:
    return replace(
        region,
        centre=(width - region.centre[0], region.centre[1]),
        across=(-region.across[0], -region.across[1]),
        upright=(-region.upright[0], region.upright[1]),
    )


def _seen(regions: list[Region], labels: NDArray[np.uint8]) -> list[Region]:
    """Return the regions of which the page shows enough, with their share of it."""
    counts = np.bincount(labels.ravel(), minlength=256)
    least = max(60, labels.size // 300)
    return [
        replace(region, share=float(counts[region.number] / labels.size))
        for region in regions
        if counts[region.number] >= least
    ]


def _share_inside(corners: list[list[float]], width: int, height: int) -> float:
    """Return about how much of a quad lies in the page, by the box round it."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    across = max(0.0, min(right, width) - max(left, 0.0)) / max(1.0, right - left)
    down = max(0.0, min(bottom, height) - max(top, 0.0)) / max(1.0, bottom - top)
    return across * down


def lean(degrees: float) -> float:
    """Return the slope of an angle."""
    return math.tan(math.radians(degrees))
