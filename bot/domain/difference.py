"""What changes when one organisation takes another's place: its people, teams, services, policies …, and who
is on call differently. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.domain.oncall import shifts
from bot.domain.organisation import Organisation
from bot.domain.people import PersonId
from bot.domain.schedule import Schedule

# The maps of an organisation, and how one entry of each is called.
NOUNS = {
    "people": "person",
    "teams": "team",
    "services": "service",
    "schedules": "schedule",
    "policies": "escalation",
    "components": "component",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. ``how`` is added, removed or changed; ``fields`` are those that differ."""

    noun: str
    name: str
    how: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """From ``start`` until ``end`` (UTC) others are on call; both sides sorted, empty where nobody is."""

    schedule: str
    start: datetime
    end: datetime
    before: tuple[PersonId, ...]
    after: tuple[PersonId, ...]


def differences(old: Organisation, new: Organisation) -> list[Change]:
    """Everything but who is on call when, in the order of the file."""
    found = [
        Change("organisation", name, "changed")
        for name in ("name", "timezone", "chat", "catch_all")
        if getattr(old, name) != getattr(new, name)
    ]
    for attribute, noun in NOUNS.items():
        found += _between(noun, getattr(old, attribute), getattr(new, attribute))
    return found


def _between(noun: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change(noun, name, "removed")
        elif name not in old:
            yield Change(noun, name, "added")
        elif old[name] != new[name]:
            parts = [f.name for f in fields(old[name])]
            differing = (p for p in parts if getattr(old[name], p) != getattr(new[name], p))
            yield Change(noun, name, "changed", tuple(differing))


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
