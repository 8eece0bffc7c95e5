"""People: who may log in, as what, and for how long."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from annotate.errors import Forbidden, NotFound
from annotate.reasons import Reason
from annotate.records import Role, User
from annotate.store import users
from annotate.store.database import now
from annotate.workflow.context import LOCAL, Context
from synthtext.errors import UserError

SESSION_LASTS = timedelta(days=14)
MIN_PASSWORD = 8
# Who is served while nobody has been added: the owner of the machine.
LOCAL_USER = User(LOCAL, "admin", datetime(2000, 1, 1, tzinfo=UTC))
_NAME = re.compile(r"[\w.@-]{1,64}")
_RANK: dict[Role, int] = {"annotator": 0, "reviewer": 1, "admin": 2}


def add_user(context: Context, name: str, role: Role, password: str) -> None:
    """Add a person, or give one who is there another role and password.

    Raises:
        UserError: the name cannot be one, or the password is too short.
    """
    if not _NAME.fullmatch(name) or name == LOCAL:
        raise UserError(f"{name!r} cannot be a user's name: letters, digits and . _ @ -, at most 64, and not {LOCAL!r}")
    if role not in _RANK:
        raise UserError(f"{role!r} is no role; choose one of {', '.join(_RANK)}")
    if len(password) < MIN_PASSWORD:
        raise UserError(f"a password has at least {MIN_PASSWORD} characters, found {len(password)}")
    with context.db.writing() as session:
        users.put_user(session, name, role, password, now())


def disable_user(context: Context, name: str) -> None:
    """Keep a person out from now on; what they did stays.

    Raises:
        NotFound: nobody has that name.
    """
    with context.db.writing() as session:
        users.disable_user(session, name)


def list_users(context: Context) -> tuple[User, ...]:
    """Return everybody, by name."""
    with context.db.reading() as session:
        return users.list_users(session)


def has_users(context: Context) -> bool:
    """Whether people must log in."""
    with context.db.reading() as session:
        return users.has_users(session)


def log_in(context: Context, name: str, password: str) -> tuple[User, str]:
    """Return the person and a token that stands for them.

    Raises:
        Forbidden: name and password do not belong together.
    """
    with context.db.reading() as session:
        user = users.checked_user(session, name, password)
    if user is None:
        raise Forbidden(Reason("login.wrong"))
    with context.db.writing() as session:
        return user, users.start_session(session, user.name, now(), SESSION_LASTS)


def log_out(context: Context, token: str) -> None:
    """Let a token stand for nobody any more."""
    with context.db.writing() as session:
        users.end_session(session, token)


def user_of(context: Context, token: str) -> User | None:
    """Return the person for whom a token stands."""
    with context.db.reading() as session:
        return users.session_user(session, token, now())


def require(user: User, role: Role) -> None:
    """Let through who has a role or a higher one.

    Raises:
        Forbidden: the person has a lower one.
    """
    if _RANK[user.role] < _RANK[role]:
        raise Forbidden(Reason("user.role", user=user.name, has=user.role, role=role))


def require_user(context: Context, name: str) -> User:
    """Return a person by name.

    Raises:
        NotFound: nobody has that name.
    """
    found = [user for user in list_users(context) if user.name == name]
    if not found:
        raise NotFound(Reason("user.unknown", name=name))
    return found[0]
