"""The Label page: the canvas, which is our own module in `static/label/` inside one `gr.HTML`."""

from __future__ import annotations

import json

import gradio as gr

from annotate.app.navigation import PAGES
from annotate.workflow.context import Context

_TEMPLATE = '<div id="annotate-label" class="al-root" data-state="loading"></div>'
# Nothing of a picture goes through Gradio: the module opens, saves and re-reads through our routes.
_ON_LOAD = """
const root = element.querySelector('#annotate-label');
import('/ui/label/main.js').then((module) => module.start(root, SETTINGS));
"""


def build(context: Context) -> None:
    """Put the canvas onto the page."""
    pages = [{"path": page.path, "en": page.en, "zh": page.zh} for page in PAGES]
    settings = {"categories": list(context.workspace.settings.categories), "pages": pages}
    gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=_ON_LOAD.replace("SETTINGS", json.dumps(settings)),
        apply_default_css=False,
        elem_id="annotate-label-holder",
    )
