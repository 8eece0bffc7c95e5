"""A small client of a running `annotate serve`, for scripts: the routes as functions that take and return records.

with Client("http://127.0.0.1:7860") as server:
    server.log_in("wang", password)          # not needed where nobody has been added
    doc = server.doc(image_id)
    server.save(doc, [replace(doc.regions[0], text="...")])
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

import httpx
from pydantic import TypeAdapter

from annotate.errors import Conflict, Forbidden, NotFound, ServiceError
from annotate.pool_records import PoolChange, PoolPage, TwinGroups
from annotate.records import Batch, Doc, Job, Points, QueueItem, Region, Status
from synthtext.errors import UserError

_DOC, _JOB = TypeAdapter(Doc), TypeAdapter(Job)
_BATCHES, _ITEMS, _REGIONS = TypeAdapter(list[Batch]), TypeAdapter(list[QueueItem]), TypeAdapter(list[Region])
_POOL, _CHANGE, _GROUPS = TypeAdapter(PoolPage), TypeAdapter(PoolChange), TypeAdapter(TwinGroups)
_ENDED = ("done", "failed", "stopped")


class Client:
    """A connection to a server.

    Args:
        url: such as `http://127.0.0.1:7860`.
        token: of an earlier `log_in`.
    """

    def __init__(self, url: str, token: str | None = None, timeout_s: float = 60.0) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout_s, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def log_in(self, name: str, password: str) -> str:
        """Log in and return a token for later.

        Raises:
            Forbidden: name and password do not belong together.
        """
        token: str = self._ask("POST", "/api/login", {"name": name, "password": password}).json()["token"]
        self._http.headers["authorization"] = f"Bearer {token}"
        return token

    def batches(self) -> list[Batch]:
        """Return all batches, the latest first."""
        return _BATCHES.validate_json(self._ask("GET", "/api/batches").content)

    def queue(
        self, batch: int | None = None, after: str | None = None, todo: bool = False, limit: int = 50
    ) -> list[QueueItem]:
        """Return pictures in the order in which people get them, those after `after`."""
        asked = {"batch": batch, "from": after, "todo": todo, "limit": limit}
        found = self._ask("GET", "/api/queue", params={key: value for key, value in asked.items() if value is not None})
        return _ITEMS.validate_python(found.json()["items"])

    def doc(self, image_id: str) -> Doc:
        """Return all that is written on a picture."""
        return _DOC.validate_json(self._ask("GET", f"/api/images/{image_id}/doc").content)

    def save(self, doc: Doc, regions: Iterable[Region], status: Status | None = None) -> int:
        """Save regions in place of those of `doc`, and return the new revision.

        Raises:
            Conflict: somebody else has saved since `doc` was opened.
        """
        body = {"base_rev": doc.rev, "regions": _REGIONS.dump_python(list(regions), mode="json"), "status": status}
        return int(self._ask("PUT", f"/api/images/{doc.image_id}/doc", body).json()["rev"])

    def read(self, image_id: str, outlines: Mapping[str, Points] | None = None) -> dict[str, Any]:
        """Have the server's reader read outlines, or find and read all text of a picture."""
        found: dict[str, Any] = self._ask("POST", f"/api/images/{image_id}/read", {"outlines": outlines}).json()
        return found

    def picture(self, image_id: str) -> bytes:
        """Return the file of a picture, upright."""
        return self._ask("GET", f"/api/images/{image_id}/media").content

    def start(self, kind: str, **args: Any) -> Job:
        """Ask for long work, such as `start("prelabel", batch=3)`."""
        return _JOB.validate_json(self._ask("POST", "/api/jobs", {"kind": kind, "args": args}).content)

    def wait(self, job: Job, every_s: float = 1.0) -> Job:
        """Return a job when it has ended."""
        while job.state not in _ENDED:
            time.sleep(every_s)
            job = _JOB.validate_json(self._ask("GET", f"/api/jobs/{job.id}").content)
        return job

    def pool(self, after: int | None = None, limit: int = 60, **which: Any) -> PoolPage:
        """Return a page of the pool, the latest pictures first; `which` as the route takes it, such as `tag="sign"`."""
        asked = {"after": after, "limit": limit, **which}
        found = self._ask("GET", "/api/pool", params={key: value for key, value in asked.items() if value is not None})
        return _POOL.validate_json(found.content)

    def change(self, image_ids: Sequence[str], **changes: Any) -> PoolChange:
        """Change pictures, such as `change(ids, add_tags=["sign"], status="skipped")`."""
        return self._changed("change", image_ids=list(image_ids), **changes)

    def delete(self, image_ids: Sequence[str]) -> PoolChange:
        """Take pictures out of the pool; `restore` brings them back."""
        return self._changed("delete", image_ids=list(image_ids))

    def restore(self, image_ids: Sequence[str]) -> PoolChange:
        """Bring pictures back into the pool."""
        return self._changed("restore", image_ids=list(image_ids))

    def twins(self, after: str = "", limit: int = 20) -> TwinGroups:
        """Return groups of pictures that are nearly the same."""
        found = self._ask("GET", "/api/pool/twins", params={"after": after, "limit": limit})
        return _GROUPS.validate_json(found.content)

    def settle_twins(self, image_ids: Sequence[str], keep: Sequence[str]) -> PoolChange:
        """Keep some pictures of a group, and take the others out of the pool."""
        return self._changed("twins/settle", image_ids=list(image_ids), keep=list(keep))

    def upload(self, files: Iterable[Path], **options: Any) -> Job:
        """Send files and ask for the job that adds them; options are `tags` and `fps`."""
        upload = self._ask("POST", "/api/uploads").json()["upload"]
        for file in files:
            with file.open("rb") as stream:
                self._ask("POST", f"/api/uploads/{upload}", params={"name": file.name}, content=stream)
        return self.start("upload", upload=upload, **options)

    def _changed(self, what: str, **body: Any) -> PoolChange:
        return _CHANGE.validate_json(self._ask("POST", f"/api/pool/{what}", body).content)

    def _ask(
        self, method: str, path: str, body: Any = None, params: Any = None, content: BinaryIO | None = None
    ) -> httpx.Response:
        try:
            answer = self._http.request(method, path, json=body, params=params, content=content)
        except httpx.TransportError as error:
            raise ServiceError(f"{self._http.base_url}: no answer: {error}") from error
        if answer.is_success:
            return answer
        try:
            told = answer.json()
        except ValueError:
            told = {}
        detail = str(told.get("detail", answer.reason_phrase))
        if answer.status_code == 409:
            raise Conflict(detail, told["doc"]["rev"])
        if answer.status_code in (401, 403, 429):
            raise Forbidden(detail)
        if answer.status_code == 404:
            raise NotFound(detail)
        raise (UserError if answer.status_code < 500 else ServiceError)(detail)
