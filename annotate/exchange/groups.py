"""Which pictures must not be torn apart by a split: frames of one clip, pages of one file, pictures that look alike."""

from __future__ import annotations

from collections.abc import Iterable

from annotate.records import Picture


class Groups:
    """Sets of pictures that belong together.

    Args:
        pairs: ids of pictures that look alike; a chain of such pairs is one group.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._above: dict[str, str] = {}
        for one, other in pairs:
            self._join(one, other)

    def add(self, picture: Picture) -> None:
        """Join a picture with the others of its clip or document."""
        if picture.clip_id is not None:
            self._join(picture.id, f"clip {picture.clip_id}")
        if picture.page is not None:
            self._join(picture.id, f"document {picture.path if not picture.copied else _document(picture.name)}")

    def name(self, image_id: str) -> str:
        """Return the name that all pictures of a group share."""
        above = self._above
        root = image_id
        while (up := above.get(root, root)) != root:
            root = up
        while image_id != root:
            above[image_id], image_id = root, above.get(image_id, root)
        return root

    def _join(self, one: str, other: str) -> None:
        first, second = sorted((self.name(one), self.name(other)))
        self._above[second] = first


def _document(name: str) -> str:
    return name.rpartition("#")[0] or name
