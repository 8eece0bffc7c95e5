"""The error tree of `annotate`, beside that of `synthtext` and with the same exit codes.

SynthtextError
|- UserError              the user's input is wrong (exit code 2, HTTP 422)
|  |- WorkspaceError      a folder that is no workspace, or one that cannot be used
|  |- MissingExtra        a package that an optional feature needs is not installed
|  `- NotFound            an image, batch, user, ... that is not there (HTTP 404)
|- Conflict               somebody else has changed it meanwhile (HTTP 409)
|- Forbidden              the user may not do this (HTTP 403)
`- ServiceError           a store, an index or a reader cannot be reached or failed (exit code 1, HTTP 503)
"""

from __future__ import annotations

from synthtext.errors import SynthtextError, UserError


class WorkspaceError(UserError):
    """The folder is no workspace, belongs to a newer version, or cannot be written."""


class MissingExtra(UserError):
    """An optional package is not installed; the message names the pip command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs a package that is not installed; run: pip install 'synthtext[{extra}]'")
        self.feature = feature
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return type(self), (self.feature, self.extra)


class NotFound(UserError):
    """What was asked for is not in the workspace."""


class Conflict(SynthtextError):
    """Saving would overwrite what somebody else saved meanwhile.

    Attributes:
        rev: the revision that is stored now.
    """

    def __init__(self, message: str, rev: int) -> None:
        super().__init__(message)
        self.rev = rev

    def __reduce__(self) -> tuple[type[Conflict], tuple[str, int]]:
        return type(self), (self.args[0], self.rev)


class Forbidden(SynthtextError):
    """The user may not do this."""


class ServiceError(SynthtextError):
    """A database, an index or a reader could not be reached, or failed."""
