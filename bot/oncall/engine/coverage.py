"""Who is on call: at an instant, over a period, and where nobody is. The entry point of the schedule engine.

Pure. Instants in and out are aware (out in UTC), intervals are [start, end). ``docs/oncall.md``
says what a schedule means; its parts can be imported from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from bot.core.people import PersonId
from bot.oncall.engine.claim import NOBODY, Group, Span, claims_at, decide, spans, utc
from bot.oncall.engine.explanation import Explanation, Part, Reason, Verdict, explain
from bot.oncall.engine.recurrence import Freq, Recurrence, Weekday
from bot.oncall.engine.restriction import ClockReading, Restriction, Window, merged
from bot.oncall.engine.rotation import Anchor, Rotation, Unit
from bot.oncall.engine.schedule import (
    Always,
    FixedPeriod,
    FixedShift,
    Layer,
    Override,
    OverrideKind,
    Schedule,
    Swap,
)

__all__ = [
    "Always",
    "Anchor",
    "ClockReading",
    "Explanation",
    "FixedPeriod",
    "FixedShift",
    "Freq",
    "Gap",
    "Group",
    "Layer",
    "Override",
    "OverrideKind",
    "Part",
    "Reason",
    "Recurrence",
    "Restriction",
    "Rotation",
    "Schedule",
    "Shift",
    "Swap",
    "Unit",
    "Verdict",
    "Weekday",
    "Window",
    "explain",
    "gaps",
    "on_call",
    "shifts",
]


class Shift(NamedTuple):
    """One person on call from ``start`` until just before ``end``."""

    start: datetime
    end: datetime
    person: PersonId


class Gap(NamedTuple):
    """Nobody is on call from ``start`` until just before ``end``."""

    start: datetime
    end: datetime


def on_call(schedule: Schedule, at: datetime) -> Group:
    """The people on call at an instant; empty where nobody is."""
    return decide(claims_at(schedule, utc(at)))


def shifts(schedule: Schedule, start: datetime, end: datetime) -> list[Shift]:
    """Everybody's time on call within [start, end), sorted. Shifts of one person that touch are one."""
    found: list[Shift] = []
    since: dict[PersonId, datetime] = {}
    for at, people in _course(schedule, utc(start), utc(end)):
        found += [Shift(since.pop(person), at, person) for person in since.keys() - people]
        for person in people:
            since.setdefault(person, at)
    return sorted(found)


def gaps(schedule: Schedule, start: datetime, end: datetime) -> list[Gap]:
    """Where within [start, end) nobody is on call, in order. Gaps that touch are one."""
    course = pairwise(_course(schedule, utc(start), utc(end)))
    return [
        Gap(*hours) for hours in merged((at, until) for (at, who), (until, _) in course if not who)
    ]


def _course(schedule: Schedule, start: datetime, end: datetime) -> Iterator[tuple[datetime, Group]]:
    """Who is on call from each instant on at which that may change; from ``end`` on, nobody."""
    if start >= end:
        return
    found = [span for span in spans(schedule, start, end) if span.start < end and span.end > start]
    edges = {edge for since, until, _ in found for edge in (since, until)}
    waiting = sorted(found, key=attrgetter("start"), reverse=True)
    active: list[Span] = []
    for at in sorted({start, *(edge for edge in edges if start < edge < end)}):
        active = [span for span in active if span.end > at]
        while waiting and waiting[-1].start <= at:
            active.append(waiting.pop())
        yield at, decide([span.claim for span in active])
    yield end, NOBODY
