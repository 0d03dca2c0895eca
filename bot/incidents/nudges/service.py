"""Nudges as timers: each looks whether it still applies, asks once, and comes back at most five times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.chat.remembered import Nudged
from bot.core.incident import Incident, IncidentId, Mode, Role
from bot.core.people import SYSTEM, Actor
from bot.core.permissions import Action, may
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import NudgeSnoozed
from bot.incidents.nudge import (
    BUDGET,
    BUDGET_WINDOW,
    FIRST_AFTER,
    LONG_RUNNING,
    MOST,
    SNOOZE,
    Cause,
    interval,
    office_moment,
)
from bot.messages.service import say_in_rooms

_RECENT = 50
# The tasks that post in the room, and those that may leave a notice there besides.
SAYING = ("say", "post_card")
NOISY = (*SAYING, "pin_card", "set_topic", "invite")


def nudge(uow: UnitOfWork, number: IncidentId, cause: Cause) -> None:
    """The timer of one cause has come due."""
    incident = uow.incidents.lock(number, SYSTEM)
    if not applies(uow, incident, cause):
        return
    state = uow.nudges.get(number, cause)
    moment = working_moment(uow, incident, state.not_before)
    if moment <= uow.now and state.count < MOST:
        # Room is left for a broken promise; and, by what was asked before, for a page that nobody took.
        spare = 1 if incident.next_update_at or state.count else 0
        moment = may_be_said(uow, number, spare)
    if moment > uow.now:
        again(uow, number, cause, moment)
    elif state.count < MOST:
        say_in_rooms(uow, number, f"{cause}:{state.count}")
        pause = interval(state.count)
        uow.nudges.put(number, cause, Nudged(state.count + 1, uow.now + pause))
        again(uow, number, cause, uow.now + pause)


def applies(uow: UnitOfWork, incident: Incident, cause: Cause) -> bool:
    """Whether the thing is still missing."""
    if not incident.is_open or incident.paused_at or incident.mode is Mode.RETROSPECTIVE:
        return False
    return _STILL_MISSING[cause](incident)


_STILL_MISSING: Mapping[Cause, Callable[[Incident], bool]] = {
    Cause.LEAD: lambda incident: incident.lead is None,
    Cause.SEVERITY: lambda incident: incident.severity is None,
    Cause.ROLE: lambda incident: incident.is_major and Role.COMMUNICATIONS not in incident.roles,
    Cause.QUIET: lambda incident: True,
    Cause.UPDATE: lambda incident: incident.next_update_at is not None,
}


def working_moment(uow: UnitOfWork, incident: Incident, not_before: datetime | None) -> datetime:
    """When it may be said: now or after a snooze; in office hours of the lead if it runs long."""
    moments = [uow.now]
    if not_before is not None:
        moments.append(not_before)
    if uow.now - incident.declared_at > LONG_RUNNING:
        zone = ZoneInfo(uow.people.get(incident.lead or incident.reporter).timezone)
        moments.append(office_moment(max(moments), zone))
    return max(moments)


def may_be_said(uow: UnitOfWork, number: IncidentId, spare: int = 0) -> datetime:
    """Now, or when the room will have had less of the bot than its hourly budget, ``spare`` set aside.

    Counted is what no person asked for, with the notices that pins, topics and invites leave; on
    the platform that had most.
    """
    said: dict[str, list[datetime]] = {}
    for platform, task, at in uow.jobs.notifications(number, NOISY, uow.now - BUDGET_WINDOW):
        if task in SAYING or task in uow.notices.get(platform, NOISY):
            said.setdefault(platform, []).append(at)
    allowed = BUDGET - spare
    latest = [times[-allowed] + BUDGET_WINDOW for times in said.values() if len(times) >= allowed]
    return max([uow.now, *latest])


def nudge_quiet(uow: UnitOfWork, number: IncidentId) -> None:
    """Two hours after the last thing that a person did or wrote."""
    incident = uow.incidents.lock(number, SYSTEM)
    last = last_sign(uow, incident)
    if last + FIRST_AFTER[Cause.QUIET] > uow.now:
        again(uow, number, Cause.QUIET, last + FIRST_AFTER[Cause.QUIET])
        return
    nudge(uow, number, Cause.QUIET)


def last_sign(uow: UnitOfWork, incident: Incident) -> datetime:
    """When a person last did something about the incident."""
    entries = uow.timeline.recent(incident.id, _RECENT, SYSTEM)
    signs = [entry.recorded_at for entry in entries if entry.author is not None]
    heard = uow.nudges.get(incident.id, "heard").not_before
    return max([incident.declared_at, *signs, *([heard] if heard else [])])


def heard(uow: UnitOfWork, number: IncidentId) -> None:
    """Somebody wrote in the room: the incident is not quiet."""
    uow.nudges.put(number, "heard", Nudged(0, uow.now))


def again(uow: UnitOfWork, number: IncidentId, cause: Cause, at: datetime) -> None:
    uow.jobs.enqueue(
        JobSpec(
            f"nudge_{cause}",
            Queue.TIMER,
            {"incident": number},
            queueing_lock=f"inc{number}:nudge:{cause}",
            run_at=at,
            incident=number,
        )
    )


def snooze(uow: UnitOfWork, actor: Actor, number: IncidentId, cause: Cause) -> datetime:
    """Not again for 15 minutes. Returns when."""
    may(actor, Action.NOTE)
    incident = uow.incidents.lock(number, actor.viewer)
    until = uow.now + SNOOZE
    state = uow.nudges.get(number, cause)
    uow.nudges.put(number, cause, replace(state, not_before=until))
    uow.happened(NudgeSnoozed(uow.now, actor, incident, cause, until))
    return until
