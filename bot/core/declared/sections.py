"""Sections of the organisation file that features declare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Section(Generic[T]):
    """One key at the top of the file. The organisation gives its value: ``uow.org.section(PRIVATE)``.

    ``model`` is what pydantic reads there, made of ``bot.core.declared.fields``, whose mistakes name line, field and what is
    allowed; ``value`` makes the frozen value of it that ``empty`` stands for where the file leaves the section out.
    """

    name: str
    model: Any
    empty: T
    value: Callable[[Any], T]


# A section of any type.
AnySection = Section[Any]
