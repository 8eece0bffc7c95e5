"""Words turned into what the model sees: grey pixels of one size, and texts of 36 characters.

No augmentation and no filter on the pictures: what is judged is the data as it comes.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from .errors import BadInput
from .scores import fold
from .words import Word, read_words

HEIGHT_PX = 32
WIDTH_PX = 100


@dataclass(frozen=True, eq=False)
class Crops:
    """Word images ready for the model.

    Attributes:
        name: of the set.
        images: (N, `HEIGHT_PX`, `WIDTH_PX`) uint8, grey.
        texts: N folded texts, none empty.
        words: N words as they were read.
        dropped: how many had no letter or digit and were left out.
    """

    name: str
    images: npt.NDArray[np.uint8]
    texts: tuple[str, ...]
    words: tuple[Word, ...]
    dropped: int


def open_crops(name: str, words: Sequence[Word]) -> Crops:
    """Decode and resize words; those without a letter or digit are left out.

    Raises:
        BadInput: an image does not decode, or no word is left.
    """
    kept = [word for word in words if fold(word.text)]
    if not kept:
        raise BadInput(f"{name}: none of {len(words)} texts holds a letter or digit")
    images = np.stack([gray_crop(word) for word in kept])
    return Crops(name, images, tuple(fold(word.text) for word in kept), tuple(kept), len(words) - len(kept))


def gray_crop(word: Word) -> npt.NDArray[np.uint8]:
    """Return the picture of a word, grey, stretched to (`HEIGHT_PX`, `WIDTH_PX`)."""
    image = cv2.imdecode(np.frombuffer(word.load(), np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise BadInput(f"{word.name}: not an image that OpenCV reads")
    shrinks = image.shape[1] > WIDTH_PX or image.shape[0] > HEIGHT_PX
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (WIDTH_PX, HEIGHT_PX), interpolation=method), np.uint8)


def training_words(source: str, count: int, seed: int, sets: Sequence[str]) -> list[Word]:
    """Return `count` words of a folder, or of a preset of synthtext made for the purpose.

    A folder that has more gives a random choice that `seed` fixes; one that has fewer gives them all.

    Raises:
        BadInput: the source is neither, or synthtext refuses the configuration.
    """
    if Path(source).is_dir():
        if sets:
            raise BadInput(f"--set changes a preset, and {source} is a folder; leave it out")
        words = read_words(Path(source))
        if len(words) <= count:
            return words
        chosen = np.random.default_rng(seed).permutation(len(words))[:count]
        return [words[place] for place in np.sort(chosen)]
    return _preset_words(source, count, seed, sets)


def _preset_words(preset: str, count: int, seed: int, sets: Sequence[str]) -> list[Word]:
    """Make the crops of a preset in a folder that is gone again; their JPEGs stay in memory."""
    try:
        from synthtext.api import generate, load_config
        from synthtext.errors import SynthtextError
    except ImportError as error:
        raise BadInput(f"--train {preset}: synthtext is not installed here ({error}); pip install .") from error
    with tempfile.TemporaryDirectory(prefix="train-crnn-") as scratch:
        out = Path(scratch, "crops")
        try:
            config = load_config(preset, sets=list(sets))
            generate(config, out, count, seed=seed, workers=1, formats=("lmdb",), split=(1, 0, 0))
        except SynthtextError as error:
            raise BadInput(f"--train {preset}: {error}") from error
        return read_words(out)
