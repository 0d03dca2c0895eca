"""The schedules in force: those of the organisation file, with what was changed in chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.errors import NotFound
from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.oncall.changes import RosterChange
from bot.oncall.engine.roster import joined, left
from bot.oncall.engine.schedule import Override, Schedule, Swap

# No shift made in chat is longer than this, so earlier ones need not be read.
_BACK = timedelta(days=1)


def schedule_of(uow: UnitOfWork, name: str, since: datetime | None = None) -> Schedule:
    """The schedule as it stands, from a day before ``since`` (now) on. Raises ``NotFound``."""
    planned = uow.org.schedules.get(name)
    if planned is None:
        raise NotFound(f"No schedule is called {name}. /oncall lists them.")
    return changed(uow, name, planned, since or uow.now)


def in_force(uow: UnitOfWork, org: Organisation) -> Organisation:
    """An organisation, this one or one that may come, with what was changed in chat."""
    known = {name: changed(uow, name, plan, uow.now) for name, plan in org.schedules.items()}
    return replace(org, schedules=known)


def changed(uow: UnitOfWork, name: str, planned: Schedule, since: datetime) -> Schedule:
    """What the file plans, with what was changed in chat from a day before ``since`` on: overrides come
    after those of the file, covers that somebody took are swaps."""
    begin = since - _BACK
    if not uow.oncall.touched(name, begin):
        return planned
    made = tuple(
        Override(o.kind, o.start, o.end, o.person, o.replaces)
        for o in uow.oncall.overrides(name, begin)
    )
    taken = tuple(
        Swap(cover.requester, cover.start, cover.end, cover.taker)
        for cover in uow.oncall.covers(name, begin)
        if cover.taker is not None
    )
    for entry in uow.oncall.roster(name):
        change = joined if entry.change is RosterChange.JOIN else left
        planned = change(planned, entry.layer, entry.person, entry.at)
    return replace(planned, overrides=(*planned.overrides, *made), swaps=(*planned.swaps, *taken))


def people_of(schedule: Schedule) -> list[PersonId]:
    """Everybody who is ever on call in a schedule by its layers."""
    found: dict[PersonId, None] = {}
    for layer in schedule.layers:
        groups = (
            (layer.source.people,)
            if not hasattr(layer.source, "participants")
            else layer.source.participants
        )
        found |= dict.fromkeys(person for group in groups for person in group)
    return list(found)
