"""Makes the hand-made scenes importable, and keeps OpenCV to one thread: its threads do not survive a later fork."""

import sys
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).parent))
cv2.setNumThreads(1)
