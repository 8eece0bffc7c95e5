"""The words of the Synthetic page in English and Chinese."""

from __future__ import annotations

from annotate.workflow.synthetic import KNOBS

_WORDS: dict[str, tuple[str, str]] = {
    "intro": (
        "Choose a preset, turn what matters, look at fresh samples, keep it under a name of your own.",
        "选择预设，调整主要参数，查看新样本，再以自己的名字保存。",
    ),
    "preset": ("Preset", "预设"),
    "seed": ("Seed", "随机种子"),
    "boxes": ("Outline", "显示外框"),
    "boxes.none": ("nothing", "无"),
    "boxes.chars": ("characters", "字符"),
    "boxes.words": ("words", "词"),
    "boxes.lines": ("lines", "行"),
    "maps": ("Score maps", "热力图"),
    "look": ("Show 12 samples", "查看 12 个样本"),
    "fresh": ("Others", "换一批"),
    "samples": ("Samples", "样本"),
    "yaml": ("As YAML", "YAML"),
    "name": ("Keep as", "保存为"),
    "keep": ("Keep preset", "保存预设"),
    "kept": ("Kept", "已保存"),
    "run": ("Run it", "开始生成"),
    "run.name": ("Name of the run", "任务名称"),
    "run.count": ("Samples", "样本数"),
    "run.start": ("Start", "开始"),
    "low": ("from", "最小"),
    "high": ("to", "最大"),
    "ranges": ("Settings", "参数"),
}


def words(chinese: bool) -> dict[str, str]:
    """Return word key -> word, keys beginning with `synthetic.`."""
    found = {f"synthetic.{key}": pair[chinese] for key, pair in _WORDS.items()}
    for knob in KNOBS:
        name = knob.name_zh if chinese else knob.name_en
        found[f"synthetic.{knob.key}"] = name
        if knob.kind == "range":
            found[f"synthetic.{knob.key}.low"] = f"{name}, {_WORDS['low'][chinese]}"
            found[f"synthetic.{knob.key}.high"] = f"{name}, {_WORDS['high'][chinese]}"
    return found
