"""The one recipe that every dataset gets: AdamW, a one-cycle learning rate, no augmentation, one thread."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from .crops import Crops
from .model import BLANK, Crnn, decode, encode, normalised

BATCH = 16
PEAK_RATE = 1.5e-3
WEIGHT_DECAY = 1e-2
_WARM_UP_FRAC = 0.1
_GRADIENT_LIMIT = 5.0
_CURVE_POINTS = 60
_TEST_BATCH = 256


@dataclass(frozen=True)
class Plan:
    """How long to train, from which seed, and whether to multiply in bfloat16, faster and less exact."""

    passes: int
    seed: int
    bfloat16: bool = False


@dataclass(frozen=True)
class Trained:
    """A model after its last step: its losses as (passes, mean loss) points, and what it cost."""

    model: Crnn
    curve: tuple[tuple[int, float], ...]
    cpu_s: float
    wall_s: float


def train(crops: Crops, plan: Plan, report: Callable[[str], None]) -> Trained:
    """Train a new model; the same crops and plan give the same weights.

    Same means: on the same kind of processor, with the same version of torch.
    """
    torch.manual_seed(plan.seed)
    torch.use_deterministic_algorithms(True)
    model = Crnn().to(memory_format=torch.channels_last)
    steps = math.ceil(plan.passes / BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps, pct_start=_WARM_UP_FRAC)
    criterion = nn.CTCLoss(blank=BLANK, zero_infinity=True)
    images = torch.from_numpy(crops.images)
    targets = [torch.tensor(encode(text)) for text in crops.texts]
    losses: list[float] = []
    curve: list[tuple[int, float]] = []
    every = max(1, steps // _CURVE_POINTS)
    cpu, wall = time.process_time(), time.perf_counter()
    model.train()
    for step, batch in enumerate(_batches(len(targets), steps, plan.seed), 1):
        with torch.autocast("cpu", torch.bfloat16, enabled=plan.bfloat16):
            scores = model(normalised(images[torch.from_numpy(batch)]))
        probabilities = scores.float().log_softmax(2)
        chosen = [targets[place] for place in batch]
        lengths = torch.tensor([len(target) for target in chosen])
        spans = torch.full((len(chosen),), probabilities.shape[0], dtype=torch.long)
        loss = criterion(probabilities, torch.cat(chosen), spans, lengths)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), _GRADIENT_LIMIT)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % every == 0 or step == steps:
            curve.append((step * BATCH, round(sum(losses) / len(losses), 4)))
            seconds = time.perf_counter() - wall
            report(f"{step * BATCH:,} of {steps * BATCH:,} passes, loss {curve[-1][1]:.3f}, {seconds:.0f} s")
            losses.clear()
    return Trained(model, tuple(curve), time.process_time() - cpu, time.perf_counter() - wall)


def read_all(model: Crnn, crops: Crops) -> list[str]:
    """Return what a model reads in every crop: the best class of each step, no word list, no beam."""
    model.eval()
    readings: list[str] = []
    with torch.inference_mode():
        for start in range(0, len(crops.texts), _TEST_BATCH):
            images = torch.from_numpy(crops.images[start : start + _TEST_BATCH])
            best = model(normalised(images)).argmax(2)
            readings.extend(decode(ids) for ids in best.T.tolist())
    return readings


def _batches(count: int, steps: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield `steps` batches of places: one shuffled pass over the data after another, none left short."""
    rng = np.random.default_rng(seed)
    waiting = np.empty(0, np.int64)
    for _ in range(steps):
        while len(waiting) < BATCH:
            waiting = np.concatenate([waiting, rng.permutation(count)])
        yield waiting[:BATCH]
        waiting = waiting[BATCH:]
