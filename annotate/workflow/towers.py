"""The model that a collection was made with, loaded once a process and kept."""

from __future__ import annotations

import threading

from annotate.embed.towers import Tower, load_tower
from annotate.reasons import Reason
from annotate.store.vectors import Collection
from synthtext.errors import UserError

_loaded: dict[tuple[str, str], Tower] = {}
_lock = threading.Lock()


def tower_of(collection: Collection) -> Tower:
    """Return the model of a collection.

    Raises:
        UserError: the model is not there any more, or its weights are others now.
        ServiceError: the weights cannot be fetched.
    """
    key = (collection.model, collection.pretrained)
    with _lock:
        tower = _loaded.get(key)
        if tower is None or tower.revision != collection.revision:
            tower = load_tower(*key)
            _loaded.clear()  # one at a time: they are large
            _loaded[key] = tower
    if (tower.revision, tower.dim) != (collection.revision, collection.dim):
        raise UserError(Reason("search.weights", model=tower.name))
    return tower
