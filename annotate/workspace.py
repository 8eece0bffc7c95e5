"""The workspace: one folder that holds the database, the pictures, the vectors and the settings, and can be moved."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, PositiveFloat, ValidationError

from annotate.errors import WorkspaceError

# Of a set of files that a browser sends: chosen by the server, and the name of a folder of `uploads/`.
UPLOAD_ID = r"^[0-9a-f]{32}$"
_SETTINGS = "workspace.yaml"
_SPARE = ".workspace."


class Settings(BaseModel):
    """What a workspace remembers of its owner's choices; `workspace.yaml`.

    Attributes:
        db: SQLAlchemy URL; None for SQLite in the workspace.
        milvus: address of a Milvus server; None for Milvus Lite in the workspace.
        clip_model, clip_pretrained: an open_clip model and its tag, or the path of a checkpoint.
        reader: that pre-labels when nobody says.
        reader_seconds: that it may take for one picture, or a few of its crops, while a person waits.
        categories: that a region can have, the first one by default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    db: str | None = None
    milvus: str | None = None
    clip_model: str = "xlm-roberta-base-ViT-B-32"
    clip_pretrained: str = "laion5b_s13b_b90k"
    reader: str = "rapidocr"
    reader_seconds: PositiveFloat = 30.0
    categories: tuple[str, ...] = ("printed", "filled")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder and its settings. Every path below is inside it."""

    root: Path
    settings: Settings

    @property
    def db_url(self) -> str:
        """Where the store is."""
        return self.settings.db or f"sqlite:///{self.root / 'annotate.db'}"

    @property
    def media(self) -> Path:
        """Pictures copied in and frames cut from videos, in folders named by the first two digits of their id."""
        return self.root / "media"

    @property
    def trash(self) -> Path:
        """Copied files of pictures that were taken out of the pool; may be emptied at any time."""
        return self.root / "trash"

    @property
    def uploads(self) -> Path:
        """Files that browsers have sent, until a job has added them."""
        return self.root / "uploads"

    @property
    def thumbs(self) -> Path:
        """Small pictures; may be deleted at any time."""
        return self.root / "thumbs"

    @property
    def vectors(self) -> Path:
        """Milvus Lite's file."""
        return self.root / "milvus.db"

    @property
    def unpacked(self) -> Path:
        """Videos of archives, while they are looked at."""
        return self.root / "unpacked"

    @property
    def jobs(self) -> Path:
        """Logs and state of long work."""
        return self.root / "jobs"

    def inside(self, relative: str) -> Path:
        """Return the path of a file of the workspace.

        Raises:
            WorkspaceError: it would lie outside.
        """
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise WorkspaceError(f"{relative!r} lies outside the workspace {self.root}")
        return path


def open_workspace(root: Path, *, create: bool = False, **changes: Any) -> Workspace:
    """Open a workspace, and make it first when `create` says so.

    Args:
        changes: settings to change for good; None leaves one as it is.

    Raises:
        WorkspaceError: there is none, it cannot be written, or its settings make no sense.
    """
    file = root / _SETTINGS
    if not file.is_file():
        if not create:
            raise WorkspaceError(f"{root}: no workspace is there; make one with: annotate add PATH --workspace {root}")
        # Another process may be making it just now.
        foreign = root.is_dir() and any(not path.name.startswith(_SPARE) for path in root.iterdir())
        if foreign and not file.is_file():
            raise WorkspaceError(f"{root}: the folder is not empty and no workspace; name another with --workspace")
    try:
        stored = yaml.safe_load(file.read_text("utf-8")) or {} if file.is_file() else {}
        settings = Settings.model_validate({**stored, **{key: v for key, v in changes.items() if v is not None}})
        root.mkdir(parents=True, exist_ok=True)
        _write(file, settings)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{file}: cannot be used: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise WorkspaceError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Workspace(root.resolve(), settings)


def _write(file: Path, settings: Settings) -> None:
    text = yaml.safe_dump(settings.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    if file.is_file() and file.read_text("utf-8") == text:
        return
    spare = file.with_name(f"{_SPARE}{uuid.uuid4().hex}")
    with spare.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    spare.replace(file)
