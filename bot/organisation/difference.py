"""What changes when one organisation takes another's place: its people, teams, services, policies …, and who
is on call differently. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.oncall.engine.coverage import Gap, shifts
from bot.oncall.engine.schedule import Schedule
from bot.oncall.engine.upcoming import uncovered

# The maps of an organisation, and how one entry of each is called.
NOUNS = {
    "people": "person",
    "teams": "team",
    "services": "service",
    "schedules": "schedule",
    "policies": "escalation",
    "components": "component",
}


class How(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs; ``fields`` are those that do."""

    noun: str
    name: str
    how: How
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """From ``start`` until ``end`` (UTC) others are on call; both sides sorted, empty where nobody is."""

    schedule: str
    start: datetime
    end: datetime
    before: tuple[PersonId, ...]
    after: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class GapChange:
    """From ``start`` until ``end`` (UTC) nobody would be on call, where somebody is now."""

    schedule: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody who leaves would still be on call then, by what was changed in chat."""

    schedule: str
    person: PersonId
    start: datetime
    end: datetime


def differences(old: Organisation, new: Organisation) -> list[Change]:
    """Everything but who is on call when, in the order of the file."""
    found = [
        Change("organisation", name, How.CHANGED)
        for name in ("name", "timezone", "chat", "catch_all")
        if getattr(old, name) != getattr(new, name)
    ]
    found += [
        Change("organisation", name, How.CHANGED)
        for name in sorted({*old.sections, *new.sections})
        if old.sections.get(name) != new.sections.get(name)
    ]
    for attribute, noun in NOUNS.items():
        found += _between(noun, getattr(old, attribute), getattr(new, attribute))
    return found


def _between(noun: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change(noun, name, How.REMOVED)
        elif name not in old:
            yield Change(noun, name, How.ADDED)
        elif old[name] != new[name]:
            parts = [f.name for f in fields(old[name])]
            differing = (p for p in parts if getattr(old[name], p) != getattr(new[name], p))
            yield Change(noun, name, How.CHANGED, tuple(differing))


def duty_changes(
    old: Organisation, new: Organisation, start: datetime, end: datetime
) -> list[DutyChange]:
    """Where within [start, end) somebody else is on call, by schedule and in order."""
    found: list[DutyChange] = []
    for name in sorted({*old.schedules, *new.schedules}):
        was, will = old.schedules.get(name), new.schedules.get(name)
        if was != will:
            found += _duty(name, _course(was, start, end), _course(will, start, end), end)
    return found


Course = list[tuple[datetime, tuple[PersonId, ...]]]


def _course(schedule: Schedule | None, start: datetime, end: datetime) -> Course:
    """Who is on call from each instant on at which that changes."""
    found = [] if schedule is None else shifts(schedule, start, end)
    edges = {start, *(s.start for s in found), *(s.end for s in found)} - {end}
    return [
        (at, tuple(sorted(s.person for s in found if s.start <= at < s.end)))
        for at in sorted(edges)
    ]


def _duty(name: str, was: Course, will: Course, end: datetime) -> Iterator[DutyChange]:
    edges = sorted({at for at, _ in was} | {at for at, _ in will})
    under_way: DutyChange | None = None
    for at, until in zip(edges, [*edges[1:], end], strict=True):
        before, after = _at(was, at), _at(will, at)
        if under_way and (before, after) == (under_way.before, under_way.after):
            under_way = DutyChange(name, under_way.start, until, before, after)
            continue
        if under_way:
            yield under_way
        under_way = DutyChange(name, at, until, before, after) if before != after else None
    if under_way:
        yield under_way


def _at(course: Course, at: datetime) -> tuple[PersonId, ...]:
    return [people for since, people in course if since <= at][-1]


def gap_changes(
    old: Organisation, new: Organisation, start: datetime, end: datetime
) -> list[GapChange]:
    """Where within [start, end) the change leaves nobody on call: nobody at all, or only who has left."""
    found: list[GapChange] = []
    for name, schedule in sorted(new.schedules.items()):
        if name in old.schedules:
            will = uncovered(schedule, start, end, new.people.__contains__)
            was = uncovered(old.schedules[name], start, end, old.people.__contains__)
            found += [GapChange(name, *hours) for hours in _without(will, was)]
    return found


def _without(hours: Iterable[Gap], others: Iterable[Gap]) -> Iterator[Gap]:
    """The parts of ``hours`` that are in none of ``others``; both in order."""
    taken = list(others)
    for start, end in hours:
        at = start
        for since, until in taken:
            if until > at and since < end:
                if since > at:
                    yield Gap(at, since)
                at = max(at, until)
        if at < end:
            yield Gap(at, end)


def absent(old: Organisation, new: Organisation, start: datetime, end: datetime) -> list[Absent]:
    """Where within [start, end) somebody of ``old`` who is not of ``new`` would be on call."""
    gone = old.people.keys() - new.people.keys()
    return [
        Absent(name, shift.person, shift.start, shift.end)
        for name, schedule in sorted(new.schedules.items())
        for shift in shifts(schedule, start, end)
        if shift.person in gone
    ]
