"""Videos: decoding them, keeping some of their frames, linking those that are nearly the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from PIL import Image

from annotate.ingest.examine import Broken, check_size, perceptual_hash
from annotate.ingest.items import Item
from annotate.ingest.keyframes import LOOK_MS, LOOK_WIDTH, Edges, Gray, KeyFrames, edges_of, new_words
from annotate.media import keep, media_name, thumb_bytes, thumb_path
from annotate.records import Clip, Picture, Twin
from annotate.workspace import Workspace
from synthtext.geometry import Image as Pixels

# Of 64 bits: frames that differ in no more look alike, and are twins unless other words stand on them.
PHASH_BITS = 6
_QUALITY = 92
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


@dataclass(frozen=True, slots=True)
class LookedClip:
    """A video with its key frames, whose files are where they belong.

    Attributes:
        item: the video.
        twins: frames of this clip that are nearly the same.
        stopped: why decoding stopped before the end; None when it did not.
    """

    item: Item
    clip: Clip
    frames: tuple[Picture, ...]
    twins: tuple[Twin, ...]
    stopped: str | None


@dataclass(frozen=True, slots=True)
class _Frame:
    time_ms: int
    gray: Gray
    image: Pixels


def mode_of(fps: float | None) -> str:
    """Return the name of a way of choosing frames: `auto`, or how many a second."""
    return "auto" if fps is None else f"{fps:g} fps"


def look_at_clip(item: Item, workspace: Workspace, fps: float | None, threads: bool) -> LookedClip:
    """Decode a video, and write the frames that are worth keeping into the workspace.

    Args:
        fps: so many frames a second; None for those where something changes (`keyframes`).
        threads: decode with several; one where several videos are decoded at once.

    Raises:
        Broken: it holds no frame that can be decoded.
        FileNotFoundError: it is not there.
    """
    clip_id, md5 = (item.digest, item.md5) if item.digest else digests(item.file)
    chosen = _Chosen(workspace, clip_id, item)
    stopped: str | None = None
    seen, last_ms = 0, 0
    try:
        # Only this file: a playlist must not lead to others, or into the network.
        with av.open(item.file, options={"protocol_whitelist": "file"}, metadata_errors="replace") as container:
            if not container.streams.video:
                raise Broken("it has no video stream")
            stream = container.streams.video[0]
            check_size(stream.codec_context.width, stream.codec_context.height)
            stream.thread_type = "AUTO" if threads else "NONE"
            rate = float(stream.average_rate or stream.guessed_rate or 25)
            for wanted, frame, time_ms in _looks(container, stream, fps):
                seen, last_ms = seen + 1, time_ms
                if wanted is not None:
                    chosen.add(time_ms, wanted, frame)
    except (FileNotFoundError, Broken):
        raise
    except (av.FFmpegError, ValueError, MemoryError) as error:
        stopped = f"{getattr(error, 'strerror', None) or error}"
    if not chosen.frames:
        raise Broken(f"no frame can be decoded: {stopped}" if stopped else "it has no frames with a picture in them")
    clip = Clip(
        id=clip_id,
        name=item.name,
        path=item.path,
        source_id=0,
        added_at=datetime.now(UTC),
        duration_ms=last_ms + round(1000 / rate),
        fps=rate,
        width=chosen.frames[0].width,
        height=chosen.frames[0].height,
        frame_count=seen,
        kept_count=len(chosen.frames),
        md5=md5,
        complete=stopped is None,
        mode=mode_of(fps),
    )
    if stopped is not None:
        stopped = (
            f"decoding stops at {last_ms / 1000:.1f} s ({stopped}); {len(chosen.frames)} frames before it are kept"
        )
    return LookedClip(item, clip, tuple(chosen.frames), tuple(chosen.twins), stopped)


def frame_id(clip_id: str, time_ms: int) -> str:
    """Return the id of a clip's frame."""
    return hashlib.sha256(f"{clip_id} {time_ms} ms".encode()).hexdigest()


class _Chosen:
    """The frames that are kept so far."""

    def __init__(self, workspace: Workspace, clip_id: str, item: Item) -> None:
        self._workspace, self._clip_id, self._item = workspace, clip_id, item
        self.frames: list[Picture] = []
        self.twins: list[Twin] = []
        self._hashes: list[int] = []
        self._edges: list[Edges] = []

    def add(self, time_ms: int, gray: Gray, frame: Any) -> None:
        pixels = frame.to_ndarray(format="rgb24")
        turn = _TURNS.get(int(getattr(frame, "rotation", 0)) % 360)
        image = Image.fromarray(pixels if turn is None else cv2.rotate(pixels, turn))
        image_id = frame_id(self._clip_id, time_ms)
        path = media_name(image_id, ".jpg")
        file = self._workspace.inside(path)
        if not file.is_file():
            data = cv2.imencode(".jpg", np.asarray(image)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
            keep(file, data.tobytes())
        small = thumb_bytes(image)
        if not thumb_path(self._workspace, image_id).is_file():
            keep(thumb_path(self._workspace, image_id), small)
        phash = perceptual_hash(small)
        self._link(image_id, int(phash, 16), edges_of(gray))
        self.frames.append(
            Picture(
                id=image_id,
                name=f"{self._item.name} {_clock(time_ms)}",
                path=path,
                copied=True,
                width=image.width,
                height=image.height,
                bytes=file.stat().st_size,
                source_id=0,
                added_at=datetime.now(UTC),
                clip_id=self._clip_id,
                time_ms=time_ms,
                phash=phash,
            )
        )

    def _link(self, image_id: str, phash: int, edges: Edges) -> None:
        """Link a frame with the earliest one of the clip that looks the same and says the same."""
        for number, (other, other_edges) in enumerate(zip(self._hashes, self._edges, strict=True)):
            apart = (phash ^ other).bit_count()
            if apart <= PHASH_BITS and not new_words(other_edges, edges) and not new_words(edges, other_edges):
                self.twins.append(Twin(image_id, self.frames[number].id, "phash", 1 - apart / 64))
                break
        self._hashes.append(phash)
        self._edges.append(edges)


def _looks(container: Any, stream: Any, fps: float | None) -> Iterator[tuple[Gray | None, Any, int]]:
    """Yield every frame with its time, and what it looks like in small where it is to be kept."""
    judge = KeyFrames()
    start: int | None = None
    due = 0.0
    small: tuple[int, int] | None = None
    for number, frame in enumerate(container.decode(stream)):
        if frame.pts is None:
            time_ms = round(number * 1000 / float(stream.average_rate or 25))
        else:
            time_ms = round(float(frame.pts * frame.time_base) * 1000)
        start = time_ms if start is None else start
        time_ms -= start
        if time_ms < due:
            yield None, frame, time_ms
            continue
        check_size(frame.width, frame.height)
        if small is None:
            small = (LOOK_WIDTH, max(16, round(LOOK_WIDTH * frame.height / frame.width)))
        gray = frame.reformat(width=small[0], height=small[1], format="gray").to_ndarray()
        if fps is None:
            due = time_ms + LOOK_MS
            yield (gray if judge.keep(time_ms, gray) else None), frame, time_ms
        else:
            due = (int(time_ms * fps / 1000) + 1) * 1000 / fps
            yield gray, frame, time_ms


def digests(path: str) -> tuple[str, str]:
    """Return SHA-256 and MD5 of a file, hex.

    Raises:
        Broken: it is empty.
        OSError: it cannot be read.
    """
    sha, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with Path(path).open("rb") as stream:
        while block := stream.read(2**20):
            sha.update(block)
            md5.update(block)
    if not Path(path).stat().st_size:
        raise Broken("the file is empty")
    return sha.hexdigest(), md5.hexdigest()


def _clock(time_ms: int) -> str:
    seconds, rest = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def with_source(looked: LookedClip, source_id: int, tags: tuple[str, ...]) -> LookedClip:
    """Return it with the number of its source, known only to the store."""
    frames = tuple(replace(frame, source_id=source_id, tags=tags) for frame in looked.frames)
    return replace(looked, clip=replace(looked.clip, source_id=source_id), frames=frames)
