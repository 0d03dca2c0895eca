"""What a database's error means: whether it passes by itself, and whether its connection is to be trusted."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

# What a database or its driver raises. asyncpg's client error is what it says of a connection that the server
# has just ended.
FAULTS = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)
# SQLSTATE classes that pass by themselves: no connection, no space, an operator's action, a lock or a
# deadlock (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_PASSING = ("08", "53", "57", "55P03", "40")
# These, too, on another connection: a server that only reads since another took over, a transaction that took
# too long, and statements that were prepared before a column changed.
_ELSEWHERE = ("25006", "25P03", "25P04")
_PASSING_ERRORS = (
    OperationalError,
    InterfaceError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE of an error; empty when it did not come from the server."""
    return str(getattr(_original(error), "sqlstate", None) or "")


def passes(error: BaseException) -> bool:
    """Whether the same may succeed in a moment."""
    passing = isinstance(error, _PASSING_ERRORS) or _elsewhere(error)
    return passing or sqlstate(error).startswith(_PASSING)


def in_doubt(error: BaseException) -> bool:
    """After an error that the server reported a connection is still good, unless the server ended it (class 57)."""
    state = sqlstate(error)
    return not state or state.startswith("57") or _elsewhere(error)


def _elsewhere(error: BaseException) -> bool:
    stale = isinstance(_original(error), asyncpg.InvalidCachedStatementError)
    return stale or sqlstate(error) in _ELSEWHERE


def _original(error: BaseException) -> object:
    return getattr(error, "orig", error)


def why(error: Exception) -> str:
    """The database's own first line."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
