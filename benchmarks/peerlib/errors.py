"""The two ways in which a comparison goes wrong: one generator, or the whole comparison."""


class GeneratorFailed(Exception):
    """One generator could not be installed or run; the message is the reason shown in its row."""


class BadSetup(Exception):
    """The comparison itself cannot start; the message says what is missing and what to do."""
