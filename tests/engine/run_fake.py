"""A run as a program of its own, to be killed: run_fake.py OUT COUNT WORKERS METHOD SECONDS_A_SAMPLE."""

from __future__ import annotations

import sys
from pathlib import Path

import fake_sampler

from synthtext.engine.run import run


def main() -> None:
    out, count, workers, method, seconds = sys.argv[1:]
    job = fake_sampler.job(fake_sampler.Slow(float(seconds)), formats=("paddleocr", "lmdb"))
    summary = run(job, Path(out), int(count), workers=int(workers), method=method)  # type: ignore[arg-type]
    print(summary.status, summary.samples)


if __name__ == "__main__":
    main()
