"""Joins and leaves from a given instant on, without disturbing whose turn it is then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.people import PersonId
from bot.oncall.engine.coverage import on_call
from bot.oncall.engine.rotation import Anchor, People, Rotation, turns
from bot.oncall.engine.schedule import Layer, Schedule, zone_of

_YEAR = timedelta(days=366)


def joined(schedule: Schedule, place: int, person: PersonId, at: datetime) -> Schedule:
    """``person`` comes last in the order of the layer at ``place``, from ``at`` on; whoever holds the
    turn then keeps it. Idempotent; a layer without a rotation stays as it is."""
    found = _in_force(schedule, place, at)
    if found is None or any(person in group for group in _order(found)):
        return schedule
    holder = _holder(schedule, found, at)
    order = _from(_order(found), holder)
    return _split(schedule, found, at, (*order, (person,)), holder)


def left(schedule: Schedule, place: int, person: PersonId, at: datetime) -> Schedule:
    """``person`` is out of the order from ``at`` on. Whoever holds the turn keeps it; if that is who
    leaves, the next one takes over. Idempotent; the last one cannot be taken out."""
    found = _in_force(schedule, place, at)
    if found is None or not any(person in group for group in _order(found)):
        return schedule
    holder = _holder(schedule, found, at)
    groups = (tuple(p for p in group if p != person) for group in _from(_order(found), holder))
    order = tuple(group for group in groups if group)
    return _split(schedule, found, at, order, order[0]) if order else schedule


def _order(layer: Layer) -> tuple[People, ...]:
    return layer.source.participants if isinstance(layer.source, Rotation) else ()


def _in_force(schedule: Schedule, place: int, at: datetime) -> Layer | None:
    """The layer, or the piece of it that an earlier change left in force at ``at``."""
    if place >= len(schedule.layers):
        return None
    named = schedule.layers[place]
    for layer in (named, *schedule.layers[place + 1 :]):
        same = (layer.name, layer.priority, layer.restrictions) == (
            named.name,
            named.priority,
            named.restrictions,
        )
        if same and isinstance(layer.source, Rotation) and _covers(layer, at):
            return layer
    return None


def _covers(layer: Layer, at: datetime) -> bool:
    since, until = layer.effective_from, layer.effective_until
    return (since is None or since <= at) and (until is None or at < until)


def _holder(schedule: Schedule, layer: Layer, at: datetime) -> People:
    """Whose turn contains ``at``, whatever the restrictions."""
    alone = replace(layer, restrictions=(), effective_from=None, effective_until=None)
    people = on_call(Schedule(schedule.timezone, (alone,)), at)
    return next(group for group in _order(layer) if set(group) == people)


def _from(order: tuple[People, ...], first: People) -> tuple[People, ...]:
    """The same round, begun with ``first``."""
    start = order.index(first)
    return order[start:] + order[:start]


def _split(
    schedule: Schedule, layer: Layer, at: datetime, order: tuple[People, ...], holder: People
) -> Schedule:
    """The layer until ``at``, and from then on with another order in which ``holder`` has the turn."""
    if not isinstance(layer.source, Rotation):
        return schedule
    anchor = Anchor(at, holder[0]) if holder else None
    after = replace(
        layer,
        source=replace(layer.source, participants=order, anchor=anchor),
        effective_from=at,
    )
    before = replace(layer, effective_until=at)
    layers: list[Layer] = []
    for other in schedule.layers:
        layers += [before, after] if other is layer else [other]
    return replace(schedule, layers=tuple(layers))


def next_handoff(schedule: Schedule, place: int, at: datetime) -> datetime:
    """When the turn of the layer's rotation that contains ``at`` ends: the usual moment for a change."""
    layer = schedule.layers[place]
    zone: ZoneInfo = zone_of(schedule, layer)
    if not isinstance(layer.source, Rotation):
        return at
    for _, until, _ in turns(layer.source, at, at + _YEAR, zone):
        if until > at:
            return until
    return at
