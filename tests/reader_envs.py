"""Environments of their own for third-party readers and servers: made once with pip, kept, used by their interpreter.

They live in `$SYNTHTEXT_TEST_ENVS`, else in `~/.cache/synthtext-test-envs`, one folder each. A stamp file
that says what was installed is written last, so that half an environment is never used.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

INSTALL_TIMEOUT_S = 900.0
STAMP = "complete.stamp"


class EnvironmentUnavailableError(Exception):
    """An environment could not be made; the message says why."""


@dataclass(frozen=True)
class Environment:
    """What to install: each step is the arguments of one `pip install`."""

    name: str
    steps: tuple[tuple[str, ...], ...]

    @property
    def recipe(self) -> str:
        """Return what the stamp of a finished environment says."""
        lines = [" ".join(step) for step in self.steps]
        return "\n".join([f"python {sys.version_info.major}.{sys.version_info.minor}", *lines, ""])


# NumPy 2.4 breaks PaddleOCR's cropping, and training hangs. paddleocr pulls in three builds of OpenCV, which
# write to the same folder; the headless one is put on top: the others want libGL, which a bare server lacks.
PADDLE = Environment(
    "paddle",
    (
        ("paddlepaddle==3.3.1", "paddleocr==2.10.0", "numpy<2.4"),
        ("--force-reinstall", "--no-deps", "opencv-python-headless"),
    ),
)
PADDLEX = Environment("paddlex", (("paddlex==3.7.2",),))
# The one that PaddleOCR's current releases require.
OPENCV_4 = Environment("opencv-4", (("opencv-python-headless==4.10.0.84", "numpy<2.3"),))
# Of these three only files that need neither torch nor torchvision are loaded.
PAGES = Environment(
    "pages",
    (
        ("numpy", "scipy", "pillow", "tqdm", "pyyaml", "opencv-python-headless"),
        ("--no-deps", "python-doctr==1.1.0", "ultralytics==8.4.190", "easyocr==1.7.2"),
    ),
)


# PPOCRLabel's window without the OCR engine behind it, and labelme's reader of files.
LABEL_TOOLS = Environment(
    "label-tools",
    (
        ("PyQt5", "numpy", "pillow", "opencv-python-headless", "openpyxl", "loguru", "tifffile"),
        ("--no-deps", "PPOCRLabel==3.1.6", "labelme==6.3.1"),
    ),
)
# A whole Milvus of 2024 in one program: the only real server that comes as a Python package.
MILVUS = Environment("milvus", (("milvus==2.3.5",),))


def envs_folder() -> Path:
    """Return where environments are kept."""
    named = os.environ.get("SYNTHTEXT_TEST_ENVS")
    return Path(named) if named else Path.home() / ".cache" / "synthtext-test-envs"


def interpreter(environment: Environment) -> Path:
    """Return the Python of `environment`, which is made first where it is missing or of another recipe.

    Raises:
        EnvironmentUnavailableError: it could not be made.
    """
    folder = envs_folder() / environment.name
    python, stamp = folder / "bin" / "python", folder / STAMP
    if python.exists() and stamp.is_file() and stamp.read_text("utf-8") == environment.recipe:
        return python
    try:
        _install(environment, folder, python)
        stamp.write_text(environment.recipe, "utf-8")
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentUnavailableError(f"{folder}: {_reason(error)}") from error
    return python


def clean_environ(home: Path) -> dict[str, str]:
    """Return the variables for a reader: nothing of ours is importable, and its caches go below `home`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV_"))}
    caches = {"HOME": home, "XDG_CACHE_HOME": home / ".cache", "PADDLE_PDX_CACHE_HOME": home / ".paddlex"}
    settings = {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1"}
    return kept | {key: str(path) for key, path in caches.items()} | settings


def _install(environment: Environment, folder: Path, python: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    for step in environment.steps:
        _run([str(python), "-m", "pip", "install", "--quiet", "--no-input", *step])


def _run(command: list[str]) -> None:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, env=variables)


def _reason(error: OSError | subprocess.SubprocessError) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        return f"{' '.join(error.cmd[1:4])} failed with {error.returncode}: {' / '.join(lines[-3:])}"
    return str(error)
