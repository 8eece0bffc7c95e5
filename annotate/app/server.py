"""`annotate serve`: routes and pages as one application behind one door."""

from __future__ import annotations

import gc
import ipaddress
import logging
import warnings
from pathlib import Path
from typing import Annotated

import gradio as gr
import uvicorn
from fastapi import FastAPI, Form, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from annotate.app.pages import I18N, build_pages
from annotate.app.shut import Shut, shut_downloads
from annotate.records import User
from annotate.rest.api import create_api
from annotate.rest.people import LoginIn, log_in
from annotate.workflow import people
from annotate.workflow.context import Context
from synthtext.errors import UserError

STATIC = Path(__file__).parent / "static"
# Of the machine: nothing is fetched.
FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
MONO = ("ui-monospace", "Consolas", "monospace")


def create_app(context: Context) -> FastAPI:
    """Return the whole application."""
    app = create_api(context)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")

    @app.get("/", include_in_schema=False)
    def first_page() -> RedirectResponse:
        return RedirectResponse("/label")

    @app.get("/login", include_in_schema=False)
    def login() -> FileResponse:
        return FileResponse(STATIC / "login.html")

    @app.post("/login", include_in_schema=False)
    def log_in_as_gradio_does(
        request: Request, username: Annotated[str, Form(max_length=64)], password: Annotated[str, Form(max_length=1024)]
    ) -> Response:
        # What `gradio_client.Client(..., auth=(name, password))` asks for.
        return log_in(LoginIn(name=username, password=password), request)

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> RedirectResponse:
        return RedirectResponse("/ui/icon.svg")

    with warnings.catch_warnings():
        # Gradio warns of server-side rendering, also where it was told to do without.
        warnings.filterwarnings("ignore", message="SSR mode")
        _mount(app, context)
    return app


def _mount(app: FastAPI, context: Context) -> None:
    shut_downloads()
    gr.mount_gradio_app(
        app,
        build_pages(context, app.state.finder),
        path="",
        auth_dependency=_name_of,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        i18n=I18N,
        theme=gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=MONO),
        css_paths=[STATIC / "pages.css", *sorted(STATIC.glob("*/*.css"))],
    )
    mounted = next(route for route in reversed(app.routes) if isinstance(route, Mount) and not route.path)
    mounted.app = Shut(mounted.app)


def serve(context: Context, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        UserError: other machines shall be served, but nobody can log in.
    """
    if not _is_loopback(host) and not people.has_users(context):
        raise UserError(
            f"--host {host}: other machines are served only when people log in; run first: annotate users add NAME"
        )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    config = uvicorn.Config(create_app(context), host=host, port=port, log_level="warning", server_header=False)
    server = uvicorn.Server(config)
    # What is there now stays: looking through all of it again and again stops every save for as long as that takes.
    gc.collect()
    gc.freeze()
    server.run()


def _name_of(request: Request) -> str | None:
    user = getattr(request.state, "user", None)
    return user.name if isinstance(user, User) else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
