"""Claims: what each part of a schedule says about a stretch of time, and who is on call when they meet.

Every answer about a schedule is read from the same claims through ``decide``, so that what is shown
and who is paged cannot differ.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.oncall.engine.recurrence import Recurrence, occurrences
from bot.oncall.engine.restriction import Hours, open_hours
from bot.oncall.engine.rotation import Rotation, Stretch, turns
from bot.oncall.engine.schedule import (
    Always,
    FixedPeriod,
    Layer,
    Override,
    OverrideKind,
    Schedule,
    Source,
    Swap,
    zone_of,
)

Group = frozenset[PersonId]
Amendment = FixedPeriod | Override | Swap
NOBODY: Group = frozenset()
# The least that an interval can last: an instant is the interval of one tick.
TICK = timedelta(microseconds=1)


class Stage(IntEnum):
    """In the order in which they are weighed."""

    FIXED = 0
    LAYER = 1
    COVER = 2  # an override that hides every layer
    CHANGE = 3
    SWAP = 4


class Claim(NamedTuple):
    """``people`` instead of ``replaces`` where it names somebody. Compares by what has the last word.

    ``place`` is where the layer, period, override or swap stands in its list.
    """

    stage: Stage
    priority: int
    place: int
    people: Group
    replaces: PersonId | None = None


class Span(NamedTuple):
    """A claim on [start, end)."""

    start: datetime
    end: datetime
    claim: Claim


def decide(claims: Sequence[Claim]) -> Group:
    """Who is on call where exactly these claims hold."""
    people = NOBODY.union(*(claim.people for claim in ruling(claims)))
    for change in changes(claims):
        people = changed(people, change)
    return people


def ruling(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that name people: fixed periods, or the last cover, or the highest layers with anybody."""
    for stage in (Stage.FIXED, Stage.COVER):
        found = [claim for claim in claims if claim.stage is stage]
        if found:
            return found if stage is Stage.FIXED else [max(found)]
    layers = [claim for claim in claims if claim.stage is Stage.LAYER and claim.people]
    top = max((claim.priority for claim in layers), default=0)
    return [claim for claim in layers if claim.priority == top]


def changes(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that change those people, in order: none in a fixed period, swaps last of all."""
    if any(claim.stage is Stage.FIXED for claim in claims):
        return []
    return sorted(claim for claim in claims if claim.stage >= Stage.CHANGE)


def changed(people: Group, change: Claim) -> Group:
    if change.replaces is None:
        return people | change.people
    if change.replaces not in people:
        return people
    return people - {change.replaces} | change.people


def claims_at(schedule: Schedule, at: datetime) -> list[Claim]:
    """Every claim on an instant."""
    found = spans(schedule, at, at + TICK)
    return [claim for start, end, claim in found if start <= at < end]


def utc(at: datetime) -> datetime:
    """Raises ``ValueError`` for a wall time: nobody said where it is."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset from UTC.")
    return at.astimezone(UTC)


def spans(schedule: Schedule, start: datetime, end: datetime) -> Iterator[Span]:
    """Every claim on [start, end). Those of layers are clipped to it."""
    for place, layer in enumerate(schedule.layers):
        for since, until, people in layer_stretches(layer, start, end, zone_of(schedule, layer)):
            claim = Claim(Stage.LAYER, layer.priority, place, frozenset(people))
            yield Span(since, until, claim)
    for amendments in (schedule.fixed_periods, schedule.overrides, schedule.swaps):
        yield from _amendments(amendments, start, end)


def layer_stretches(
    layer: Layer, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    """What a layer gives to [start, end): its source, clipped to its dates and restrictions."""
    start, end = max(start, layer.effective_from or start), min(end, layer.effective_until or end)
    if start >= end:
        return iter(())
    hours = [(start, end)]
    if layer.restrictions:
        hours = open_hours(layer.restrictions, start, end, zone)
    return _within(hours, planned(layer.source, start, end, zone))


def planned(source: Source, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Stretch]:
    """What a source alone gives to [start, end), by start; its stretches may reach beyond."""
    match source:
        case Always():
            return iter([(start, end, source.people)])
        case Rotation():
            return turns(source, start, end, zone)
        case Recurrence():
            return occurrences(source, start, end, zone)


def _within(hours: Sequence[Hours], stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    ends = [until for _, until in hours]
    for since, until, people in stretches:
        for low, high in islice(hours, bisect_right(ends, since), None):
            if low >= until:
                break
            yield max(since, low), min(until, high), people


def _amendments(amendments: Sequence[Amendment], start: datetime, end: datetime) -> Iterator[Span]:
    for place, item in enumerate(amendments):
        if item.start < end and item.end > start:
            yield from _claimed(item, place)


def _claimed(item: Amendment, place: int) -> Iterator[Span]:
    match item:
        case FixedPeriod():
            yield Span(item.start, item.end, Claim(Stage.FIXED, 0, place, NOBODY))
            for shift in item.shifts:
                since, until = max(shift.start, item.start), min(shift.end, item.end)
                if since < until:
                    claim = Claim(Stage.FIXED, 0, place, frozenset({shift.person}))
                    yield Span(since, until, claim)
        case Override():
            stage = Stage.COVER if item.kind is OverrideKind.REPLACE_ALL else Stage.CHANGE
            people = frozenset(() if item.person is None else (item.person,))
            claim = Claim(stage, item.priority, place, people, item.replaces)
            yield Span(item.start, item.end, claim)
        case Swap():
            if item.taker is not None and not item.deleted:
                claim = Claim(Stage.SWAP, 0, place, frozenset({item.taker}), item.requester)
                yield Span(item.start, item.end, claim)
