"""Makes the fake samplers and hand-made scenes importable, and keeps OpenCV to one thread for runs that fork."""

import sys
from pathlib import Path

import cv2

sys.path[:0] = [str(Path(__file__).parents[1] / room) for room in ("engine", "labels", "writers")]
cv2.setNumThreads(1)
