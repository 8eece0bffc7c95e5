"""Let labelme's own `LabelFile` load every JSON file of a folder.

Runs inside an environment that holds labelme without its window (`reader_envs.LABEL_TOOLS`):

    python labelme_files.py FOLDER

The last line of standard output is a report as JSON: file -> labels, descriptions and points of its shapes.
"""

import importlib
import importlib.abc
import importlib.util
import json
import sys
import types
from importlib.machinery import ModuleSpec
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, ClassVar


class StandIn(types.ModuleType):
    """A module that has whatever is asked of it."""

    __path__: ClassVar[list[str]] = []
    __version__ = "6.3.1"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a stand-in for labelme's window and what draws in it."""

    packages = ("imgviz", "osam", "qtpy", "PySide6")

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in self.packages else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it has everything."""


def main() -> int:
    """Load all files, print what is in them."""
    folder = Path(sys.argv[1])
    sys.meta_path.insert(0, StandIns())
    place = Path(str(distribution("labelme").locate_file("labelme")))
    # The package's own __init__ opens the window's modules; the reader needs only its utils.
    package = types.ModuleType("labelme")
    package.__path__ = [str(place)]
    package.__version__ = "6.3.1"  # type: ignore[attr-defined]
    sys.modules["labelme"] = package
    importlib.import_module("labelme.utils")  # these two import each other; this way round it works
    from labelme._label_file import LabelFile  # type: ignore[import-not-found]

    report = {}
    for path in sorted(folder.rglob("*.json")):
        if ".synthtext" in path.parts:
            continue
        file = LabelFile(str(path))
        report[path.relative_to(folder).as_posix()] = [
            {key: shape[key] for key in ("label", "description", "points", "shape_type")} for shape in file.shapes
        ]
    print(json.dumps(report, ensure_ascii=False, default=str), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
