"""Pages that are modules of our own in `static/`, inside one `gr.HTML`, and the head that they have in common.

They talk to our routes, not to Gradio.
"""

from __future__ import annotations

import json

import gradio as gr

from annotate.app.navigation import PAGES

# `element` is what Gradio calls the component's node.
_ON_LOAD = "import('/ui/{module}.js').then((module) => module.start(element.querySelector('div'), {settings}));"


def head() -> None:
    """Put the links to all pages, and who is here, on top of the page that is being built."""
    pages = [{"path": page.path, "en": page.en, "zh": page.zh} for page in PAGES]
    _put("shared/shell", "as", json.dumps(pages, ensure_ascii=False))


def put(page: str, css_class: str) -> None:
    """Put a page's module where the page is being built; its files are in `static/<page>/`."""
    _put(f"{page}/main", css_class, "null")


def jobs(*kinds: str) -> None:
    """Put a list of long work of some kinds, with its progress, where the page is being built."""
    _put("shared/jobs", "aj", json.dumps(kinds))


def _put(module: str, css_class: str, settings: str) -> None:
    gr.HTML(
        html_template=f'<div class="{css_class}" data-state="loading"></div>',
        js_on_load=_ON_LOAD.format(module=module, settings=settings),
        apply_default_css=False,
        elem_id=f"annotate-{module.replace('/', '-')}",
    )
