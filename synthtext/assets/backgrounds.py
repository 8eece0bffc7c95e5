"""What text is put on: photographs, flat colours, gradients, and paper, cloth and walls made by rule.

Opened once a worker and only read from then on. A surface depends on (seed, index, draws) and on the files,
never on which photographs happen to be decoded.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Literal, get_args

import cv2
import numpy as np
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from synthtext.assets.palettes import Paint, blended, colored, draw_color, flat
from synthtext.assets.photo_choice import index_places, look_for_text, textless
from synthtext.assets.photo_index import PhotoIndex
from synthtext.assets.photos import MAX_MAGNIFICATION, PhotoPool
from synthtext.assets.schemes import TONE, Scheme
from synthtext.assets.text_finder import LEAST_SCORE
from synthtext.assets.text_search import Looking, TextRule
from synthtext.assets.textures import TILE_W, Texture, texture_bank
from synthtext.errors import AssetError
from synthtext.geometry import Image
from synthtext.nouns import noun
from synthtext.paths import data_dir
from synthtext.rng import Draws
from synthtext.spec import Range, Spec, Weighted, Within

# Share of photographs shown at 1, 1/2, ... of their size, where that fills the crop: a copy costs a tenth of
# interpolating.
_EXACT_SHARE = 0.9
# How much lighter or darker, in gray levels, the other end of a board of one colour may be.
_BOARD_SHIFT = 45.0

Kind = Literal["photo", "plain", "gradient", "paper", "fabric", "wall"]
Licence = Literal["cc0", "by", "by-sa"]


class BackgroundSpec(Spec):
    """Which surfaces text is put on, and how often each kind.

    Attributes:
        kinds: weight of each kind; kinds left out are not used.
        licences: of the shipped photographs. Those under `by` and `by-sa` ask for attribution of published
            images that show them, so they are used only when asked for.
        dirs: the user's own folders of photographs, with their subfolders, or lists of photographs; they replace the
            shipped ones.
        shipped: keep the shipped photographs beside the user's.
        skip_text: leave out photographs that hold text already; each is looked at once, before a run begins.
        keep_off_text: what of a photograph's own lettering new text on pages keeps off: `likely`, what looks like it to
            a quick test of strokes; `found`, what the text finder names, which looks once at each photograph before a
            run begins; or `none`.
        text_score: how sure a place has to be to count as text.
        text_share: the share of a photograph that text may cover before it is left out.
        scale: page pixels a pixel of the decoded photograph. Most are shown at the nearest of 1, 1/2, 1/4 and
            1/8 that lies in the range: no pixel has to be interpolated there.
        pool: photographs that a block of samples shares. All of a block's are kept decoded.
        pool_span: consecutive samples in a block.
        pool_mib: memory for them, in MiB of each worker; the more there are, the smaller they are decoded.
        max_px: longest side of a decoded photograph.
        flip: how often a photograph or texture is mirrored.
    """

    kinds: dict[Kind, Annotated[float, Field(ge=0)]] = Field(
        default={"photo": 0.5, "plain": 0.12, "gradient": 0.1, "paper": 0.12, "fabric": 0.08, "wall": 0.08}
    )
    licences: list[Licence] = Field(default=["cc0"])
    dirs: list[str] = Field(default=[])
    shipped: bool = False
    skip_text: bool = False
    keep_off_text: Literal["likely", "found", "none"] = "likely"
    text_score: Annotated[float, Field(ge=LEAST_SCORE, le=1)] = TextRule().score
    text_share: Annotated[float, Field(ge=0, le=1)] = TextRule().share
    scale: Annotated[Range, Within(0.1, MAX_MAGNIFICATION)] = Range(0.4, 1.5)
    pool: Annotated[int, Field(ge=1, le=4096)] = 64
    pool_span: Annotated[int, Field(ge=1)] = 4096
    pool_mib: Annotated[int, Field(ge=1, le=65_536)] = 72
    max_px: Annotated[int, Field(ge=128, le=8192)] = 1280
    flip: Annotated[float, Field(ge=0, le=1)] = 0.5

    @field_validator("kinds")
    @classmethod
    def _something(cls, kinds: dict[Kind, float]) -> dict[Kind, float]:
        if not any(weight > 0 for weight in kinds.values()):
            raise PydanticCustomError("no_kind", "at least one kind of background needs a weight above 0")
        return kinds


ChoosePhotos = Callable[[BackgroundSpec], tuple[PhotoIndex, ...]]


@noun()
class Surface:
    """A surface to put text on.

    Attributes:
        image: (H, W, 3) uint8 RGB, its own memory.
        kind: `photo:` and the name of its file (of its folder when that is big), or the kind.
        whole: a small copy of the whole photograph, whose colours go with it; None for other kinds.
    """

    image: Image
    kind: str
    whole: Image | None = None


class Backgrounds:
    """Everything that surfaces are made from.

    Pickles to what it was opened with; the copy maps the same photo index.
    """

    def __init__(
        self, spec: BackgroundSpec, seed: int, indices: tuple[PhotoIndex, ...], cache_bytes: int | None
    ) -> None:
        self.spec = spec
        self._opened = (spec, seed, indices, cache_bytes)
        self.kinds: Weighted[Kind] = Weighted(spec.kinds)
        self.exact_scales = [s for s in (1.0, 0.5, 0.25, 0.125) if spec.scale.low <= s <= spec.scale.high]
        self.indices = indices
        self.photos: PhotoPool | None = None
        if indices:
            self.photos = PhotoPool(
                indices,
                seed,
                size=spec.pool,
                span=spec.pool_span,
                max_px=spec.max_px,
                pool_bytes=spec.pool_mib << 20,
                cache_bytes=cache_bytes,
            )
            self.photos.check()
        self.textures: dict[str, list[Texture]] = {}
        for texture in _bank():
            self.textures.setdefault(texture.kind, []).append(texture)
        self._fitting: dict[tuple[str, tuple[str, ...]], list[Texture]] = {}
        digest = hashlib.sha256()
        for index in indices:
            digest.update(bytes.fromhex(index.digest))
        self.digest: str = digest.hexdigest()
        """Of the relative paths of all photographs, in their order."""

    def surface(
        self, draws: Draws, index: int, size_wh: tuple[int, int], kind: Kind | None = None, scheme: Scheme = TONE
    ) -> Surface:
        """Return the surface of sample `index`, of this size.

        Args:
            kind: drawn with the first number where it is not given.
            scheme: says what colour the surface has, if any.
        """
        return _MAKERS[kind or self.kinds.draw(draws)](draws, index, size_wh, self, scheme)

    def places(self) -> dict[str, list[str]]:
        """Return all kinds of surfaces, each with the names of its textures."""
        return {kind: [texture.name for texture in self.textures.get(kind, ())] for kind in get_args(Kind)}

    def fitting(self, kind: str, on: tuple[str, ...]) -> list[Texture]:
        """Return the textures of a kind that places (kinds or names of textures) allow; all where they name none."""
        found = self._fitting.get((kind, on))
        if found is None:
            every = self.textures[kind]
            named = [texture for texture in every if texture.name in on and kind not in on]
            found = self._fitting[kind, on] = named or every
        return found

    def photograph(self, index: int, size_wh: tuple[int, int], draws: Draws) -> Image | None:
        """Return a piece of one of the photographs of sample `index`, (H, W, 3), or None where there are none."""
        if self.photos is None:
            return None
        photo = self.photos.photo(index, draws.unit())
        return photo.window(size_wh, self.spec.scale.draw(draws), (draws.unit(), draws.unit()))

    @property
    def unreadable(self) -> dict[str, str]:
        """Photographs that this process tried and could not use, path -> reason."""
        return dict(self.photos.unreadable) if self.photos is not None else {}

    def __reduce__(self) -> tuple[type[Backgrounds], tuple[BackgroundSpec, int, tuple[PhotoIndex, ...], int | None]]:
        return type(self), self._opened


def choose_photos(
    spec: BackgroundSpec, use_cache: bool = True, looking: Looking | None = None
) -> tuple[PhotoIndex, ...]:
    """Return the photographs that a configuration draws from, by folder; none where it asks for none.

    With `skip_text`, and with `keep_off_text: found`, those that nobody has looked at yet are looked at now. Done once
    for a run: its workers get what comes out, so that they all draw from the same.

    Args:
        use_cache: keep the index of a big folder, and what is known about text, for the next run.
        looking: how to look for text.

    Raises:
        AssetError: a folder is missing or holds no image, all hold text, or what looks for text is not installed.
    """
    if not spec.kinds.get("photo", 0) > 0:
        return ()
    places = list(spec.dirs)
    if spec.shipped or not spec.dirs:
        places += [str(data_dir("backgrounds") / licence) for licence in sorted(set(spec.licences))]
    if not places:
        raise AssetError("backgrounds: photographs are asked for, but neither `licences` nor `dirs` names any")
    indices = index_places(places, use_cache)
    if spec.skip_text:
        return textless(indices, TextRule(spec.text_score, spec.text_share), use_cache, looking or Looking())
    if spec.keep_off_text == "found":
        look_for_text(indices, use_cache, looking or Looking())
    return indices


def open_backgrounds(
    spec: BackgroundSpec,
    seed: int,
    use_cache: bool = True,
    cache_bytes: int | None = None,
    choose: ChoosePhotos | None = None,
) -> Backgrounds:
    """Return the backgrounds that a configuration asks for.

    Args:
        seed: of the dataset; decides which photographs the samples of a block share.
        use_cache: keep the index of a big folder, and what is known about text, for the next run.
        cache_bytes: of decoded photographs held in memory, instead of `pool_mib`; never changes a surface.
        choose: gives the photographs; None for `choose_photos`.

    Raises:
        AssetError: a folder is missing or holds no readable image.
    """
    return Backgrounds(spec, seed, choose(spec) if choose else choose_photos(spec, use_cache), cache_bytes)


def _photo(draws: Draws, index: int, size_wh: tuple[int, int], backgrounds: Backgrounds, scheme: Scheme) -> Surface:
    if backgrounds.photos is None:
        raise ValueError("these backgrounds were opened without photographs")
    photo = backgrounds.photos.photo(index, draws.unit())
    scale = backgrounds.spec.scale.draw(draws)
    if draws.chance(_EXACT_SHARE):
        height, width = photo.levels[0].shape[:2]
        needed = max(size_wh[0] / width, size_wh[1] / height)
        exact = [known for known in backgrounds.exact_scales if known >= needed]
        if exact:
            scale = min(exact, key=lambda known: abs(known - scale))
    image = photo.window(size_wh, scale, (draws.unit(), draws.unit()))
    if draws.chance(backgrounds.spec.flip):
        image = cv2.flip(image, 1)  # type: ignore[assignment]
    return Surface(image, f"photo:{photo.name}", photo.levels[-1])


def _plain(draws: Draws, index: int, size_wh: tuple[int, int], backgrounds: Backgrounds, scheme: Scheme) -> Surface:
    return Surface(flat(size_wh, scheme.surface or scheme.lit(draw_color(draws, "paint"))), "plain")


def _gradient(draws: Draws, index: int, size_wh: tuple[int, int], backgrounds: Backgrounds, scheme: Scheme) -> Surface:
    """Two colours, the second either a lighter or darker one of the first or a colour of its own.

    The board of a sign is of one colour; it only lies in the light.
    """
    first: Paint = scheme.surface or scheme.lit(draw_color(draws, "paint"))
    second = first if scheme.surface else scheme.lit(draw_color(draws, "paint"))
    if scheme.surface or draws.chance(0.6):
        shift = draws.signed(_BOARD_SHIFT if scheme.surface else 90.0)
        second = (
            min(255.0, max(0.0, first[0] + shift)),
            min(255.0, max(0.0, first[1] + shift)),
            min(255.0, max(0.0, first[2] + shift)),
        )
    width, height = size_wh
    angle = draws.unit() * 2.0 * math.pi
    across, down = math.cos(angle), math.sin(angle)
    # The ramp runs over the whole image, corner to corner, whatever its shape.
    reach = 255.99 / (abs(across) * width + abs(down) * height)
    left = reach * (max(0.0, -across) * width + max(0.0, -down) * height)
    columns = np.arange(0.5, width, dtype=np.float32) * np.float32(across * reach) + np.float32(left)
    rows = np.arange(0.5, height, dtype=np.float32) * np.float32(down * reach)
    # Cut off before they are added: a level less at most, and four times as fast.
    ramp = np.add.outer(rows.astype(np.uint8), columns.astype(np.uint8))
    return Surface(blended(ramp, (first, second)), "gradient")


def _texture(kind: str) -> _Maker:
    def make(draws: Draws, index: int, size_wh: tuple[int, int], backgrounds: Backgrounds, scheme: Scheme) -> Surface:
        textures = backgrounds.textures[kind] if scheme.pair is None else backgrounds.fitting(kind, scheme.pair.on)
        texture = draws.choice(textures)
        # Most of them at their own size, which costs least; larger on pages, whose pixels show finer detail.
        larger = max(1.0, size_wh[0] / TILE_W)
        scale = larger if draws.chance(0.7) else larger * draws.between(0.7, 2.0)
        gray = texture.window(size_wh, scale, (draws.unit(), draws.unit()))
        color = scheme.surface or scheme.lit(draw_color(draws, texture.name))
        low, high = texture.contrast
        image = colored(gray, color, low + (high - low) * draws.unit())
        if draws.chance(backgrounds.spec.flip):
            image = np.ascontiguousarray(image[::-1])
        return Surface(image, kind)

    return make


_Maker = Callable[[Draws, int, tuple[int, int], Backgrounds, Scheme], Surface]

_MAKERS: dict[Kind, _Maker] = {
    "photo": _photo,
    "plain": _plain,
    "gradient": _gradient,
    "paper": _texture("paper"),
    "fabric": _texture("fabric"),
    "wall": _texture("wall"),
}


@lru_cache(maxsize=1)
def _bank() -> tuple[Texture, ...]:
    return texture_bank()
