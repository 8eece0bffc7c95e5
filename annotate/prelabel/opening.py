"""From what the user calls a reader to one that is open: `rapidocr`, `paddleocr`, `http://...`, `onnx:rec=FILE,...`."""

from __future__ import annotations

import importlib
from pathlib import Path

from annotate.prelabel.paddle import PaddleReader, paddle_name
from annotate.prelabel.rapid import RapidReader, rapid_name
from annotate.prelabel.reader import Reader
from annotate.prelabel.rest import RestReader, rest_name
from synthtext.errors import UserError

_KEYS = ("det", "rec", "keys")


def reader_name(spec: str) -> str:
    """Return the name that a reader's readings are kept under, after checking that it can be opened.

    Raises:
        UserError: nothing is called so, or a part of it is missing.
    """
    if spec == "rapidocr":
        return rapid_name({})
    if spec == "paddleocr":
        return paddle_name()
    if spec.startswith(("http://", "https://")):
        return rest_name(spec)
    if spec.startswith("onnx:"):
        return rapid_name(_files(spec))
    if spec.startswith("python:"):
        return _own(spec)[:64]
    raise UserError(
        f"--reader: {spec!r} is no reader; there are rapidocr, paddleocr, http://HOST/PATH, "
        "onnx:rec=FILE[,keys=FILE][,det=FILE] and python:MODULE:CLASS"
    )


def open_reader(spec: str, timeout_s: float = 60.0) -> Reader:
    """Open a reader in this process."""
    reader_name(spec)
    if spec == "paddleocr":
        return PaddleReader()
    if spec.startswith("http"):
        return RestReader(spec, timeout_s)
    if spec.startswith("python:"):
        module, name = spec.removeprefix("python:").split(":")
        reader: Reader = getattr(importlib.import_module(module), name)()
        return reader
    return RapidReader(_files(spec) if spec.startswith("onnx:") else None)


def _files(spec: str) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for part in spec.removeprefix("onnx:").split(","):
        key, sign, path = part.partition("=")
        if key not in _KEYS or not sign or not path:
            raise UserError(f"--reader: {part!r}: expected det=FILE, rec=FILE or keys=FILE")
        files[key] = Path(path).expanduser().resolve()
    if not {"det", "rec"} & set(files):
        raise UserError("--reader onnx: name a model: rec=FILE, det=FILE or both")
    return files


def _own(spec: str) -> str:
    try:
        module, name = spec.removeprefix("python:").split(":")
        return str(getattr(importlib.import_module(module), name).name)
    except (ValueError, ImportError, AttributeError) as error:
        raise UserError(f"--reader: {spec!r}: no such class with an attribute `name`: {error}") from error
