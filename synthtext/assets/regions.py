"""Regions of photographs: where a person would put text, and how the surface lies there.

A photograph is cut into regions of one colour and texture that edges bound. For each region the lines in and round it
(eaves, window rows, joints, kerbs) tell how horizontals and uprights run on its plane. A photograph is analysed once,
in a fraction of a second, and the result is kept in the cache folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthtext.assets.bare import below_window, calmness, one_wall, pieces, usable, without_foot
from synthtext.assets.islands import islands
from synthtext.assets.likely_text import likely_text
from synthtext.assets.planes import plane, straight_edges
from synthtext.assets.region_traits import is_distant, is_sky, softness_px
from synthtext.geometry import Floats, Image
from synthtext.paths import cache_dir

# Bump this when the analysis changes: results of another version are made again.
_VERSION = 15
_SIDE_PX = 400
_LINES_SIDE_PX = 900
_MOST_REGIONS = 48
_LEAST_SHARE = 0.006
_LEAST_DEPTH = 0.022
_LEAST_USABLE = 0.12
# What reaches so much of the lower edge stands on the ground, or is the ground.
_STANDS = 0.08
_Labels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Region:
    """One region of a photograph. Lengths are in widths of the photograph, positions from its top left corner.

    Attributes:
        number: of its pixels in the map of labels.
        share: of the photograph's area.
        depth: how far its innermost point is from its edge.
        calm: 1 for an even surface, towards 0 for a busy one.
        centre: its innermost point.
        across: how horizontals run: (slope at the centre, change of slope a width further down).
        upright: how uprights run: (dx/dy at the centre, its change a width further right).
        sky: nothing can stand or hang there.
    """

    number: int
    share: float
    depth: float
    calm: float
    centre: tuple[float, float]
    across: tuple[float, float]
    upright: tuple[float, float]
    sky: bool = False

    def corners(
        self, at: tuple[float, float], width: float, height: float, lean: float = 0.0
    ) -> list[tuple[float, float]]:
        """Return the corners of an upright sheet on the region's plane, centred `at`, in the region's units.

        Args:
            lean: slope that is added to its horizontals, as of a sheet that hangs askew.
        """
        slope, fan = self.across
        tilt, spread = self.upright
        below, right = at[1] - self.centre[1], at[0] - self.centre[0]
        corners = []
        for u, v in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
            dx, dy = u * width, v * height
            rise = slope + fan * (below + dy) + lean
            push = tilt + spread * (right + dx) - lean
            corners.append((at[0] + dx + dy * push, at[1] + dy + dx * rise))
        return corners


@dataclass(frozen=True, slots=True, eq=False)
class RegionMap:
    """The regions of a photograph.

    Attributes:
        labels: (h, w) uint8, small: the number of the region that each pixel belongs to, 0 for none.
        regions: the usable ones, the largest first.
        soft_px: blur of the sharpest edges, pixels of the photograph.
        text: (h, w) uint8, 1 where the photograph seems to hold lettering; None for nowhere.
        distant: it is a view of something far away, or a close-up: there is no surface to write on.
    """

    labels: _Labels
    regions: tuple[Region, ...]
    soft_px: float = 0.0
    text: _Labels | None = None
    distant: bool = False


def analyse(photo: Image) -> RegionMap:
    """Return the regions of a photograph, (H, W, 3) uint8 RGB."""
    small = _reduced(photo, _SIDE_PX)
    lab: Image = cv2.cvtColor(small, cv2.COLOR_RGB2Lab)  # type: ignore[assignment]
    calm = calmness(small)
    wall = one_wall(small, lab)
    labels = np.ones(calm.shape, np.int32) if wall else _segments(small)
    free = np.ones(calm.shape, np.uint8) if wall else usable(small, lab, calm)
    lines = straight_edges(_reduced(photo, _LINES_SIDE_PX))
    everywhere = plane(lines, (0.5, 0.5 * photo.shape[0] / photo.shape[1]), 0.6)
    distant = is_distant(lines, lab, calm)
    found, regions = _described(labels, free, calm, lab, lines, everywhere, distant)
    distant = distant or sum(region.share for region in regions if not region.sky) < _LEAST_USABLE
    text = likely_text(photo, found.shape)
    return RegionMap(found, regions, softness_px(photo), text if text.any() else None, distant)


def regions_of(photo: Image, use_cache: bool = True) -> RegionMap:
    """Return the regions of a photograph from the cache folder, else by looking; the result is kept there."""
    digest = blake2b(np.ascontiguousarray(photo[::7, ::5]).tobytes(), digest_size=16)
    digest.update(repr((photo.shape, _VERSION)).encode())
    entry = cache_dir() / "regions" / f"{digest.hexdigest()}.npz"
    found = _read(entry) if use_cache else None
    if found is None:
        found = analyse(photo)
        if use_cache:
            _write(entry, found)
    return found


def _reduced(photo: Image, side_px: int) -> Image:
    height, width = photo.shape[:2]
    scale = side_px / max(width, height)
    if scale >= 1:
        return photo
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return cv2.resize(photo, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _segments(small: Image) -> NDArray[np.int32]:
    """Return (h, w) numbers of stretches of one colour and texture; small ones are joined to what they resemble."""
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    smooth = cv2.pyrMeanShiftFiltering(bgr, 7, 16)
    lab = cv2.cvtColor(smooth, cv2.COLOR_BGR2Lab)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    spread = np.sqrt(np.maximum(cv2.blur(gray * gray, (9, 9)) - cv2.blur(gray, (9, 9)) ** 2, 0))
    # Texture takes the place of half of the hue: what is rough is another region than what is smooth.
    feature = lab.copy()
    feature[..., 1] = np.clip((lab[..., 1].astype(np.float32) + lab[..., 2]) / 2, 0, 255)
    feature[..., 2] = np.clip(cv2.medianBlur(np.clip(spread * 3, 0, 255).astype(np.uint8), 9), 0, 255)
    height, width = gray.shape
    mask = np.zeros((height + 2, width + 2), np.uint8)
    labels = np.zeros((height, width), np.int32)
    count = 0
    for y in range(0, height, 2):
        for x in range(0, width, 2):
            if labels[y, x]:
                continue
            count += 1
            _, _, _, (left, top, wide, high) = cv2.floodFill(
                feature, mask, (x, y), (0, 0, 0), (5, 3, 9), (5, 3, 9), 4 | 1 << 8 | cv2.FLOODFILL_MASK_ONLY
            )
            window = (slice(top, top + high), slice(left, left + wide))
            fresh = (mask[1:-1, 1:-1][window] == 1) & (labels[window] == 0)
            labels[window][fresh] = count
    return _joined(labels, feature)


def _joined(labels: NDArray[np.int32], feature: NDArray[Any]) -> NDArray[np.int32]:
    """Return the labels with small regions given to the neighbour that is most like them, smallest first."""
    least = labels.size * _LEAST_SHARE * 0.5
    means = feature.reshape(-1, 3).astype(np.float32)
    for _ in range(12):
        flat = labels.ravel()
        sizes = np.bincount(flat)
        total = [np.bincount(flat, means[:, channel]) for channel in range(3)]
        mean = np.stack(total, 1) / np.maximum(sizes, 1)[:, None]
        pairs = np.concatenate(
            [
                np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()], 1),
                np.stack([labels[:-1].ravel(), labels[1:].ravel()], 1),
            ]
        )
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        if not len(pairs):
            return labels
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        pairs, touching = np.unique(pairs, axis=0, return_counts=True)
        apart = np.linalg.norm(mean[pairs[:, 0]] - mean[pairs[:, 1]], axis=1)
        small = sizes[pairs[:, 0]] < least
        joins = small | (apart < 5.0)
        larger = (sizes[pairs[:, 0]] < sizes[pairs[:, 1]]) | (
            (sizes[pairs[:, 0]] == sizes[pairs[:, 1]]) & (pairs[:, 0] > pairs[:, 1])
        )
        joins &= larger
        if not joins.any():
            return labels
        candidates, cost = pairs[joins], (apart - 0.15 * np.minimum(touching, 40))[joins]
        order = np.lexsort((cost, candidates[:, 0]))
        candidates = candidates[order]
        first = np.unique(candidates[:, 0], return_index=True)[1]
        target = np.arange(len(sizes))
        target[candidates[first, 0]] = candidates[first, 1]
        for _ in range(6):
            target = target[target]
        labels = target[labels].astype(np.int32)
    return labels


def _described(
    labels: NDArray[np.int32],
    free: NDArray[np.uint8],
    calm: Floats,
    lab: Image,
    lines: Floats,
    everywhere: tuple[float, float, float, float],
    distant: bool,
) -> tuple[_Labels, tuple[Region, ...]]:
    height, width = labels.shape
    result: _Labels = np.zeros((height, width), np.uint8)
    regions: list[Region] = []
    places = (lines[:, :2] * width).astype(int)
    places[:, 0] = np.clip(places[:, 0], 0, width - 1)
    places[:, 1] = np.clip(places[:, 1], 0, height - 1)
    for whole, mask in pieces(labels, free, _LEAST_SHARE, _MOST_REGIONS):
        if whole[-1].mean() > _STANDS and not free.all():
            mask = without_foot(mask)
        if below_window(mask, lab):
            continue
        share = float(mask.mean())
        padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        depths = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
        _, depth, _, (x, y) = cv2.minMaxLoc(depths)
        if depth / width < _LEAST_DEPTH:
            continue
        centre = ((x + 0.5) / width, (y + 0.5) / width)
        near = cv2.dilate(mask, np.ones((15, 15), np.uint8))[places[:, 1], places[:, 0]] > 0
        own = plane(lines[near], centre, 0.9)
        at_centre = (
            everywhere[0] + everywhere[1] * (centre[1] - 0.5 * height / width),
            everywhere[1],
            everywhere[2] + everywhere[3] * (centre[0] - 0.5),
            everywhere[3],
        )
        ways = [0.5 * far if mine == 0.0 else mine for mine, far in zip(own, at_centre, strict=True)]
        inside = cv2.erode(whole, np.ones((9, 9), np.uint8))[places[:, 1], places[:, 0]] > 0
        number = len(regions) + 1
        result[mask > 0] = number
        regions.append(
            Region(
                number,
                float(share),
                float(depth / width),
                float(calm[mask > 0].mean()),
                centre,
                (ways[0], ways[1]),
                (ways[2], ways[3]),
                is_sky(whole, calm, lab, float(np.hypot(lines[inside, 2], lines[inside, 3]).sum()), distant),
            )
        )
    covered = islands(result, regions, lab)
    result[np.isin(result, list(covered))] = 0
    return result, tuple(region for region in regions if region.number not in covered)


def _read(entry: Path) -> RegionMap | None:
    try:
        with np.load(entry, allow_pickle=False) as stored:
            labels, table, soft_px = stored["labels"], stored["table"], float(stored["soft_px"])
            text, distant = stored["text"], bool(stored["distant"])
    except (OSError, ValueError, KeyError, EOFError):
        return None  # absent, or written by a process that was killed: look again
    regions = [
        Region(int(number), share, depth, calm, (x, y), (slope, fan), (tilt, spread), bool(sky))
        for number, share, depth, calm, x, y, slope, fan, tilt, spread, sky in table.tolist()
    ]
    return RegionMap(labels, tuple(regions), soft_px, text if text.any() else None, distant)


def _write(entry: Path, found: RegionMap) -> None:
    table = np.array(
        [[r.number, r.share, r.depth, r.calm, *r.centre, *r.across, *r.upright, r.sky] for r in found.regions],
        np.float64,
    ).reshape(-1, 11)
    text = np.zeros_like(found.labels) if found.text is None else found.text
    temporary = entry.with_suffix(f".{os.getpid()}.tmp")
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as handle:
            np.savez_compressed(
                handle,
                labels=found.labels,
                table=table,
                soft_px=found.soft_px,
                text=text,
                distant=found.distant,
            )
        temporary.replace(entry)
    except OSError:
        temporary.unlink(missing_ok=True)  # a cache that cannot be written only costs time
