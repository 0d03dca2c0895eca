"""Who is on call, until when, who is next, and what reaches them; one's own shifts; where nobody is."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.addresses import exists, ways
from bot.oncall.cards import Duty
from bot.oncall.engine import upcoming
from bot.oncall.engine.coverage import Gap, Shift, on_call, shifts
from bot.oncall.engine.fairness import Load, loads
from bot.oncall.engine.upcoming import following, own, until
from bot.oncall.schedules import people_of, schedule_of

AHEAD = timedelta(days=60)


def duties(uow: UnitOfWork, name: str | None, at: datetime | None = None) -> list[Duty]:
    """One schedule or all, now or at another instant."""
    return [duty(uow, each, at or uow.now) for each in _named(uow, name)]


def _named(uow: UnitOfWork, name: str | None) -> list[str]:
    return [name] if name else list(uow.org.schedules)


def duty(uow: UnitOfWork, name: str, at: datetime) -> Duty:
    schedule = schedule_of(uow, name, at)
    people = tuple(sorted(on_call(schedule, at)))
    reached = {person: ways(uow, person) for person in people}
    return Duty(name, people, until(schedule, at), reached, following(schedule, at))


def mine(uow: UnitOfWork, person: PersonId) -> list[tuple[str, Shift]]:
    """One's shifts of the next 60 days, in order, with the schedule of each."""
    end = uow.now + AHEAD
    found = [
        (name, shift)
        for name in uow.org.schedules
        for shift in own(schedule_of(uow, name), person, uow.now, end)
    ]
    return sorted(found, key=lambda pair: pair[1])


def ahead(uow: UnitOfWork, name: str | None) -> list[tuple[str, Shift]]:
    """The shifts of the next two weeks."""
    end = uow.now + timedelta(days=14)
    found = [
        (each, shift)
        for each in _named(uow, name)
        for shift in shifts(schedule_of(uow, each), uow.now, end)
    ]
    return sorted(found, key=lambda pair: pair[1])


def uncovered(uow: UnitOfWork) -> dict[str, list[Gap]]:
    """Where nobody is on call in the next 60 days, or only somebody who has left, by schedule."""
    end = uow.now + AHEAD
    found = {
        name: upcoming.uncovered(schedule_of(uow, name), uow.now, end, lambda p: exists(uow, p))
        for name in uow.org.schedules
    }
    return {name: hours for name, hours in found.items() if hours}


def shared(
    uow: UnitOfWork, name: str | None, start: datetime | None = None, end: datetime | None = None
) -> dict[str, list[Load]]:
    """How much each of a schedule's people is on call within [start, end), the next 60 days when not said;
    most first, and who has none too."""
    since = start or uow.now
    until_ = end or since + AHEAD
    found: dict[str, list[Load]] = {}
    for each in _named(uow, name):
        schedule = schedule_of(uow, each, since)
        people = [person for person in people_of(schedule) if exists(uow, person)]
        found[each] = loads(schedule, people, since, until_, partial(_zone, uow))
    return found


def _zone(uow: UnitOfWork, person: PersonId) -> ZoneInfo:
    return ZoneInfo(uow.people.get(person).timezone)


def names_in(uow: UnitOfWork, found: list[Duty]) -> dict[PersonId, str]:
    people = {person for each in found for person in each.people}
    people |= {shift.person for each in found for shift in each.following}
    return {person: uow.people.name(person) for person in people}


def names_of(uow: UnitOfWork, found: list[tuple[str, Shift]]) -> dict[PersonId, str]:
    return {shift.person: uow.people.name(shift.person) for _, shift in found}
