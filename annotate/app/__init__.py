"""The browser app: Gradio pages, and the canvas in `static/label/`."""

import os

# Before Gradio is loaded: it reports home otherwise, and asks for newer versions of itself.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
