"""Whom a target reaches at an instant, and where and when each of them is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.errors import NotFound
from bot.core.escalation import Choose, Policy, Step, Target, TargetKind, reach
from bot.core.people import PersonId, TeamId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import within
from bot.messages.addresses import exists, ways
from bot.oncall.engine.coverage import on_call
from bot.oncall.engine.schedule import Schedule
from bot.oncall.engine.upcoming import following
from bot.oncall.schedules import schedule_of


def look_up(uow: UnitOfWork, target: Target, at: datetime) -> Iterable[PersonId]:
    """The people behind a target; an unknown name reaches nobody, and the page goes on."""
    match target.kind:
        case TargetKind.PERSON:
            return (PersonId(target.name),) if exists(uow, PersonId(target.name)) else ()
        case TargetKind.TEAM:
            team = uow.org.teams.get(TeamId(target.name))
            return () if team is None else team.members
        case TargetKind.SCHEDULE:
            schedule = _schedule(uow, target.name, at)
            return () if schedule is None else sorted(on_call(schedule, at))
        case TargetKind.NEXT:
            schedule = _schedule(uow, target.name, at)
            return () if schedule is None else [s.person for s in following(schedule, at)]
        case TargetKind.CHANNEL:
            return ()


def _schedule(uow: UnitOfWork, name: str, at: datetime) -> Schedule | None:
    try:
        return schedule_of(uow, name, at)
    except NotFound:
        return None


def reachable(
    uow: UnitOfWork, targets: Iterable[Target], at: datetime | None = None
) -> tuple[PersonId, ...]:
    """The people behind ``targets`` whom anything can tell."""
    moment = at or uow.now
    people = reach(targets, lambda target: look_up(uow, target, moment))
    return tuple(person for person in people if ways(uow, person))


def rooms_told(uow: UnitOfWork, step: Step) -> tuple[tuple[str, str], ...]:
    """(platform, room) of each channel that a step tells, where the platform is configured."""
    named = [
        target.name.partition("/") for target in step.notify if target.kind is TargetKind.CHANNEL
    ]
    return tuple(
        (platform, room) for platform, _, room in named if room and platform in uow.platforms
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """``people`` are told; ``outside_hours`` would be, but for the step's hours; ``turn`` is what the choice
    among several hung on, empty without one."""

    people: tuple[PersonId, ...] = ()
    outside_hours: tuple[PersonId, ...] = ()
    turn: str = ""


def reached(uow: UnitOfWork, policy: Policy, step: Step, at: datetime) -> Reached:
    """Whom a step reaches at an instant. Takes nobody's turn: see ``take_turn``."""
    found = reachable(uow, step.notify, at)
    awake = tuple(person for person in found if _in_hours(uow, person, step, at))
    outside_hours = tuple(person for person in found if person not in awake)
    if step.choose is Choose.ALL or len(awake) < 2:
        return Reached(awake, outside_hours)
    name = f"{policy.name}:{policy.steps.index(step)}"[:200]
    order = sorted(awake)
    return Reached((order[uow.oncall.turn(name) % len(order)],), outside_hours, name)


def take_turn(uow: UnitOfWork, found: Reached) -> None:
    """The next page is for the next one."""
    if found.turn:
        uow.oncall.next_turn(found.turn)


def _in_hours(uow: UnitOfWork, person: PersonId, step: Step, at: datetime) -> bool:
    zone = ZoneInfo(uow.people.get(person).timezone)
    return step.hours is None or within(step.hours, at, zone)
