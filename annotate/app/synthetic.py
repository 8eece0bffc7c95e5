"""The Synthetic page: a preset's main ranges on sliders, twelve fresh samples beside them, the result kept as YAML."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cv2
import gradio as gr
import numpy as np

from annotate.app import module
from annotate.app.telling import asking, must_be, told
from annotate.jobs.kinds import KINDS, checked
from annotate.jobs.studio import Studio
from annotate.workflow import synthetic
from annotate.workflow.context import Context
from annotate.workflow.jobs import start_job
from annotate.workflow.synthetic import KNOBS, Knob

_SAMPLES = 12
_BOXES = ("none", "chars", "words", "lines")
_MOST_SEED = 1_000_000


def build(context: Context, word: Callable[[str], Any]) -> None:
    """Put the page together.

    Args:
        word: key of `synthetic_words` -> what Gradio shows in the browser's language.
    """
    studio = Studio()
    names = synthetic.presets(context)
    known = {knob.key: value for knob, value in synthetic.knobs(context, "rec-zh")}
    first = "rec-zh"
    with gr.Row(equal_height=False, elem_classes="asy-page"):
        with gr.Column(scale=2, min_width=320):
            gr.Markdown(word("synthetic.intro"))
            preset = gr.Dropdown(names, value=first, label=word("synthetic.preset"), elem_id="synthetic-preset")
            with gr.Accordion(word("synthetic.ranges"), open=True):
                sliders = [slider for knob in KNOBS for slider in _sliders(knob, known.get(knob.key), word)]
            with gr.Row():
                name = gr.Textbox(label=word("synthetic.name"), max_lines=1, elem_id="synthetic-name")
                keep = gr.Button(word("synthetic.keep"), elem_id="synthetic-keep")
            with gr.Accordion(word("synthetic.run"), open=True):
                with gr.Row(elem_classes="asy-bar"):
                    run_name = gr.Textbox(
                        label=word("synthetic.run.name"), max_lines=1, min_width=110, elem_id="synthetic-run-name"
                    )
                    count = gr.Number(
                        10_000,
                        label=word("synthetic.run.count"),
                        precision=0,
                        minimum=1,
                        min_width=90,
                        elem_id="synthetic-run-count",
                    )
                    run = gr.Button(word("synthetic.run.start"), min_width=70, elem_id="synthetic-run")
                module.jobs("generate")
        with gr.Column(scale=5):
            with gr.Row(equal_height=False, elem_classes="asy-bar"):
                outlines = [(word(f"synthetic.boxes.{box}"), box) for box in _BOXES]
                boxes = gr.Dropdown(outlines, value="none", label=word("synthetic.boxes"), min_width=120)
                maps = gr.Checkbox(label=word("synthetic.maps"), min_width=80)
                seed = gr.Number(
                    0, label=word("synthetic.seed"), precision=0, minimum=0, maximum=_MOST_SEED, min_width=80
                )
                fresh = gr.Button(word("synthetic.fresh"), min_width=80)
                look = gr.Button(word("synthetic.look"), variant="primary", elem_id="synthetic-look", min_width=120)
            gallery = gr.Gallery(
                label=word("synthetic.samples"),
                columns=3,
                height=640,
                object_fit="scale-down",
                elem_id="synthetic-samples",
            )
            code = gr.Code(
                synthetic.preset_yaml(context, first, {}),
                language="yaml",
                label=word("synthetic.yaml"),
                interactive=False,
                elem_id="synthetic-yaml",
            )

    @told
    def turned(chosen: str, *values: float) -> str:
        return synthetic.preset_yaml(context, chosen, _changed(context, chosen, values))

    @told
    def chosen(name: str) -> list[Any]:
        known = {knob.key: value for knob, value in synthetic.knobs(context, name)}
        updates: list[Any] = []
        for knob in KNOBS:
            value = known.get(knob.key)
            ends = value or (knob.least,) * (1 + (knob.kind == "range"))
            updates += [gr.update(value=end, visible=value is not None) for end in ends]
        return [*updates, synthetic.preset_yaml(context, name, {})]

    @told
    def shown(chosen: str, box: str, with_maps: bool, of_seed: float, *values: float) -> list[tuple[Any, str]]:
        changed = _changed(context, chosen, values)
        synthetic.check(context, chosen, changed)
        source = synthetic.source(context, chosen)
        outlined = None if box == "none" else box
        drawn = studio.draw(source, changed, _SAMPLES, int(of_seed or 0), outlined, with_maps)  # type: ignore[arg-type]
        return [(_pixels(data), texts[0] if len(texts) == 1 else f"{len(texts)}") for data, texts in drawn]

    @told
    def kept(request: gr.Request, chosen: str, as_name: str, *values: float) -> Any:
        synthetic.keep(asking(context, request), as_name.strip(), chosen, _changed(context, chosen, values))
        gr.Info(f"presets/{as_name.strip()}.yaml")
        return gr.update(choices=synthetic.presets(context), value=as_name.strip())

    @told
    def started(request: gr.Request, chosen: str, name: str, wanted: float, of_seed: float, *values: float) -> None:
        asked = asking(context, request)
        must_be(asked, KINDS["generate"].role)
        changed = _changed(context, chosen, values)
        synthetic.check(context, chosen, changed)
        given = {"name": name.strip(), "preset": chosen, "count": int(wanted or 0), "seed": int(of_seed or 0)}
        args = checked("generate", {**given, "overrides": changed})
        start_job(asked, "generate", args.model_dump(mode="json"))

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    drawing: dict[str, Any] = {"api_visibility": "private", "concurrency_id": "studio", "concurrency_limit": 1}
    preset.change(chosen, [preset], [*sliders, code], **hidden)
    for slider in sliders:
        slider.release(turned, [preset, *sliders], [code], **hidden)
    samples = [preset, boxes, maps, seed, *sliders]
    look.click(shown, samples, [gallery], **drawing)
    fresh.click(lambda: random.randrange(_MOST_SEED), None, [seed], **hidden).then(shown, samples, [gallery], **drawing)
    run.click(started, [preset, run_name, count, seed, *sliders], None, **hidden)
    keep.click(kept, [preset, name, *sliders], [preset], **hidden)


def _sliders(knob: Knob, value: tuple[float, ...] | None, word: Callable[[str], Any]) -> list[gr.Slider]:
    ends = ("low", "high") if knob.kind == "range" else ("",)
    return [
        gr.Slider(
            knob.least,
            knob.most,
            value=value[at] if value else knob.least,
            step=knob.step,
            label=word(f"synthetic.{knob.key}" + (f".{end}" if end else "")),
            visible=value is not None,
            elem_id=f"knob-{knob.key}-{end}".replace(".", "-").rstrip("-"),
        )
        for at, end in enumerate(ends)
    ]


def _changed(context: Context, preset: str, values: tuple[float, ...]) -> dict[str, Any]:
    """Return what sliders say other than the preset; those that the preset has not are hidden and do not count."""
    known = {knob.key for knob, _ in synthetic.knobs(context, preset)}
    given: dict[str, tuple[float, ...]] = {}
    at = 0
    for knob in KNOBS:
        count = 1 + (knob.kind == "range")
        if knob.key in known:
            given[knob.key] = values[at : at + count]
        at += count
    return synthetic.overrides(context, preset, given)


def _pixels(data: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
