"""A pool of scenes, embedded with a tiny model that has learnt nothing: enough for all but what a model must know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import clip_scenes
import pytest
import tiny_clip
from milvus_process import milvus_server
from PIL import Image

from annotate.embed.towers import Tower, load_tower
from annotate.index.lite import stop_server
from annotate.workflow.add import add
from annotate.workflow.context import Context, open_context
from annotate.workflow.embedding import EmbedOptions, embed

COUNT = 36
DATABASES = ("sqlite", "postgresql")
# What has learnt nothing must at least tell pictures apart, which a residual net does not.
_VISION = {"image_size": 48, "layers": 2, "width": 96, "head_width": 32, "patch_size": 8}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Description and checkpoint of an untrained model."""
    description, checkpoint = tiny_clip.untrained(tmp_path_factory.mktemp("model"), vision_cfg=_VISION)
    return str(description), str(checkpoint)


@pytest.fixture(scope="session")
def other_tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Another model, whose vectors have another length."""
    description, checkpoint = tiny_clip.untrained(
        tmp_path_factory.mktemp("other"), "other", 1, vision_cfg=_VISION, embed_dim=32
    )
    return str(description), str(checkpoint)


@pytest.fixture(scope="session")
def tower(tiny: tuple[str, str]) -> Tower:
    """The untrained model, loaded."""
    return load_tower(*tiny)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scenes."""
    folder = tmp_path_factory.mktemp("photos")
    for place, scene in enumerate(clip_scenes.ALL[:COUNT]):
        Image.fromarray(clip_scenes.draw(scene, place)).save(folder / f"{place:03d}.png")
    return folder


@pytest.fixture
def pool(tmp_path: Path, photos: Path, tiny: tuple[str, str], db_url: str) -> Iterator[Context]:
    """A pool of scenes on a store of either kind, not yet embedded; the workspace knows the untrained model."""
    with _opened(tmp_path / "workspace", photos, tiny, db_url) as context:
        yield context


@pytest.fixture(scope="session", params=DATABASES)
def embedded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    photos: Path,
    tiny: tuple[str, str],
    new_database: Callable[[str, Path], str],
) -> Iterator[Context]:
    """A pool of scenes on a store of either kind, embedded; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("embedded")
    with _opened(folder / "workspace", photos, tiny, new_database(request.param, folder)) as context:
        embed(context, EmbedOptions(twins=None))
        yield context


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Somebody's Milvus at an address: the `milvus-lite server` command, which speaks what a real one does."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as server:
        yield server.uri


@pytest.fixture(scope="session")
def real_milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Somebody's real Milvus at an address."""
    with milvus_server(tmp_path_factory.mktemp("real-milvus"), "real") as server:
        yield server.uri


@contextmanager
def _opened(root: Path, photos: Path, model: tuple[str, str], db_url: str) -> Iterator[Context]:
    with open_context(root, create=True, clip_model=model[0], clip_pretrained=model[1], db=db_url) as context:
        add(context, [str(photos)])
        yield context
        stop_server(context.workspace)
