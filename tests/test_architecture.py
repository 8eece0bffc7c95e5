"""The layers: who may import whom."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "synthtext"
ANNOTATE = ROOT / "annotate"
FILES = sorted(PACKAGE.rglob("*.py"))
ANNOTATE_FILES = sorted(ANNOTATE.rglob("*.py"))
HEAVY = {"torch", "pymilvus", "ray", "gradio", "rapidocr", "onnxruntime"}
# The one place that may load an OCR engine, and only when it is asked to look.
FINDER = PACKAGE / "assets" / "text_finder.py"
# Where heavy packages may be loaded: a prefix of the path, and what may be loaded there.
HEAVY_ROOMS = {
    "synthtext/assets/text_finder.py": {"rapidocr"},
    "synthtext/engine/cluster": {"ray"},
    "synthtext/online/": {"torch"},
    "annotate/embed": {"torch", "open_clip"},
    "annotate/index/milvus": {"pymilvus"},
    "annotate/prelabel/": {"rapidocr", "onnxruntime"},
    "annotate/app/": {"gradio"},
}
OPEN_TO_ANNOTATE = (
    "api",
    "values",
    "geometry",
    "labels",
    "writers",
    "errors",
    "command",
    "convert",
    "processes",
    "__version__",
)


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
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


def test_packages__load_heavy_packages_only_in_their_rooms() -> None:
    for path in [*FILES, *ANNOTATE_FILES]:
        place = path.relative_to(ROOT).as_posix()
        allowed = {name for room, names in HEAVY_ROOMS.items() if place.startswith(room) for name in names}
        for name in _imports(path):
            assert name.split(".")[0] not in HEAVY - allowed, f"{place}: {name}"


def test_package__never_imports_annotate() -> None:
    for path in FILES:
        for name in _imports(path):
            assert name.split(".")[0] != "annotate", f"{path}: {name}"
    # An OCR engine is loaded when it is asked to look, not before.
    assert not {name.split(".")[0] for name in _imports(FINDER, top_level=True)} & HEAVY


def test_annotate__uses_the_open_rooms_of_the_generator() -> None:
    allowed = tuple(f"synthtext.{room}" for room in OPEN_TO_ANNOTATE)
    for path in ANNOTATE_FILES:
        for name in _imports(path):
            if name.startswith("synthtext."):
                assert name.startswith(allowed), f"{path}: {name}"


def test_annotate__keeps_sql_in_the_store_and_use_cases_in_workflow() -> None:
    for path in ANNOTATE_FILES:
        room = path.relative_to(ANNOTATE).parts[0]
        for name in _imports(path):
            if name.split(".")[0] in {"sqlalchemy", "alembic"}:
                assert room == "store", f"{path}: {name}"
            if room in {"app", "rest", "cli"} and name.startswith("annotate.store"):
                raise AssertionError(f"{path}: {name}; call annotate.workflow")


def test_nothing_below_the_command_line_prints() -> None:
    for path in [*FILES, *ANNOTATE_FILES]:
        if "cli" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "eval", "exec"}, f"{path}:{node.lineno}"


def test_modules__import_in_no_circle() -> None:
    names = {_module(path): path for path in [*FILES, *ANNOTATE_FILES]}
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
    for path in [*FILES, *ANNOTATE_FILES]:
        stem = path.stem if path.stem != "__init__" else path.parent.name
        assert stem not in sys.stdlib_module_names - allowed, path


def test_files__stay_small() -> None:
    written_by_a_tool = ANNOTATE / "store" / "migrations" / "versions"
    for path in [*FILES, *ANNOTATE_FILES]:
        if path.parent == written_by_a_tool:
            continue
        assert len(path.read_text("utf-8").splitlines()) <= 345, f"{path}: split it"


def test_test_files__have_names_of_their_own() -> None:
    # pytest puts every folder on the path: the second `pictures.py` would hide the first.
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert not {name for name in names if names.count(name) > 1}
