"""The benchmark of `synthtext.online` runs and refuses what it cannot measure."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benchmarks"))

import online_rate


def test_main__prints_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--preset", "rec-en-word", "--size", "32x100", "--workers", "1", "--count", "64", "--rounds", "1"]
    assert online_rate.main([*arguments, "--batch", "16"]) == 0
    row = [cell.strip() for cell in capsys.readouterr().out.splitlines()[-1].strip("|").split("|")]
    assert row[:2] == ["rec-en-word 32x100", "1"]
    rate, cpu_ms, feeding_ms, free = (float(cell.replace(",", "")) for cell in row[2:])
    assert rate > 0
    assert 0 < feeding_ms < cpu_ms
    assert free == pytest.approx(1000 / cpu_ms, rel=0.02)


def test_main__bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert online_rate.main(["--preset", "rec-em"]) == 2
    assert "preset 'rec-em' does not exist" in capsys.readouterr().err
    assert online_rate.main(["--size", "32"]) == 2
