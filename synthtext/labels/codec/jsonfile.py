"""Large JSON files written piece by piece, in constant memory: lists and objects that grow side by side."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO

from synthtext.labels.codec.files import dump


class JsonFile:
    """One JSON object whose members are lists or objects that grow; each is a file of its own until the end.

    Args:
        path: of the file; its folder is made.
        members: names, and for each whether it is a list (`[]`) or an object (`{}`).
    """

    def __init__(self, path: Path, members: dict[str, str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._members = members
        self._files: dict[str, BinaryIO] = {}

    def add(self, member: str, value: object, key: str | None = None) -> None:
        """Add a value to a list, or under a key to an object."""
        file = self._files.get(member)
        if file is None:
            file = self._files[member] = self._piece(member).open("xb")
        else:
            file.write(b",\n")
        file.write((dump(value) if key is None else f"{dump(key)}: {dump(value)}").encode())

    def close(self, **others: object) -> None:
        """Put the members together, those given here first."""
        with self._path.open("xb") as whole:
            whole.write(b"{")
            for name, value in others.items():
                whole.write(f"{dump(name)}: {dump(value)},\n".encode())
            for number, (member, kind) in enumerate(self._members.items()):
                whole.write((",\n" if number else "").encode() + f"{dump(member)}: {kind[0]}\n".encode())
                if member in self._files:
                    self._files[member].close()
                    with self._piece(member).open("rb") as piece:
                        shutil.copyfileobj(piece, whole, 1 << 20)
                    self._piece(member).unlink()
                whole.write(f"\n{kind[1]}".encode())
            whole.write(b"}\n")

    def _piece(self, member: str) -> Path:
        return self._path.with_name(f".{self._path.name}.{member}.tmp")


class JsonRows:
    """One JSON list, or object, that grows.

    Args:
        path: of the file; its folder is made.
        kind: `[]` or `{}`.
    """

    def __init__(self, path: Path, kind: str = "[]") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kind = kind
        self._file = path.open("xb")
        self._file.write(kind[0].encode() + b"\n")
        self._begun = False

    def add(self, value: object, key: str | None = None) -> None:
        """Add a value to the list, or under a key to the object."""
        if self._begun:
            self._file.write(b",\n")
        self._begun = True
        self._file.write((dump(value) if key is None else f"{dump(key)}: {dump(value)}").encode())

    def close(self) -> None:
        """Finish the file."""
        self._file.write(f"\n{self._kind[1]}\n".encode())
        self._file.close()
