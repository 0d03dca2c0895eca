"""Whom a target reaches now, and where they can be told."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.escalation import Target, TargetKind, reach
from bot.domain.oncall import on_call
from bot.domain.people import PersonId, TeamId
from bot.ports import UnitOfWork


def look_up(uow: UnitOfWork, target: Target) -> Iterable[PersonId]:
    """The people behind a target now; an unknown name reaches nobody, and the page goes on."""
    match target.kind:
        case TargetKind.PERSON:
            return (PersonId(target.name),)
        case TargetKind.TEAM:
            team = uow.org.teams.get(TeamId(target.name))
            return () if team is None else team.members
        case TargetKind.SCHEDULE:
            schedule = uow.org.schedules.get(target.name)
            return () if schedule is None else sorted(on_call(schedule, uow.now))
        case TargetKind.CHANNEL:
            return ()


def reachable(uow: UnitOfWork, targets: Iterable[Target]) -> tuple[PersonId, ...]:
    """The people behind ``targets`` whom some platform can tell."""
    people = reach(targets, lambda target: look_up(uow, target))
    return tuple(person for person in people if addresses(uow, person))


def addresses(uow: UnitOfWork, person: PersonId) -> tuple[str, ...]:
    """The platforms on which this person can be told."""
    known = uow.people.get(person)
    return tuple(p for p in uow.platforms if p == "console" or p in known.identities)
