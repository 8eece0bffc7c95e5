"""The layers: who may import whom."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "synthtext"
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"torch", "pymilvus", "ray", "gradio", "rapidocr", "onnxruntime"}
# The one place that may load an OCR engine, and only when it is asked to look.
FINDER = PACKAGE / "assets" / "text_finder.py"


def _module(path: Path) -> str:
    parts = ["synthtext", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, top_level: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_stages__never_import_each_other() -> None:
    for path in (PACKAGE / "stages").glob("*.py"):
        others = [name for name in _imports(path) if name.startswith("synthtext.stages")]
        assert not others, f"{path.name} imports {others}"


def test_lower_rooms__know_nothing_of_the_rooms_above() -> None:
    above = ("cli", "api", "engine", "inspect", "writers", "labels", "pipeline", "preview")
    for room in ("stages", "effects", "assets"):
        for path in (PACKAGE / room).glob("*.py"):
            for name in _imports(path):
                assert not name.startswith(tuple(f"synthtext.{part}" for part in above)), f"{path}: {name}"


def test_package__never_imports_annotate_or_anything_heavy() -> None:
    for path in FILES:
        for name in _imports(path, top_level=path == FINDER):
            assert name.split(".")[0] not in HEAVY | {"annotate"}, f"{path}: {name}"
    assert {name.split(".")[0] for name in _imports(FINDER)} & HEAVY == {"rapidocr"}


def test_nothing_below_the_command_line_prints() -> None:
    for path in FILES:
        if "cli" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "eval", "exec"}, f"{path}:{node.lineno}"


def test_modules__import_in_no_circle() -> None:
    names = {_module(path): path for path in FILES}
    graph = {
        name: {found for found in _imports(path, top_level=True) if found in names and found != name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for other in graph[name]:
            visit(other, (*trail, name))
        done.add(name)

    for name in names:
        visit(name, ())


def test_files__are_not_called_like_standard_modules() -> None:
    allowed = {"inspect"}  # a room of the house; nothing in it imports the standard one by that name
    for path in FILES:
        stem = path.stem if path.stem != "__init__" else path.parent.name
        assert stem not in sys.stdlib_module_names - allowed, path


def test_files__stay_small() -> None:
    for path in FILES:
        assert len(path.read_text("utf-8").splitlines()) <= 345, f"{path}: split it"
