"""The verbs of the corridor, one a room. Stages never import each other; `synthtext.pipeline` joins them."""
