"""People who may log in, their passwords as scrypt digests, and their sessions as digests of tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annotate.errors import NotFound
from annotate.reasons import Reason
from annotate.records import Role, User
from annotate.store.schema import SessionRow, UserRow

# 16 MiB and about 40 ms a try: cheap for a person, dear for somebody who tries a list.
_N, _R, _P = 2**14, 8, 1
# Compared with when nobody has the name, so that a wrong name takes as long as a wrong password.
_NOBODY = f"scrypt${_N}${_R}${_P}${'00' * 16}${'00' * 32}"


def put_user(session: Session, name: str, role: Role, password: str, at: datetime) -> None:
    """Add a person, or give one who is there another role and password; who was disabled may log in again."""
    row = session.get(UserRow, name)
    if row is None:
        session.add(UserRow(name=name, role=role, password=_hashed(password), created_at=at, disabled=False))
    else:
        row.role, row.password, row.disabled = role, _hashed(password), False
        session.execute(delete(SessionRow).where(SessionRow.user == name))


def disable_user(session: Session, name: str) -> None:
    """Keep a person out from now on; what they did stays.

    Raises:
        NotFound: nobody has that name.
    """
    row = session.get(UserRow, name)
    if row is None:
        raise NotFound(Reason("user.unknown", name=name))
    row.disabled = True
    session.execute(delete(SessionRow).where(SessionRow.user == name))


def list_users(session: Session) -> tuple[User, ...]:
    """Return everybody, by name."""
    return tuple(_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.name)))


def has_users(session: Session) -> bool:
    """Whether anybody has ever been added: from then on nobody gets in without logging in."""
    return session.scalar(select(UserRow.name).limit(1)) is not None


def checked_user(session: Session, name: str, password: str) -> User | None:
    """Return the person whose name and password these are, None when they are not."""
    row = session.get(UserRow, name)
    right = _matches(password, _NOBODY if row is None else row.password)
    return _user(row) if row is not None and right and not row.disabled else None


def start_session(session: Session, user: str, at: datetime, lasts: timedelta) -> str:
    """Return a new token that stands for a person until it expires."""
    session.execute(delete(SessionRow).where(SessionRow.expires_at < at))
    token = secrets.token_urlsafe(32)
    session.add(SessionRow(digest=_digest(token), user=user, expires_at=at + lasts))
    return token


def end_session(session: Session, token: str) -> None:
    """Let a token stand for nobody any more."""
    session.execute(delete(SessionRow).where(SessionRow.digest == _digest(token)))


def session_user(session: Session, token: str, at: datetime) -> User | None:
    """Return the person for whom a token stands, None when it has expired or never was one."""
    found = session.execute(
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.name == SessionRow.user)
        .where(SessionRow.digest == _digest(token))
    ).one_or_none()
    if found is None or found[0].expires_at <= at or found[1].disabled:
        return None
    return _user(found[1])


def _user(row: UserRow) -> User:
    return User(row.name, row.role, row.created_at, row.disabled)  # type: ignore[arg-type]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_scrypt(password, salt, _N, _R, _P).hex()}"


def _matches(password: str, stored: str) -> bool:
    _, n, r, p, salt, digest = stored.split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=2**26, dklen=32)
