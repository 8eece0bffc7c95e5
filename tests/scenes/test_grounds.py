"""What the grounds of pages keep of photographs."""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import cast

import numpy as np

from synthtext.assets.backgrounds import Backgrounds, BackgroundSpec
from synthtext.assets.photos import Photo
from synthtext.scenes.grounds import Grounds
from synthtext.scenes.settings import PageSpec


def test_known__keeps_what_was_found_only_as_long_as_the_pool_keeps_the_photograph() -> None:
    levels = tuple(np.full((side, side, 3), 120, np.uint8) for side in (128, 64))
    photo = Photo("wall", levels)
    backgrounds = cast(Backgrounds, SimpleNamespace(spec=BackgroundSpec()))
    grounds = Grounds(PageSpec(), backgrounds, use_cache=False)

    first = grounds._known(photo)
    assert grounds._known(photo).found is first.found  # analysed once

    gone = weakref.ref(photo)
    del first, photo
    assert gone() is None
