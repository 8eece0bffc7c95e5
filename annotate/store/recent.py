"""The labels of the pictures that were saved last, kept in memory: saves of one picture follow one another.

What is kept is only ever compared with under the revision that it has, so that a save by anybody else, in this process
or in another one, makes it worthless but never wrong.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from annotate.records import Doc

# A region takes about a kilobyte.
_MOST_REGIONS = 40_000


class Recent:
    """Labels without readings, by picture; the longest unused go first."""

    def __init__(self, most_regions: int = _MOST_REGIONS) -> None:
        self._most = most_regions
        self._lock = threading.Lock()
        self._docs: OrderedDict[str, Doc] = OrderedDict()
        self._regions = 0

    def get(self, image_id: str) -> Doc | None:
        """Return what was stored of a picture when it was last saved here; somebody else may have saved since."""
        with self._lock:
            if image_id in self._docs:
                self._docs.move_to_end(image_id)
            return self._docs.get(image_id)

    def put(self, doc: Doc) -> None:
        """Keep what has been stored."""
        with self._lock:
            self._regions -= len(self._docs.pop(doc.image_id).regions) if doc.image_id in self._docs else 0
            self._docs[doc.image_id] = doc
            self._regions += len(doc.regions)
            while self._regions > self._most:
                self._regions -= len(self._docs.popitem(last=False)[1].regions)
