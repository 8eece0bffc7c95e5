"""Open PPOCRLabel's window, without a screen, on a folder; tell what it sees; let it save.

Runs inside an environment that holds PPOCRLabel with PyQt5 and without PaddleOCR (`reader_envs.PPOCRLABEL`):

    python ppocrlabel_window.py FOLDER

Stand-ins take the place of the OCR engine and of tables. The window opens the folder by its own `importDirImages`,
which reads all of its files and shows the first picture; every picture is then shown once, and everything saved. The
last line of standard output is what it knew after opening, as JSON.
"""

import argparse
import importlib.abc
import importlib.util
import json
import os
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, ClassVar

os.environ["QT_QPA_PLATFORM"] = "offscreen"


class StandIn(types.ModuleType):
    """A module that has whatever is asked of it."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *_, **__: None})


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a stand-in for every module of some packages."""

    packages = (
        "paddle",
        "paddleocr",
        "paddlex",
        "pandas",
        "openpyxl",
        "premailer",
        "lxml",
        "tqdm",
        "xlrd",
        "tablepyxl",
    )

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] in self.packages else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: it has everything."""


def main() -> int:
    """Open, tell, save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    sys.meta_path.insert(0, StandIns())
    package = importlib.util.find_spec("PPOCRLabel")
    assert package is not None
    assert package.submodule_search_locations is not None
    sys.path.insert(0, package.submodule_search_locations[0])
    sys.argv = ["PPOCRLabel"]
    from PyQt5.QtWidgets import QApplication, QMessageBox

    app = QApplication([])
    # Nobody is there to press a button.
    for name in ("information", "warning", "critical", "question"):
        setattr(QMessageBox, name, staticmethod(lambda *_, **__: QMessageBox.Yes))
    from PPOCRLabel import MainWindow  # the file: its own folder comes first on the path

    window = MainWindow(lang="en", gpu=False, default_predefined_class_file="")
    window.importDirImages(str(folder))
    seen = {"labels": json.loads(json.dumps(window.PPlabel)), "states": dict(window.fileStatedict)}
    shown = {}
    for path in window.mImgList:
        window.loadFile(path)
        shown[Path(path).name] = [shape.label for shape in window.canvas.shapes]
    window.saveFilestate()
    window.savePPlabel(mode="Auto")
    print(json.dumps({**seen, "shown": shown}, ensure_ascii=False), flush=True)
    app.quit()
    return 0


if __name__ == "__main__":
    # Qt's objects outlive the interpreter's order of taking things down.
    code = main()
    sys.stdout.flush()
    os._exit(code)
