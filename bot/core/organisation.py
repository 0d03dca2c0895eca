"""The organisation: the catalogue of people, teams, services, schedules and policies, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from bot.core.declared.sections import Section
from bot.core.escalation import Policy, Target
from bot.core.people import Person, PersonId, Service, ServiceId, Team, TeamId
from bot.core.reaching import Channel
from bot.core.severity import Severity

if TYPE_CHECKING:
    from bot.oncall.engine.schedule import Schedule


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Component:
    """One line of the public status page."""

    id: str
    name: str
    group: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ChatRules:
    """``announce`` maps a platform to its announcement channel; ``rooms`` says where rooms open.

    ``rooms_by_severity`` says so for some severities; with neither they open wherever they can. ``call`` is a
    template with $reference and $token. ``allowed`` maps a platform to the settings that it declares.
    """

    announce: Mapping[str, str] = field(default_factory=dict)
    call: str = ""
    rooms: tuple[str, ...] = ()
    rooms_by_severity: Mapping[Severity, tuple[str, ...]] = field(default_factory=dict)
    allowed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Frozen; applying a new organisation file replaces the whole value. ``sections`` are what features declare, by their
    keys in the file."""

    name: str
    timezone: str = "UTC"
    chat: ChatRules = field(default_factory=ChatRules)
    people: Mapping[PersonId, Person] = field(default_factory=dict)
    teams: Mapping[TeamId, Team] = field(default_factory=dict)
    services: Mapping[ServiceId, Service] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    catch_all: tuple[Target, ...] = ()
    components: Mapping[str, Component] = field(default_factory=dict)
    sample: bool = False
    channels: Mapping[str, Channel] = field(default_factory=dict)
    sections: Mapping[str, object] = field(default_factory=dict)

    def section(self, which: Section[T]) -> T:
        """What a feature's section of the file says, or what stands for it where it is left out."""
        return cast("T", self.sections.get(which.name, which.empty))

    def rooms_for(
        self, services: Iterable[ServiceId], severity: Severity | None
    ) -> tuple[str, ...]:
        """Where war rooms open: what the services say together, else the severity, else all incidents."""
        named = [self.services[s].rooms for s in services if s in self.services]
        said = tuple(dict.fromkeys(platform for rooms in named for platform in rooms))
        by_severity = self.chat.rooms_by_severity.get(severity, ()) if severity else ()
        return said or by_severity or self.chat.rooms

    def policy_for(self, services: Iterable[ServiceId]) -> Policy | None:
        """The policy of the first service that names one; else the only policy there is; else none."""
        for service in services:
            known = self.services.get(service)
            if known and known.escalation and known.escalation in self.policies:
                return self.policies[known.escalation]
        return next(iter(self.policies.values())) if len(self.policies) == 1 else None

    def team_of(self, services: Iterable[ServiceId]) -> Team | None:
        """The owning team of the first service that has one."""
        for service in services:
            known = self.services.get(service)
            if known and known.team and known.team in self.teams:
                return self.teams[known.team]
        return next(iter(self.teams.values())) if len(self.teams) == 1 else None
