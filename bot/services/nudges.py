"""Nudges as timers: each looks whether it still applies, asks once, and comes back at most five times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.incident import Incident, IncidentId, Mode, Role
from bot.domain.nudge import FIRST_AFTER, LONG_RUNNING, MOST, SNOOZE, Cause, interval, office_moment
from bot.domain.people import SYSTEM, Actor
from bot.ports import JobSpec, Nudged, Queue, UnitOfWork
from bot.services.plans import whisper
from bot.services.recording import changed

_RECENT = 50


def nudge(uow: UnitOfWork, number: IncidentId, cause: Cause) -> None:
    """The timer of one cause has come due."""
    incident = uow.incidents.lock(number, SYSTEM)
    if not applies(uow, incident, cause):
        return
    state = uow.nudges.get(number, cause)
    moment = _moment(uow, incident, state)
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


def _moment(uow: UnitOfWork, incident: Incident, state: Nudged) -> datetime:
    """When it may be said: after a snooze, after two quiet hours, in office hours if it runs long."""
    moments = [uow.now]
    if state.not_before is not None:
        moments.append(state.not_before)
    if uow.now - incident.declared_at > LONG_RUNNING:
        zone = ZoneInfo(uow.people.get(incident.lead or incident.reporter).timezone)
        moments.append(office_moment(max(moments), zone))
    return max(moments)


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
            dedupe=f"inc{number}:nudge:{cause}",
            run_at=at,
            incident=number,
        )
    )


def say_in_rooms(
    uow: UnitOfWork, number: IncidentId, what: str, args: dict[str, str | int] | None = None
) -> None:
    """A message to every room of the incident, said once however often this is asked for."""
    for room in uow.rooms.of(number):
        key = f"inc{number}:{room.platform}:{what}"
        values = {"incident": number, "platform": room.platform, "what": what, **(args or {})}
        uow.jobs.enqueue(JobSpec("say", Queue.CHAT, values, key, key, incident=number))


def snooze(uow: UnitOfWork, actor: Actor, number: IncidentId, cause: Cause) -> datetime:
    """Not again for 15 minutes. Returns when."""
    uow.incidents.lock(number, actor.viewer)
    until = uow.now + SNOOZE
    state = uow.nudges.get(number, cause)
    uow.nudges.put(number, cause, replace(state, not_before=until))
    return until


# --- the promise of the next update ------------------------------------------------------------

WARNING = timedelta(minutes=2)


def promise(uow: UnitOfWork, incident: Incident, due: datetime) -> None:
    """Timers for a promised update: the lead privately two minutes before, the room at the time."""
    stamp = int(due.timestamp())
    for task, at in (("update_due", due - WARNING), ("update_overdue", due)):
        uow.jobs.enqueue(
            JobSpec(
                task,
                Queue.TIMER,
                {"incident": incident.id, "stamp": stamp},
                dedupe=f"inc{incident.id}:{task}:{stamp}",
                run_at=max(at, uow.now),
                incident=incident.id,
            )
        )


def update_due(uow: UnitOfWork, number: IncidentId, stamp: int) -> None:
    """Two minutes before: the lead is told, if this is still the promise."""
    incident = uow.incidents.lock(number, SYSTEM)
    if _still(uow, incident, stamp) and incident.lead is not None:
        whisper(uow, incident.lead, number, "due", {})


def update_overdue(uow: UnitOfWork, number: IncidentId, stamp: int) -> None:
    """At the time: the room is told, and card and announcement show it."""
    incident = uow.incidents.lock(number, SYSTEM)
    if _still(uow, incident, stamp):
        say_in_rooms(uow, number, f"overdue:{stamp}")
        changed(uow, number)


def _still(uow: UnitOfWork, incident: Incident, stamp: int) -> bool:
    due = incident.next_update_at
    if due is None or int(due.timestamp()) != stamp or not incident.is_open:
        return False
    snoozed = uow.nudges.get(incident.id, Cause.UPDATE).not_before
    return snoozed is None or snoozed <= uow.now
