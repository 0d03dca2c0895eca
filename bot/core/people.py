"""People, teams and services: who acts, who owns what. Nothing here knows where they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
TeamId = NewType("TeamId", str)
ServiceId = NewType("ServiceId", str)


class Standing(StrEnum):
    """What the organisation lets somebody do, whatever the incident."""

    ADMIN = "admin"
    MEMBER = "member"
    OUTSIDER = "outsider"


# In a personal rule: every chat platform on which the person can be told.
CHAT = "chat"


class Urgency(StrEnum):
    """LOW may wait for the end of quiet hours."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``start`` until just before ``end`` on somebody's own clock; an end not after it is the next day's."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Rule:
    """Tell by these channels (``chat``, or names of the organisation's) this long after the page."""

    by: tuple[str, ...]
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the organisation file, or met in chat and remembered since.

    ``timezone`` is an IANA name; ``identities`` maps a platform's name to the person's id there,
    ``addresses`` a channel's name to what it needs to know. Without ``rules`` the usual ones apply.
    """

    id: PersonId
    name: str
    timezone: str = "UTC"
    email: str | None = None
    standing: Standing = Standing.MEMBER
    identities: dict[str, str] = field(default_factory=dict)
    phone: str | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[Urgency, tuple[Rule, ...]] = field(default_factory=dict)
    quiet: Hours | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Members respond, managers receive the postmortem draft."""

    id: TeamId
    name: str
    members: tuple[PersonId, ...] = ()
    managers: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A catalogue entry. ``escalation`` names a policy, ``component`` a status page component;
    ``rooms`` are the platforms of its war rooms when they are not the organisation's."""

    id: ServiceId
    team: TeamId | None = None
    tier: int | None = None
    depends_on: tuple[ServiceId, ...] = ()
    escalation: str | None = None
    component: str | None = None
    runbooks: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs a verb, and from where. ``platform`` is an adapter's name, such as "console"."""

    id: PersonId
    name: str
    platform: str
    timezone: str = "UTC"
    standing: Standing = Standing.MEMBER

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.id)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads. ``None`` is the system itself, which sees every incident."""

    person: PersonId | None


SYSTEM = Viewer(None)
BOT = Actor(PersonId("tocsin"), "Tocsin", "system", standing=Standing.ADMIN)
