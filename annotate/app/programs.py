"""Endpoints for programs with `gradio_client`: search and export. They are on no page; our own routes can do more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from gradio.events import api
from pydantic import TypeAdapter

from annotate.app.telling import asking, must_be, told
from annotate.jobs.finder import Finder
from annotate.jobs.kinds import KINDS, checked
from annotate.queries import By, Example, Query, TextQuery
from annotate.records import Filter, Status
from annotate.rest.search import ResultsOut, shown
from annotate.workflow import exchange
from annotate.workflow.context import Context
from annotate.workflow.jobs import get_job, start_job
from synthtext.errors import SynthtextError

_RESULTS = TypeAdapter(ResultsOut)
_LOOK_S = 0.5
_MOST = 200


def build(context: Context, finder: Finder) -> None:
    """Add the endpoints to the page that is being built."""

    @told
    def search(
        request: gr.Request,
        text: str = "",
        written: str = "",
        image_id: str = "",
        tags: list[str] | None = None,
        statuses: list[Status] | None = None,
        by: By = "auto",
        page: int = 0,
        size: int = 48,
    ) -> dict[str, Any]:
        asking(context, request)
        examples = [Example("text", text)] if text else []
        if image_id:
            examples.append(Example("image", image_id))
        words = tuple(word.strip() for word in written.split(",") if word.strip())
        query = Query(
            examples=tuple(examples),
            written=TextQuery(words) if words else None,
            which=Filter(statuses=tuple(statuses or ()), tags=tuple(tags or ())),
            by=by,
        )
        found = shown(finder.search(query, max(0, int(page)), min(max(1, int(size)), _MOST)))
        answer: dict[str, Any] = _RESULTS.dump_python(found, mode="json")
        return answer

    async def export(
        request: gr.Request,
        name: str,
        formats: list[str],
        split: list[int] | None = None,
        batch: str | None = None,
        tags: list[str] | None = None,
        reviewed: bool = False,
    ) -> AsyncIterator[dict[str, Any]]:
        given: dict[str, Any] = {"name": name, "formats": formats, "batch": batch, "reviewed": reviewed}
        given["tags"] = tags or []
        if split is not None:
            given["split"] = split
        job_id = await asyncio.to_thread(_started, context, request, given)
        while True:
            job = await asyncio.to_thread(get_job, context, job_id)
            about = {"job": job.id, "state": job.state, "done": job.done, "message": job.message}
            if job.state in ("failed", "stopped"):
                raise gr.Error(f"export {name}: {job.state}: {job.message}", print_exception=False)
            if job.state == "done":
                yield {**about, "archive": await asyncio.to_thread(_archive, context, name)}
                return
            yield about
            await asyncio.sleep(_LOOK_S)

    api(search, api_name="search", api_description=_SEARCH)
    api(export, api_name="export", api_description=_EXPORT, concurrency_limit=None)


_SEARCH = (
    "Return a page of pictures by words for what is seen (text), words that are written there (written, with commas), "
    "or a picture of the pool (image_id). Same answer as POST /api/search."
)
_EXPORT = (
    "Export labels in some formats to exports/NAME of the workspace, tell how far it is, and in the end the address "
    "of the tar archive (for reviewers)."
)


@told
def _started(context: Context, request: gr.Request, given: dict[str, Any]) -> int:
    asked = asking(context, request)
    must_be(asked, KINDS["export"].role)
    return start_job(asked, "export", checked("export", given).model_dump(mode="json")).id


def _archive(context: Context, name: str) -> str:
    root = (context.workspace.root / exchange.EXPORTS / name).resolve()
    found = next((one for one in exchange.history(context) if one.path == str(root)), None)
    if found is None:
        raise SynthtextError(f"export {name}: it is done, but not among the datasets")
    return f"/api/datasets/{found.id}/archive"
