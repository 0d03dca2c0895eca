"""Changing who is on call, in chat: overrides, cover requests, joins and leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.errors import NotAllowed, NotFound
from bot.core.people import Actor, PersonId, Standing
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.times.when import Period
from bot.messages.addresses import exists
from bot.oncall.changes import ChangeId, Cover, MadeOverride, RosterChange, RosterEntry
from bot.oncall.engine.coverage import on_call, shifts
from bot.oncall.engine.roster import next_handoff
from bot.oncall.engine.rotation import Rotation
from bot.oncall.engine.schedule import OverrideKind, Schedule
from bot.oncall.engine.upcoming import own
from bot.oncall.events import (
    CoverAsked,
    CoverTaken,
    CoverWithdrawn,
    OverrideMade,
    OverrideUndone,
    RosterChanged,
)
from bot.oncall.schedules import people_of, schedule_of


def may_change(uow: UnitOfWork, actor: Actor, schedule: Schedule) -> bool:
    """Those of the schedule, managers of their teams, admins."""
    everybody = set(people_of(schedule))
    managers = {
        manager
        for team in uow.org.teams.values()
        if everybody & set(team.members)
        for manager in team.managers
    }
    return actor.standing is Standing.ADMIN or actor.id in everybody | managers


def _allowed(uow: UnitOfWork, actor: Actor, name: str) -> Schedule:
    may(actor, Action.ONCALL)
    schedule = schedule_of(uow, name)
    if not may_change(uow, actor, schedule):
        names = ", ".join(uow.people.name(p) for p in people_of(schedule)[:5])
        raise NotAllowed(f"Only people on {name} ({names}), their managers and admins can do this.")
    return schedule


def override(
    uow: UnitOfWork, actor: Actor, name: str, person: PersonId, hours: Period
) -> MadeOverride:
    """``person`` instead of everybody for these hours. Whoever is concerned is told."""
    schedule = _allowed(uow, actor, name)
    if not exists(uow, person):
        raise NotFound(f"Nobody is called {person}. Type @ and choose.")
    made = uow.oncall.add_override(
        MadeOverride(name, OverrideKind.REPLACE_ALL, hours.start, hours.end, person, None, actor.id)
    )
    planned = tuple(sorted({s.person for s in shifts(schedule, hours.start, hours.end)}))
    uow.happened(OverrideMade(uow.now, actor, made, planned))
    return made


def undo_override(uow: UnitOfWork, actor: Actor, number: ChangeId) -> MadeOverride:
    """Take an override back; what the plan says holds again."""
    may(actor, Action.ONCALL)
    found = uow.oncall.remove_override(number)
    if found is None:
        raise NotFound(
            f"There is no override {number}, or it was taken back. /oncall who says who is on call."
        )
    _allowed(uow, actor, found.schedule)
    uow.happened(OverrideUndone(uow.now, actor, found))
    return found


def ask_cover(
    uow: UnitOfWork, actor: Actor, name: str, requester: PersonId, hours: Period
) -> tuple[Cover, tuple[PersonId, ...]]:
    """Ask the others of a schedule to stand in, for part of a shift or several. A manager, or anybody of
    the schedule, may ask for somebody. Returns the request and who was asked."""
    schedule = _allowed(uow, actor, name)
    if not own(schedule, requester, hours.start, hours.end):
        who = "You are" if requester == actor.id else f"{uow.people.name(requester)} is"
        raise NotFound(f"{who} not on call for {name} then. /oncall mine lists the shifts.")
    cover = uow.oncall.add_cover(Cover(name, requester, hours.start, hours.end, actor.id))
    asked = tuple(p for p in people_of(schedule) if p != requester and exists(uow, p))
    uow.happened(CoverAsked(uow.now, actor, cover, asked))
    return cover, asked


def take(uow: UnitOfWork, actor: Actor, number: ChangeId) -> tuple[Cover, PersonId]:
    """Accept a request: the first one has it. Returns the request and who has it. Idempotent."""
    may(actor, Action.ONCALL)
    cover = uow.oncall.cover(number)
    schedule = schedule_of(uow, cover.schedule)
    if cover.taker is not None:
        return cover, cover.taker
    if cover.removed or cover.end <= uow.now:
        raise NotFound("That request was taken back, or is over. Nothing to do.")
    if actor.id == cover.requester:
        raise NotAllowed(f"It is your own request. /oncall withdraw {number} takes it back.")
    if not may_change(uow, actor, schedule):
        raise NotAllowed(f"Only people on {cover.schedule}, their managers and admins can take it.")
    uow.oncall.take_cover(number, actor.id)
    done = replace(cover, taker=actor.id)
    uow.happened(CoverTaken(uow.now, actor, done, actor.id))
    return done, actor.id


def withdraw(uow: UnitOfWork, actor: Actor, number: ChangeId) -> Cover:
    """Take a request back, or undo a cover that was taken. Idempotent."""
    may(actor, Action.ONCALL)
    cover = uow.oncall.cover(number)
    schedule = schedule_of(uow, cover.schedule)
    mine = actor.id in (cover.requester, cover.made_by, cover.taker)
    if not mine and not may_change(uow, actor, schedule):
        raise NotAllowed("It is not your request. Who made it, or an admin, takes it back.")
    uow.oncall.withdraw_cover(number)
    if not cover.removed:
        uow.happened(CoverWithdrawn(uow.now, actor, cover))
    return cover


def change_roster(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    person: PersonId,
    change: RosterChange,
    at: datetime | None,
) -> RosterEntry:
    """``person`` joins or leaves the first rotation of a schedule, at ``at`` or else at the next hand-off;
    whoever is on call then stays."""
    schedule = _allowed(uow, actor, name)
    places = [
        number for number, layer in enumerate(schedule.layers) if isinstance(layer.source, Rotation)
    ]
    if not places:
        raise NotFound(
            f"{name} has no rotation to join or leave. An admin changes it in the organisation file."
        )
    if not exists(uow, person):
        raise NotFound(f"Nobody is called {person}. Type @ and choose.")
    moment = at or next_handoff(schedule, places[0], uow.now)
    entry = RosterEntry(name, places[0], change, person, moment, actor.id)
    made = uow.oncall.add_roster(entry)
    uow.happened(RosterChanged(uow.now, actor, made, tuple(sorted(on_call(schedule, moment)))))
    return made
