"""What stops a training benchmark before it starts."""


class BadInput(Exception):
    """What was asked for cannot be read or run; the message says what, where, and what to do."""
