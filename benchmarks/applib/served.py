"""A workspace made for measuring, a server that serves it, and a browser at its Label page."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from annotate.records import Picture, Region
from annotate.store import images, sources
from annotate.store.database import now
from annotate.store.labels import save_doc
from annotate.workflow.context import Context

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def grid(count: int, size_wh: tuple[int, int], text: str = "some text") -> list[Region]:
    """Boxes in rows all over a picture, as a reader would have left them."""
    width, height = size_wh
    columns = max(1, round((count * width / height / 4) ** 0.5))
    rows = -(-count // columns)
    w, h = width / columns, height / rows
    found = []
    for number in range(count):
        x, y = number % columns * w, number // columns * h
        box = (x + 0.1 * w, y + 0.15 * h, x + 0.9 * w, y + 0.85 * h)
        points = ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3]))
        rounded = tuple((round(px, 1), round(py, 1)) for px, py in points)
        found.append(Region(f"r{number}", "quad", rounded, f"{text} {number}", origin="reader:made", score=0.97))
    return found


def put_photo(context: Context, name: str, size_wh: tuple[int, int], regions: list[Region], seed: int) -> str:
    """Put a picture with the grain of a photograph into the pool, and regions on it."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (size_wh[1] // 24, size_wh[0] // 24, 3), np.uint8)
    image = cv2.resize(small, size_wh, interpolation=cv2.INTER_CUBIC)
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
    image_id = hashlib.sha256(data).hexdigest()
    path = f"media/{image_id[:2]}/{image_id}.jpg"
    file = context.workspace.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    with context.db.writing() as session:
        source = sources.put(session, "folder", "made")
        images.add(session, [Picture(image_id, name, path, True, *size_wh, len(data), source, now())])
        save_doc(session, image_id, 0, regions, who="reader", action="prelabel", at=now())
    return image_id


def free_port() -> int:
    """A port on the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    """`annotate serve` in a process of its own; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "annotate", "serve", "-w", str(workspace), "--port", str(port)]
    beside = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}  # where readers of our own are
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=beside)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{url}/api/health", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium without a window, with a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def open_label(browser: Browser, url: str, **query: Any) -> Page:
    """Open the Label page and wait until it is there and the next pictures are loaded."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/label?{'&'.join(f'{name}={value}' for name, value in query.items())}")
    page.wait_for_selector("#annotate-label[data-state=ready]", timeout=60_000)
    return page


def told(values: list[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(values)
    return f"median {np.median(ordered):7.1f} ms   p95 {np.percentile(ordered, 95):7.1f} ms   n {len(ordered)}"
