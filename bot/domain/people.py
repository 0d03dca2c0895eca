"""People, teams and services: who acts, who owns what. Nothing here knows where they are stored."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to the organisation file, or met in chat and remembered since.

    ``timezone`` is an IANA name; ``identities`` maps a platform's name to the person's id there.
    """

    id: PersonId
    name: str
    timezone: str = "UTC"
    email: str | None = None
    standing: Standing = Standing.MEMBER
    identities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Team:
    """Members respond, managers receive the postmortem draft."""

    id: TeamId
    name: str
    members: tuple[PersonId, ...] = ()
    managers: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A catalogue entry. ``escalation`` names a policy, ``component`` a status page component."""

    id: ServiceId
    team: TeamId | None = None
    tier: int | None = None
    depends_on: tuple[ServiceId, ...] = ()
    escalation: str | None = None
    component: str | None = None
    runbooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs a verb, and through which door. ``platform`` is a door's name, such as "console"."""

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
