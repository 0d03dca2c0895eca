"""The promise of the next update: by hand or by the severity's cadence, and what happens when it comes due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.incident import Incident, IncidentId, Mode, Status
from bot.core.people import BOT, SYSTEM, PersonId
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity, cadence
from bot.core.timeline import Kind, fold
from bot.incidents.events import PromiseBroken
from bot.incidents.nudge import Cause
from bot.incidents.nudges.service import may_be_said, working_moment
from bot.messages.service import say_in_rooms, whisper

# The lead is told privately this long before.
WARNING = timedelta(minutes=2)
# Who promised is looked for among this many entries, whatever the history.
_RECENT = 50


def by_cadence(uow: UnitOfWork, incident: Incident) -> datetime | None:
    """When the severity's cadence asks for the next update; None where nothing is to be promised."""
    idle = incident.status is Status.TRIAGE or incident.paused_at is not None
    if not incident.is_open or idle or incident.mode is Mode.RETROSPECTIVE:
        return None
    severity = Severity.SEV1 if incident.is_major else incident.severity
    every = cadence(severity, uow.now - incident.declared_at)
    return None if every is None else uow.now + every


def promised(uow: UnitOfWork, incident: Incident, next_at: datetime | None) -> Incident:
    """After an update: the next one is promised by hand, else by cadence; nothing for what rests."""
    if not incident.is_open or incident.paused_at is not None:
        return incident
    due = next_at or by_cadence(uow, incident)
    return replace(incident, next_update_at=due)


def sooner(uow: UnitOfWork, incident: Incident) -> Incident:
    """After a change that is no update: the cadence is promised unless something sooner is already."""
    due, known = by_cadence(uow, incident), incident.next_update_at
    if due is None or (known is not None and known <= due):
        return incident
    return replace(incident, next_update_at=due)


def remind(uow: UnitOfWork, incident: Incident) -> None:
    """The timer of what is promised, if anything is. One a promise, however often this is asked for."""
    due = incident.next_update_at
    if due is not None:
        _timer(uow, incident.id, "update_due", due, max(due - WARNING, uow.now))


def _timer(uow: UnitOfWork, number: IncidentId, task: str, due: datetime, at: datetime) -> None:
    stamp = int(due.timestamp())
    uow.jobs.enqueue(
        JobSpec(
            task,
            Queue.TIMER,
            {"incident": number, "stamp": stamp},
            queueing_lock=f"inc{number}:{task}:{stamp}",
            run_at=at,
            incident=number,
        )
    )


def update_due(uow: UnitOfWork, number: IncidentId, stamp: int) -> None:
    """Two minutes before: the lead is told, if this is still the promise."""
    incident = uow.incidents.lock(number, SYSTEM)
    due = incident.next_update_at
    if due is None or not _still(incident, stamp):
        return
    _timer(uow, number, "update_overdue", due, max(due, uow.now))
    if incident.lead is not None and _snoozed(uow, incident) <= uow.now:
        whisper(uow, incident.lead, number, "due", {})


def update_overdue(uow: UnitOfWork, number: IncidentId, stamp: int) -> None:
    """At the time: card and announcement show it; the room is told, when it is not snoozed, in office
    hours if it runs long, and while the room has not had its fill of the bot."""
    incident = uow.incidents.lock(number, SYSTEM)
    due = incident.next_update_at
    if due is None or not _still(incident, stamp):
        return
    uow.happened(PromiseBroken(uow.now, BOT, incident, due))
    moment = working_moment(uow, incident, _snoozed(uow, incident))
    if moment <= uow.now:
        moment = may_be_said(uow, number)
    if moment > uow.now:
        _timer(uow, number, "update_overdue", due, moment)
    else:
        who = incident.lead or _last_to_promise(uow, number)
        name = uow.people.name(who) if who else ""
        late = int((uow.now - due).total_seconds() // 60)
        args: dict[str, str | int] = {"who": who or "", "name": name, "late": late}
        say_in_rooms(uow, number, f"overdue:{stamp}", args)


def _last_to_promise(uow: UnitOfWork, number: IncidentId) -> PersonId | None:
    """Who posted the last update; None where the first one was promised by the severity alone."""
    entries = fold(uow.timeline.recent(number, _RECENT, SYSTEM))
    authors = [entry.author for entry in entries if entry.kind is Kind.UPDATE]
    return authors[-1] if authors else None


def _still(incident: Incident, stamp: int) -> bool:
    due = incident.next_update_at
    return due is not None and int(due.timestamp()) == stamp and incident.is_open


def _snoozed(uow: UnitOfWork, incident: Incident) -> datetime:
    """Until when; the past when it is not."""
    return uow.nudges.get(incident.id, Cause.UPDATE).not_before or incident.declared_at
