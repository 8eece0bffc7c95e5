"""A person at a browser: what the tests of the pages do, by keys, mouse and eyes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",  # a webcam that sees moving patterns, and whose use needs no click
    "--use-fake-device-for-media-stream",
]


def free_port() -> int:
    """A port on the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """`annotate serve` in a process of its own, which can be killed and started again on the same port."""

    def __init__(self, workspace: Path, **environment: str) -> None:
        self.workspace = workspace
        # Readers of the tests' own are found beside the tests.
        self.environment = {"PYTHONPATH": str(Path(__file__).parent.parent), **environment}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = workspace.parent / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "annotate", "serve", "-w", str(self.workspace), "--port", str(self.port)]
        with self._log.open("wb") as log:
            known = {**os.environ, **self.environment}
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=known)
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/api/health", timeout=1).status_code == 200:
                    return
            except httpx.TransportError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        self.kill()
        raise AssertionError(f"the server did not start:\n{self._log.read_text()}")

    def kill(self) -> None:
        """Take it away at once, as a crash would."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def doc(self, image_id: str, cookies: dict[str, str] | None = None) -> Any:
        """What the server has of a picture."""
        return httpx.get(f"{self.url}/api/images/{image_id}/doc", cookies=cookies).json()


class Person:
    """Somebody at the Label page."""

    def __init__(self, browser: Browser, site: Site, locale: str = "en-US", **options: Any) -> None:
        self.site = site
        self.foreign: list[str] = []
        self.problems: list[str] = []
        self.context: BrowserContext = browser.new_context(
            locale=locale, viewport={"width": 1280, "height": 800}, **options
        )
        self.context.on("request", self._requested)
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _requested(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def log_in(self, name: str, password: str) -> None:
        """Fill in the login page."""
        self.page.goto(f"{self.site.url}/label")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: url.startswith(f"{self.site.url}/label"))

    def open(self, image_id: str | None = None, **query: Any) -> None:
        """Open the Label page (again in a new tab's place) at a picture."""
        wanted = {**query, **({"image": image_id} if image_id else {})}
        address = "&".join(f"{name}={value}" for name, value in wanted.items())
        self.page.goto(f"{self.site.url}/label?{address}")
        self.wait("state", "ready")
        if image_id:
            self.wait("image", image_id)

    def reopen(self) -> None:
        """Close the tab and open a new one in the same browser."""
        self.page.close()
        self.page = self._new_page()

    def value(self, name: str) -> str:
        """What the page says of itself."""
        return self.page.get_attribute("#annotate-label", f"data-{name}") or ""

    def wait(self, name: str, value: str, timeout_ms: int = 15_000) -> None:
        """Wait until the page says so."""
        self.page.wait_for_selector(f'#annotate-label[data-{name}="{value}"]', timeout=timeout_ms)

    def saved(self, image_id: str | None = None) -> Any:
        """Wait until everything is saved and return what the server has, of the picture that is shown or of another.

        The page shows the next picture before the last one is saved.
        """
        self.page.evaluate("window.dispatchEvent(new Event('focus'))")  # saves at once instead of soon
        self.wait("waiting", "0")
        self.wait("sync", "saved")
        cookies = {one["name"]: one["value"] for one in self.context.cookies()}
        return self.site.doc(image_id or self.value("image"), cookies)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        self.page.keyboard.insert_text(text)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the picture is on the screen."""
        place = self.page.evaluate(
            """([x, y]) => {
                const stage = document.querySelector('.al-stage').getBoundingClientRect();
                const m = new DOMMatrix(getComputedStyle(document.querySelector('.al-picture')).transform);
                return [stage.left + m.e + x * m.a, stage.top + m.f + y * m.d];
            }""",
            [x, y],
        )
        return place[0], place[1]

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, modifier: str | None = None) -> None:
        """Drag from one point of the picture to another."""
        mouse = self.page.mouse
        if modifier:
            self.page.keyboard.down(modifier)
        mouse.move(*self.at(*start))
        mouse.down()
        mouse.move(*self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        mouse.move(*self.at(*end))
        mouse.up()
        if modifier:
            self.page.keyboard.up(modifier)

    def click(self, x: float, y: float, **options: Any) -> None:
        """Click a point of the picture."""
        self.page.mouse.click(*self.at(x, y), **options)

    def said(self) -> str:
        """Which message was told last."""
        return self.page.get_attribute(".al-toast", "data-said") or ""

    @property
    def field(self) -> Any:
        """The text field."""
        return self.page.locator(".al-field")

    def close(self) -> None:
        """Leave, and look whether anything went wrong."""
        self.context.close()
        assert not self.foreign, f"requests to other machines: {self.foreign}"
        assert not self.problems, self.problems


def open_page(person: Person, path: str) -> None:
    """Open one of the pages, such as `/pool`, and wait until it is there."""
    person.page.goto(f"{person.site.url}{path}")
    name = path.strip("/")
    ready = {"label": "#annotate-label[data-state=ready]", "synthetic": "#annotate-shared-jobs [data-state=ready]"}
    person.page.wait_for_selector(ready.get(name, f"#annotate-{name}-main [data-state=ready]"))


def has_chromium() -> bool:
    """Whether Debian's Chromium is there."""
    return CHROMIUM.exists() and os.access(CHROMIUM, os.X_OK)
