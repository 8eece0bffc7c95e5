"""Run doctr-synth-generator once with the options given as one JSON object.

It runs inside that generator's own environment: its command line has no options for a local word
list, fonts or photographs, its Python call has.
"""

import json
import sys

from generator import generate_dataset

if __name__ == "__main__":
    generate_dataset(**json.loads(sys.argv[1]))
