"""A small CRNN (Shi et al., TPAMI 2017): convolutions, two bidirectional LSTMs, CTC over 36 characters.

A linear shortcut leads past the LSTMs: without it the loss of a short training stays on the plateau where
all is blank, for longer on one dataset than on another, and that, not the data, would be measured.
"""

import torch
from torch import Tensor, nn

from .scores import CHARS

BLANK = 0
_CLASSES = 1 + len(CHARS)
_LSTM_SIZE = 96
_LEAST_DEVIATION = 4.0  # gray levels; keeps an empty image from becoming noise
_ID_OF = {char: number for number, char in enumerate(CHARS, 1)}


class Crnn(nn.Module):
    """Reads (N, 1, 32, 100) grey images into (25, N, 37) scores; class 0 is the blank."""

    def __init__(self) -> None:
        """Make the layers, with torch's own initial weights."""
        super().__init__()
        self.features = nn.Sequential(
            *_convolution(1, 24),
            nn.MaxPool2d(2),  # 16 x 50
            *_convolution(24, 48),
            nn.MaxPool2d(2),  # 8 x 25
            *_convolution(48, 96),
            *_convolution(96, 96),
            nn.MaxPool2d((2, 1)),  # 4 x 25
            *_convolution(96, 160),
            nn.MaxPool2d((2, 1)),  # 2 x 25
            nn.Conv2d(160, 160, (2, 3), padding=(0, 1), bias=False),  # 1 x 25
            nn.BatchNorm2d(160),
            nn.ReLU(inplace=True),
        )
        self.shortcut = nn.Linear(160, _CLASSES)
        self.sequence = nn.LSTM(160, _LSTM_SIZE, num_layers=2, bidirectional=True)
        self.classes = nn.Linear(2 * _LSTM_SIZE, _CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """Return the scores of the classes, before any softmax, at every step of every image."""
        columns = self.features(images).squeeze(2).permute(2, 0, 1)
        steps, _ = self.sequence(columns)
        return self.classes(steps) + self.shortcut(columns)  # type: ignore[no-any-return]


def normalised(images: Tensor) -> Tensor:
    """Return uint8 (N, 32, 100) images as float (N, 1, 32, 100), each with mean 0 and deviation 1."""
    gray = images.float().unsqueeze(1)
    mean, deviation = gray.mean((2, 3), keepdim=True), gray.std((2, 3), keepdim=True)
    return ((gray - mean) / (deviation + _LEAST_DEVIATION)).to(memory_format=torch.channels_last)


def encode(text: str) -> list[int]:
    """Return the class ids of a folded text."""
    return [_ID_OF[char] for char in text]


def decode(ids: list[int]) -> str:
    """Return the text of the best class of every step: repeats are one, blanks are dropped."""
    kept = [now for before, now in zip([BLANK, *ids], ids, strict=False) if now != before]
    return "".join(CHARS[number - 1] for number in kept if number != BLANK)


def parameter_count(model: nn.Module) -> int:
    """Return how many weights a model has."""
    return sum(weights.numel() for weights in model.parameters())


def _convolution(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    return convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
