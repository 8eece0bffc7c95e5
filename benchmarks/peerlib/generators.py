"""What is compared: how each generator is installed, called, and asked for `count` images.

Every generator keeps its own default effects; only what makes the rows comparable is set: photographs
behind every text, ten characters or so, a crop 48 px high where it has such a setting, one worker.
"""

import importlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import GeneratorFailed
from .inputs import TEXT_CHARS, Inputs

HEIGHT_PX = 48
SYNTHTEXT = "synthtext"
_DRIVERS = Path(__file__).resolve().parent.parent / "peers"
_IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True)
class Job:
    """One run: what to draw from, how many images, and an empty folder for them."""

    language: str
    count: int
    inputs: Inputs
    out: Path
    python: Path


@dataclass(frozen=True)
class Generator:
    """One row a language. `counts` are the small and the large run that the slope is taken from.

    `requirements` is what pip installs for it, the package itself first; empty means that it runs
    with the interpreter that runs the comparison.
    """

    package: str
    requirements: tuple[str, ...]
    counts: dict[str, tuple[int, int]]
    settings: str
    command: Callable[[Job], list[str]]
    written: Callable[[Job], int]


def _neots_command(job: Job) -> list[str]:
    config = job.out / "config.json"
    config.write_text(json.dumps(_neots_config(job)), encoding="utf-8")
    program = job.python.with_name("neots")
    return [str(program), "singleline", "--config", str(config), "--total", str(job.count), "--workers", "1"]


def _neots_config(job: Job) -> dict[str, object]:
    """Return its shipped preset with our text, fonts and photographs and no vertical lines."""
    return {
        "text_sampler": {
            "min_targets": TEXT_CHARS,
            "max_targets": TEXT_CHARS,
            "font_size": 55,
            "vertical_prob": 0.0,
            "sample_strategy": "auto-fallback",
            "font_list": [str(font) for font in job.inputs.fonts],
        },
        "random_config": [{"type": "sequential", "prob": 1.0, "from_file": str(job.inputs.stream)}],
        "bg_sampler": {
            "bg_image_prob": 1.0,
            "gray_bg_prob": 0.7,
            "text_color": "auto",
            "bg_color": "auto",
            "bg_list": [str(job.inputs.backgrounds)],
        },
        "post_process": {
            "font_size": 55,
            "text_effects": {"effect_prob": 0.2, "partial_effect_prob": 0.8},
            "text_paste": {
                "scale_range": [0.7, 1.1],
                "margin_range": [-5, 20],
                "offset_prob": 0.5,
                "h_offset_range": [-7, 7],
                "v_offset_range": [-5, 5],
            },
            "transforms": {
                "rotation_prob": 0.3,
                "rotation_range": [-2.5, 2.5],
                "distortion_prob": 0.2,
                "distortion_level": 0.03,
            },
        },
        "generate": {
            "output_height": HEIGHT_PX,
            "retry_on_error": True,
            "out_jsonl": str(job.out / "labels.jsonl"),
            "out_dir": str(job.out / "images"),
            "batchsize": 1000,
            "hierarchical_structure": [100, 625],
        },
    }


def _doctr_synth_command(job: Job) -> list[str]:
    options = {
        "output_dir": str(job.out),
        "num_images": job.count,
        "wordlist_path": str(job.inputs.lines),
        "font_dir": str(job.inputs.fonts[0].parent),
        "bg_image_dir": str(job.inputs.backgrounds),
        "auto_download_fonts": False,
        "auto_download_backgrounds": False,
        "num_workers": 1,
        "val_percent": 0.0,
        "output_jpeg": True,
    }
    return [str(job.python), str(_DRIVERS / "doctr_synth_driver.py"), json.dumps(options)]


def _trdg_command(job: Job) -> list[str]:
    fonts = ["-fd", str(job.inputs.fonts[0].parent)]
    if job.language == "zh":  # it takes only .ttf from a folder, but any font by its name
        fonts = ["-ft", str(job.inputs.fonts[0])]
    return [
        str(job.python.with_name("trdg")),
        *("-c", str(job.count), "-i", str(job.inputs.lines), "-l", "cn" if job.language == "zh" else "en"),
        *("-b", "3", "-id", str(job.inputs.backgrounds), "-f", str(HEIGHT_PX), "-t", "1", "-na", "2"),
        *fonts,
        *("--output_dir", str(job.out)),
    ]


def _synthtiger_command(job: Job) -> list[str]:
    config = job.out / "config.yaml"
    options = {
        "lines": str(job.inputs.lines),
        "fonts": str(job.inputs.fonts[0].parent),
        "backgrounds": str(job.inputs.backgrounds),
        "height_px": HEIGHT_PX,
    }
    config.write_text(json.dumps(options), encoding="utf-8")  # JSON is YAML
    return [
        str(job.python.with_name("synthtiger")),
        *("-o", str(job.out / "images"), "-c", str(job.count), "-w", "0", "-s", "0", "-v"),
        *(str(_DRIVERS / "synthtiger_template.py"), "Crop", str(config)),
    ]


def _synthtext_command(job: Job) -> list[str]:
    return [
        *(str(job.python), "-m", "synthtext", "generate", "--preset", f"rec-{job.language}"),
        *("--count", str(job.count), "--workers", "1", "--format", "lmdb"),
        *("--out", str(job.out / "dataset"), "--quiet"),
    ]


def _count_files(job: Job) -> int:
    return sum(path.suffix in _IMAGE_SUFFIXES for path in job.out.rglob("*"))


def _count_lmdb_samples(job: Job) -> int:
    """Return the sum of `num-samples` over the databases of a run."""
    try:
        lmdb = importlib.import_module("lmdb")
    except ImportError as error:
        raise GeneratorFailed("this interpreter has no lmdb to count the samples with") from error
    total = 0
    for data in job.out.rglob("data.mdb"):
        with lmdb.open(str(data.parent), readonly=True, lock=False) as database, database.begin() as read:
            total += int(read.get(b"num-samples", b"0"))
    return total


GENERATORS = (
    Generator(
        package=SYNTHTEXT,
        requirements=(),
        counts={"en": (1000, 8000), "zh": (1000, 8000)},
        settings=f"presets rec-en and rec-zh as they come, {HEIGHT_PX} px, LMDB",
        command=_synthtext_command,
        written=_count_lmdb_samples,
    ),
    Generator(
        package="neots",
        requirements=("neots==0.3.4",),
        counts={"en": (500, 3000), "zh": (500, 2500)},
        settings=(
            f"its preset, {TEXT_CHARS} characters, {HEIGHT_PX} px, photo behind all: scale, offset, "
            "rotation 0.3, distortion 0.2, italic/under/strike 0.2; PNG"
        ),
        command=_neots_command,
        written=_count_files,
    ),
    Generator(
        package="doctr-synth-generator",
        requirements=("doctr-synth-generator==0.4.1",),
        counts={"en": (400, 2000), "zh": (300, 1300)},
        settings=(
            "its defaults, font 12-40 px so crops are 13-45 px high, supersampled x3: bold, outline, "
            "rotation, perspective, blur, noise, JPEG artefacts; written as JPEG q90"
        ),
        command=_doctr_synth_command,
        written=_count_files,
    ),
    Generator(
        package="trdg",
        requirements=("trdg==1.8.0", "Pillow<10"),
        counts={"en": (50, 250), "zh": (50, 300)},
        settings=f"its defaults with -b 3, {HEIGHT_PX} px: text pasted on the photo, no effect; JPEG",
        command=_trdg_command,
        written=_count_files,
    ),
    Generator(
        package="synthtiger",
        requirements=("synthtiger==1.2.1", "numpy<2", "Pillow<10"),
        counts={"en": (20, 140), "zh": (20, 140)},
        settings=(
            f"our template of its components, font 28-44 px, resized to {HEIGHT_PX} px: elastic, curve, "
            "texture, border/shadow/extrusion, warps, 12 blends, noise, blurs; no masks, no midground, no "
            "visibility check; JPEG q95"
        ),
        command=_synthtiger_command,
        written=_count_files,
    ),
)


def own_python() -> Path:
    """Return the interpreter that runs synthtext: this one, its symbolic links kept."""
    return Path(sys.executable)
