"""Variables of the environment that features declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Setting(Generic[T]):
    """One variable, ``TOCSIN_…``. A transaction gives its value: ``uow.setting(KEEP_DONE)``.

    ``read`` makes the value of a text that is not empty, or raises ``ValueError`` with what to write instead, which ends
    the sentence that the operator reads. ``help`` is what docs/settings.md says. A ``secret`` is never shown.
    """

    name: str
    default: T
    help: str
    read: Callable[[str], T]
    secret: bool = False


# A setting of any type.
AnySetting = Setting[Any]


def days(text: str) -> timedelta:
    """A number of days. Raises ``ValueError``."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 36500):
        raise ValueError("write a number of days, from 1 to 36500, such as 90.")
    return timedelta(days=int(text))
