"""Column types: instants as integers, JSON as text, so that both databases hold and compare them alike."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_TICK = timedelta(microseconds=1)


def ticks(at: datetime) -> int:
    """Microseconds since 1970 (UTC)."""
    return (at - _EPOCH) // _TICK


def instant(value: int) -> datetime:
    """The inverse of ``ticks``."""
    return _EPOCH + value * _TICK


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 (UTC)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else ticks(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


class Json(TypeDecorator[Any]):
    """A JSON value with sorted keys, stored as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _ENCODER.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value == "[]":  # most lists are empty, and a card or a list reads many
            return []
        return None if value is None else json.loads(value)


class YesOrNothing(TypeDecorator[bool]):
    """A flag as releases before 0009 stored it, written for those that still run (see the migration v0009)."""

    impl = String(3)
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> str:  # noqa: FBT001 - SQLAlchemy's
        return "yes" if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> bool:
        return value == "yes"
