"""The pages, put together: one `gr.Blocks` with a route a page, under one theme."""

from __future__ import annotations

import gradio as gr

from annotate.app import label
from annotate.workflow.context import Context


def build_pages(context: Context) -> gr.Blocks:
    """Return all pages of a workspace."""
    pages: gr.Blocks = gr.Blocks(title="annotate", analytics_enabled=False, fill_width=True, fill_height=True)
    with pages.route("Label", "/label"):
        label.build(context)
    return pages
