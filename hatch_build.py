"""Builds the optional native module: with the package (hatchling calls it), or in a checkout (`python hatch_build.py`).

Where there is no C compiler, or it fails, the package is built without it: it is slower then, with the same bytes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by hand
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
NAME = "synthtext._native"
# No fused multiply-add: numbers come out as Python's do. No floating-point exceptions are looked at: loops may be done
# by vectors.
_FLAGS = ["-O3", "-g0", "-ffp-contract=off", "-fno-trapping-math", "-fvisibility=hidden"]


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Puts the module into the wheel; into the checkout for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files."""
        self._room = tempfile.TemporaryDirectory(prefix="synthtext-build-")
        try:
            made = build(Path(self._room.name))
        except BuildError as error:
            self.app.display_warning(f"synthtext is built without its native module, and slower: {error}")
            return
        if version == "editable":
            put_into_checkout(made)
            return
        build_data["force_include"][str(made)] = f"synthtext/{made.name}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the package is done."""
        self._room.cleanup()


class BuildError(Exception):
    """The module cannot be built here."""


def build(room: Path) -> Path:
    """Compile the module in `room` and return its file.

    Raises:
        BuildError: there is no compiler, or it fails.
    """
    try:
        from setuptools import Distribution, Extension
        from setuptools.command.build_ext import build_ext
    except ImportError:
        raise BuildError("setuptools is not installed") from None
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "native").glob("*.c"))
    module = Extension(NAME, sources, depends=["native/native.h"], extra_compile_args=_FLAGS)
    command = build_ext(Distribution({"name": "synthtext", "ext_modules": [module], "packages": []}))
    command.build_lib, command.build_temp = str(room / "lib"), str(room / "objects")
    try:
        command.ensure_finalized()
        command.run()
    except (Exception, SystemExit) as error:
        raise BuildError(str(error) or type(error).__name__) from None
    return Path(command.get_ext_fullpath(NAME))


def put_into_checkout(made: Path) -> Path:
    """Copy the module beside the code that uses it, and return its place."""
    target = ROOT / "synthtext" / made.name
    # Another file, not other bytes: a process may be using the old one.
    beside = target.with_suffix(".new")
    shutil.copy(made, beside)
    beside.replace(target)
    return target


def main() -> int:
    """Build the module into this checkout."""
    with tempfile.TemporaryDirectory(prefix="synthtext-build-") as room:
        try:
            made = build(Path(room))
        except BuildError as error:
            sys.stderr.write(f"the native module cannot be built: {error}\n")
            return 1
        sys.stdout.write(f"{put_into_checkout(made).relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
