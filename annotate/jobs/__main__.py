"""`python -m annotate.jobs WORKSPACE`: do the jobs that wait; started by `workflow.jobs`."""

import sys
from pathlib import Path

from annotate.jobs.runner import main

if __name__ == "__main__":
    main(Path(sys.argv[1]))
