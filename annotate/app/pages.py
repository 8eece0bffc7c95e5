"""The pages, put together: one `gr.Blocks` with a route a page, under one theme."""

from __future__ import annotations

import gradio as gr

from annotate.app import label, module, programs, synthetic, synthetic_words
from annotate.jobs.finder import Finder
from annotate.workflow.context import Context

_EN, _ZH = synthetic_words.words(False), synthetic_words.words(True)
# Shown in the language of the browser.
I18N = gr.I18n(**{"en": _EN, "zh": _ZH, "zh-CN": _ZH, "zh-TW": _ZH})
# Pages of our own modules: the folder in `static/`, the name, and the class of the root.
_MODULES = (
    ("pool", "Pool", "ap"),
    ("search", "Search", "aq"),
    ("wall", "Crop wall", "aw"),
    ("review", "Review", "ar"),
    ("datasets", "Datasets", "ax"),
    ("dashboard", "Dashboard", "ad"),
)


def build_pages(context: Context, finder: Finder) -> gr.Blocks:
    """Return all pages of a workspace, and the endpoints for programs."""
    pages: gr.Blocks = gr.Blocks(title="annotate", analytics_enabled=False, fill_width=True, fill_height=True)
    with pages:
        programs.build(context, finder)
    with pages.route("Label", "/label"):
        label.build(context)
    for folder, name, css_class in _MODULES:
        with pages.route(name, f"/{folder}"):
            module.head()
            module.put(folder, css_class)
    with pages.route("Synthetic", "/synthetic"):
        module.head()
        synthetic.build(context, I18N)
    return pages
