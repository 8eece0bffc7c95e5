"""The `rec.yml` or `det.yml` beside a dataset: PaddleOCR's data section, with every path and size filled in.

Paths are relative to the folder of the file, so that the dataset can be moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synthtext.writers.base import PageOptions, WriterOptions

# NRTR heads drop texts of max_text_length - 1 and longer, CTC heads those above max_text_length.
LENGTH_MARGIN = 2

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


_DET = """\
# PaddleOCR text detection on this dataset. Paths are relative to this folder: start the trainer here.
#
# With one of PaddleOCR's own configurations ($POCR is a checkout of PaddleOCR):
#
#   python $POCR/tools/train.py -c $POCR/configs/det/PP-OCRv5/PP-OCRv5_mobile_det.yml -o \\
#     Train.dataset.data_dir=./ Train.dataset.label_file_list=[./{train}.txt] \\
#     Eval.dataset.data_dir=./ Eval.dataset.label_file_list=[./{eval}.txt]
#
# In a configuration of your own, put the keys below over its keys of the same names.{note}
Global:
  distributed: false
"""

_POLYGON_NOTE = """
# Labels have polygons: leave CopyPaste out, it waits for ever for a picture that has quads only."""

_DET_TRAIN = """\
Train:
  dataset:
    name: SimpleDataSet
    data_dir: ./
    label_file_list: [./{train}.txt]
    ratio_list: [1.0]
    transforms:
    - DecodeImage:
        img_mode: BGR
        channel_first: false
    - DetLabelEncode:
{paste}    - IaaAugment:
        augmenter_args:
        - {{type: Fliplr, args: {{p: 0.5}}}}
        - {{type: Affine, args: {{rotate: [-10, 10]}}}}
        - {{type: Resize, args: {{size: [0.5, 3]}}}}
    - EastRandomCropData:
        size: [640, 640]
        max_tries: 50
        keep_ratio: true
    - MakeBorderMap:
        shrink_ratio: 0.4
        thresh_min: 0.3
        thresh_max: 0.7
    - MakeShrinkMap:
        shrink_ratio: 0.4
        min_text_size: 8
    - NormalizeImage:
        scale: 1./255.
        mean: [0.485, 0.456, 0.406]
        std: [0.229, 0.224, 0.225]
        order: hwc
    - ToCHWImage:
    - KeepKeys:
        keep_keys: [image, threshold_map, threshold_mask, shrink_map, shrink_mask]
  loader:
    shuffle: true
    drop_last: false
    batch_size_per_card: 8
    num_workers: 4
"""

_DET_EVAL = """\
Eval:
  dataset:
    name: SimpleDataSet
    data_dir: ./
    label_file_list: [./{eval}.txt]
    transforms:
    - DecodeImage:
        img_mode: BGR
        channel_first: false
    - DetLabelEncode:
    - DetResizeForTest:
    - NormalizeImage:
        scale: 1./255.
        mean: [0.485, 0.456, 0.406]
        std: [0.229, 0.224, 0.225]
        order: hwc
    - ToCHWImage:
    - KeepKeys:
        keep_keys: [image, shape, polys, ignore_tags]
  loader:
    shuffle: false
    drop_last: false
    batch_size_per_card: 1
    num_workers: 2
"""


def det_recipe(pages: PageOptions, parts: Sequence[str]) -> str:
    """Return `det.yml` for a folder with the label lists of these parts."""
    checked = _checked(parts)
    paste = "" if pages.polygons else "    - CopyPaste:\n"
    words = {"train": "train", "eval": checked, "paste": paste, "note": _POLYGON_NOTE if pages.polygons else ""}
    sections = [_DET, *([_DET_TRAIN] if "train" in parts else []), *([_DET_EVAL] if checked in parts else [])]
    return "".join(section.format(**words) for section in sections)


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
    checked = _checked(parts)
    words = {
        "space": str(options.use_space).lower(),
        "length": options.max_text_length,
        "limit": options.max_text_length + LENGTH_MARGIN,
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


def _checked(parts: Sequence[str]) -> str:
    """Return the part to evaluate on: a run without a validation part is still to be evaluated on something."""
    return next((part for part in ("val", "test", "train") if part in parts), "val")
