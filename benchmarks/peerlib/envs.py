"""A virtual environment for each peer, made once from PyPI and kept."""

import os
import subprocess
import sys
import venv
from pathlib import Path

from .errors import GeneratorFailed
from .measure import run_measured

_INSTALL_TIMEOUT_S = 900.0
_STAMP = "requirements.stamp"


def default_envs_folder() -> Path:
    """Return where the environments live unless the user says otherwise."""
    cache = os.environ.get("SYNTHTEXT_CACHE")
    return (Path(cache) if cache else Path.home() / ".cache" / "synthtext") / "peers-envs"


def ensure_env(folder: Path, requirements: tuple[str, ...]) -> Path:
    """Return the interpreter of an environment that holds `requirements`, installing them if needed.

    Raises:
        GeneratorFailed: the environment could not be made or pip failed.
    """
    python = folder / "bin" / "python"
    stamp = folder / _STAMP
    wanted = "\n".join(requirements)
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {', '.join(requirements)} into {folder}", file=sys.stderr, flush=True)
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise GeneratorFailed(f"cannot make {folder}: {error}") from error
    log = folder / "install.log"
    command = [str(python), "-m", "pip", "install", "--quiet", *requirements]
    try:
        run_measured(command, log, _INSTALL_TIMEOUT_S, environment=os.environ)
    except GeneratorFailed as error:
        raise GeneratorFailed(f"pip install: {error}") from error
    stamp.write_text(wanted, encoding="utf-8")
    return python


def installed_version(python: Path, package: str) -> str:
    """Return the version of `package` that `python` sees.

    Raises:
        GeneratorFailed: the package is not installed there.
    """
    code = f"from importlib.metadata import version; print(version({package!r}))"
    found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise GeneratorFailed(f"{package} is not installed for {python}")
    return found.stdout.strip()
