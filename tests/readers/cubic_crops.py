"""Warp pictures with this environment's OpenCV, and compare with what somebody else made of them.

    python cubic_crops.py FILE.npz

The file holds `image`, `matrices` (N, 3, 3) from places of the image to places of a crop, and crops named `0`, `1` ...
The last line of standard output is the report as JSON.
"""

import json
import sys

import cv2
import numpy as np

kept = np.load(sys.argv[1])
image, matrices = kept["image"], kept["matrices"]
other = []
for number, matrix in enumerate(matrices):
    crop = kept[str(number)]
    made = cv2.warpPerspective(image, matrix, crop.shape[1::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if not np.array_equal(made, crop):
        other.append(number)
sys.stdout.write(json.dumps({"opencv": cv2.__version__, "crops": len(matrices), "other": other}) + "\n")
