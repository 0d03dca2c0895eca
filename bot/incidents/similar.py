"""How alike two incidents are: their services, their words, and how close in time.

By fixed rules: no language model, nothing random.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol, TypeVar

from bot.core.incident import IncidentId
from bot.core.people import ServiceId

# Incidents less alike than this are not shown.
ENOUGH = 0.35
_CLOSE = timedelta(hours=2)
_FAR = timedelta(days=2)
# Too common in titles to say anything.
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "at",
        "by",
        "cannot",
        "down",
        "error",
        "errors",
        "fail",
        "failing",
        "fails",
        "failed",
        "for",
        "from",
        "in",
        "is",
        "it",
        "issue",
        "not",
        "of",
        "on",
        "or",
        "our",
        "problem",
        "slow",
        "some",
        "the",
        "to",
        "up",
        "us",
        "was",
        "we",
        "with",
    ]
)


class Head(Protocol):
    """What is compared."""

    @property
    def id(self) -> IncidentId: ...

    @property
    def title(self) -> str: ...

    @property
    def services(self) -> tuple[ServiceId, ...]: ...

    @property
    def declared_at(self) -> datetime: ...


H = TypeVar("H", bound=Head)


@lru_cache(maxsize=4096)
def words(title: str) -> frozenset[str]:
    """The words of a title that say something, folded in case and width, without a plural's s."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    found = re.findall(r"[^\W_]+", folded)
    return frozenset(w.rstrip("s") or w for w in found if w not in _EMPTY)


def likeness(one: Head, other: Head) -> float:
    """0 to 1: half for shared words, a third or so for a shared service, the rest for time."""
    said, heard = words(one.title), words(other.title)
    both = len(said & heard) / len(said | heard) if said | heard else 0.0
    service = 1.0 if set(one.services) & set(other.services) else 0.0
    return 0.5 * both + 0.35 * service + 0.15 * _closeness(one, other)


def _closeness(one: Head, other: Head) -> float:
    apart = abs(one.declared_at - other.declared_at)
    if apart <= _CLOSE:
        return 1.0
    return max(0.0, 1 - (apart - _CLOSE) / (_FAR - _CLOSE))


def alike(incident: Head, others: Iterable[H], limit: int = 3) -> list[H]:
    """The most alike first; equal ones by their number, newest first."""
    scored = [(likeness(incident, o), o) for o in others if o.id != incident.id]
    enough = [(score, o) for score, o in scored if score >= ENOUGH]
    enough.sort(key=lambda pair: (-pair[0], -pair[1].id))
    return [o for _, o in enough[:limit]]
