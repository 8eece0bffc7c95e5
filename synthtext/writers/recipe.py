"""The `rec.yml` beside a recognition dataset: PaddleOCR's data section, with every path and size filled in.

Paths are relative to the folder of the file, so that the dataset can be moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synthtext.writers.base import WriterOptions

# NRTR heads drop texts of max_text_length - 1 and longer, CTC heads those above max_text_length.
_LENGTH_MARGIN = 2

_STOCK = """\
# PaddleOCR text recognition on this dataset. Paths are relative to this folder: start the trainer here.
#
# With one of PaddleOCR's own configurations ($POCR is a checkout of PaddleOCR):
#
#   python $POCR/tools/train.py -c $POCR/configs/rec/PP-OCRv5/PP-OCRv5_mobile_rec.yml -o \\
#     Global.character_dict_path=./dict.txt Global.use_space_char={space} \\
#     Train.dataset.data_dir=./ Train.dataset.label_file_list=[./{train}.txt] \\
#     Eval.dataset.data_dir=./ Eval.dataset.label_file_list=[./{eval}.txt]
#
# In a configuration of your own, put the keys below over its keys of the same names; texts here have at most
# {length} characters.
"""

_LMDB = """\
# PaddleOCR text recognition on this dataset. Paths are relative to this folder: start the trainer here.
#
# Put the keys below over the keys of the same names in one of PaddleOCR's configurations (configs/rec/...)
# and take `sampler` out of its Train section; texts here have at most {length} characters.
#
#   python $POCR/tools/train.py -c my_rec.yml        ($POCR is a checkout of PaddleOCR)
"""

_GLOBAL = """\
Global:
  character_dict_path: ./dict.txt
  use_space_char: {space}
  max_text_length: {limit}
  distributed: false
"""

_SECTION = """\
{section}:
  dataset:
{source}
    transforms:
    - DecodeImage:
        img_mode: BGR
        channel_first: false
    - CTCLabelEncode:
    - RecResizeImg:
        image_shape: [3, {height}, {width}]
    - KeepKeys:
        keep_keys: [image, label, length]
  loader:
    shuffle: {shuffle}
    drop_last: false
    batch_size_per_card: 128
    num_workers: 4
"""


def folder_recipe(options: WriterOptions, parts: Sequence[str]) -> str:
    """Return `rec.yml` for a folder with the label lists of these parts."""
    return _recipe(_STOCK, options, parts, _folder_source)


def lmdb_recipe(options: WriterOptions, parts: Sequence[str]) -> str:
    """Return `rec.yml` for LMDB folders of these parts."""
    return _recipe(_LMDB, options, parts, _lmdb_source)


def _folder_source(part: str) -> str:
    return f"    name: SimpleDataSet\n    data_dir: ./\n    label_file_list: [./{part}.txt]"


def _lmdb_source(part: str) -> str:
    return f"    name: LMDBDataSet\n    data_dir: ./{part}"


def _recipe(head: str, options: WriterOptions, parts: Sequence[str], source: Callable[[str], str]) -> str:
    # A run without a validation part is still to be evaluated on something.
    checked = next((part for part in ("val", "test", "train") if part in parts), "val")
    words = {
        "space": str(options.use_space).lower(),
        "length": options.max_text_length,
        "limit": options.max_text_length + _LENGTH_MARGIN,
        "height": options.image_hw[0],
        "width": options.image_hw[1],
        "train": "train",
        "eval": checked,
    }
    sections = [head.format(**words), _GLOBAL.format(**words)]
    for section, part in (("Train", "train"), ("Eval", checked)):
        if part in parts:
            shuffle = str(section == "Train").lower()
            sections.append(_SECTION.format(section=section, source=source(part), shuffle=shuffle, **words))
    return "".join(sections)
