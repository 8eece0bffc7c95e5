"""synthtext renders text onto backgrounds and knows every label exactly.

The small public face is `synthtext.api`; the command line is `synthtext.cli`.
"""

__version__ = "0.1.0"
