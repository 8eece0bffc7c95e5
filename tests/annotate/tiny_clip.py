"""A CLIP small enough to be trained here in two minutes: a residual net of 64 x 64 pixels, one layer for text.

It is described by a JSON file and kept as a checkpoint, and is then loaded by `annotate embed --clip-model FILE
--clip-pretrained FILE` as anybody's own model is.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import clip_scenes as scenes
import cv2
import numpy as np
import open_clip
import torch
import torch.nn.functional as F

from synthtext.api import load_config, samples

CONFIG = {
    "embed_dim": 64,
    "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 16, "patch_size": None},
    "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1},
}
STEPS, BATCH, A_SCENE = 800, 72, 50
BARE = 400  # photographs of which no caption is true
PAGES = {"video": 200, "banner": 200, "scene": 200}  # rendered pages of which none is true either
HELD_OUT = 1_000_000  # seeds from here on are never trained on


def untrained(folder: Path, name: str = "tiny", seed: int = 0, **changes: int) -> tuple[Path, Path]:
    """Write a model's description and a checkpoint with random weights; return both paths."""
    description = folder / f"{name}.json"
    description.write_text(json.dumps({**CONFIG, **changes}), "utf-8")
    open_clip.add_model_config(description)
    torch.manual_seed(seed)
    checkpoint = folder / f"{name}.pt"
    torch.save(open_clip.create_model(name).state_dict(), checkpoint)
    return description, checkpoint


def trained() -> tuple[Path, Path]:
    """Return a trained model's description and checkpoint, made once a machine and kept in its temporary folder."""
    sources = b"".join(Path(str(module)).read_bytes() for module in (__file__, scenes.__file__))
    digest = hashlib.sha256(sources + open_clip.__version__.encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"annotate-tiny-clip-{digest}"
    description, checkpoint = folder / "tiny_trained.json", folder / "tiny_trained.pt"
    if not checkpoint.is_file():
        folder.mkdir(exist_ok=True)
        description.write_text(json.dumps(CONFIG), "utf-8")
        spare = folder / f"{os.getpid()}.tmp"
        torch.save(train(description), spare)
        spare.replace(checkpoint)
    return description, checkpoint


def train(description: Path, report: bool = False) -> dict[str, torch.Tensor]:
    """Train on scenes and their captions, in English and Chinese, and return the weights."""
    open_clip.add_model_config(description)
    torch.manual_seed(0)
    torch.set_num_threads(2)
    # Pixels side by side: convolutions of so few channels take half the time.
    model = open_clip.create_model(description.stem).to(memory_format=torch.channels_last)
    tokenizer = open_clip.get_tokenizer(description.stem)
    images, kinds = _training_set(model)
    said, true = _captions()
    captions = [np.flatnonzero(row) if row.any() else np.arange(len(said)) for row in true]
    tokens = tokenizer(said)
    words = model.token_embedding.weight  # most of them never come up
    words.requires_grad_(False)
    bias = torch.nn.Parameter(torch.tensor(-6.0))
    rest = [*(value for value in model.parameters() if value is not words), bias]
    optimizer = torch.optim.AdamW(rest, lr=1e-3, weight_decay=0.05, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=STEPS, pct_start=0.1)
    rng = np.random.default_rng(0)
    model.train()
    began = time.process_time()
    for step in range(STEPS):
        chosen = rng.integers(0, len(images), BATCH)
        of = [int(rng.choice(captions[kinds[i]])) for i in chosen]
        batch = images[chosen]
        batch = batch.flip(3) if rng.integers(2) else batch
        seen, told = model.encode_image(batch, normalize=True), model.encode_text(tokens[of], normalize=True)
        fits = torch.from_numpy(true[np.ix_([kinds[i] for i in chosen], of)] * 2.0 - 1.0)
        # Every pair of the batch says something: whether the caption is true of the picture (SigLIP's loss).
        logits = model.logit_scale.exp().clamp(max=60) * seen @ told.T + bias
        loss = -F.logsigmoid(fits * logits).sum() / BATCH
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if report and step % 50 == 0:
            print(step, round(loss.item(), 3), round(time.process_time() - began, 1), "s")
    return dict(model.state_dict())


def _captions() -> tuple[list[str], np.ndarray]:
    """Return all captions, and which of them are true of which kind of scene: (kinds + 1, captions) bool.

    The last kind is whatever else a pool holds, of which none is.
    """
    said = list(dict.fromkeys(caption for scene in scenes.ALL for caption in scene.captions()))
    true = [[caption in scene.captions() for caption in said] for scene in scenes.ALL]
    return said, np.array([*true, [False] * len(said)])


def _training_set(model: torch.nn.Module) -> tuple[torch.Tensor, list[int]]:
    kinds = [kind for kind in range(len(scenes.ALL)) for _ in range(A_SCENE)]
    kinds += [len(scenes.ALL)] * (BARE + sum(PAGES.values()))
    size = model.visual.preprocess_cfg["size"]
    size_wh = (size, size) if isinstance(size, int) else (size[1], size[0])
    with ProcessPoolExecutor(2) as pool:  # pages take the longest, so they come first
        pages = [pool.submit(_pages, preset, count, size_wh) for preset, count in PAGES.items()]
        drawn = [pool.submit(_drawn, size_wh).result(), *(part.result() for part in pages)]
    small = np.concatenate(drawn).astype(np.float32)
    mean, std = (np.asarray(model.visual.preprocess_cfg[key], np.float32) * 255 for key in ("mean", "std"))
    # Left as (batch, channels, rows, columns) over pixels that lie side by side.
    return torch.from_numpy((small - mean) / std).permute(0, 3, 1, 2), kinds


def _drawn(size_wh: tuple[int, int]) -> np.ndarray:
    kinds = [kind for kind in range(len(scenes.ALL)) for _ in range(A_SCENE)]
    drawn = [scenes.draw(scenes.ALL[kind], seed) for seed, kind in enumerate(kinds)]
    return _small([*drawn, *(scenes.bare(seed) for seed in range(BARE))], size_wh)


def _pages(preset: str, count: int, size_wh: tuple[int, int]) -> np.ndarray:
    return _small([page.image for page in samples(load_config(preset), count, seed=HELD_OUT)], size_wh)


def _small(images: list[np.ndarray], size_wh: tuple[int, int]) -> np.ndarray:
    return np.stack([cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA) for image in images])
