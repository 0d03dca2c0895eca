"""The verbs of an incident's life: declare it, move it along, say how bad it is and what it is about."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.chat.title import TITLE_LIMIT, clean_title
from bot.core.errors import IllegalMove, Invalid
from bot.core.incident import (
    Incident,
    IncidentId,
    Major,
    Membership,
    Mode,
    Role,
    Status,
    Visibility,
    correct_time,
    move,
)
from bot.core.people import Actor, PersonId, ServiceId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.incidents.events import Declared, Description
from bot.incidents.nudges.promises import sooner
from bot.incidents.plan import PlanStep, plan_on
from bot.incidents.recording.amending import amend, room_platforms

TEXT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Declare:
    """What is declared. ``title`` is as typed; it is cleaned here and never refused but when empty."""

    title: str
    severity: Severity | None = None
    services: tuple[ServiceId, ...] = ()
    lead: PersonId | None = None
    visibility: Visibility = Visibility.PUBLIC
    mode: Mode = Mode.STANDARD
    summary: str = ""
    started_at: datetime | None = None
    status: Status = Status.INVESTIGATING


def declare(uow: UnitOfWork, actor: Actor, command: Declare) -> Incident:
    """Record the incident, its plan, and every row that follows. Not idempotent: see deliveries."""
    may(actor, Action.DECLARE)
    draft = Incident(
        IncidentId(0),
        clean_title(command.title),
        actor.id,
        uow.now,
        command.status,
        command.severity,
        services=command.services,
        visibility=command.visibility,
        mode=command.mode,
        summary=command.summary or _whole(command.title),
        roles={} if command.lead is None else {Role.COMMANDER: command.lead},
        times={command.status: command.started_at or uow.now},
        call_url=_call(uow),
    )
    incident = uow.incidents.add(sooner(uow, draft))
    uow.incidents.join(incident.id, actor.id, Membership.JOINED)
    if command.lead is not None and command.lead != actor.id:
        uow.incidents.join(incident.id, command.lead, Membership.INVITED)
    uow.plans.write(_plan(uow, incident))
    uow.happened(Declared(uow.now, actor, incident))
    return incident


def _whole(title: str) -> str:
    """A title too long for a title is kept whole as the summary: no character of it is lost."""
    return title.strip()[:TEXT_LIMIT] if len(title.strip()) > TITLE_LIMIT else ""


def _call(uow: UnitOfWork) -> str:
    """The call's address but for the reference, which the incident does not have yet."""
    token = secrets.token_urlsafe(6)
    return string.Template(uow.org.chat.call).safe_substitute(token=token)


def _plan(uow: UnitOfWork, incident: Incident) -> list[PlanStep]:
    return [
        step for platform in room_platforms(uow, incident) for step in plan_on(incident, platform)
    ]


def set_status(
    uow: UnitOfWork, actor: Actor, number: IncidentId, status: Status, why: str = ""
) -> Incident:
    """Move along the life cycle; skipped statuses are back-filled. Raises ``IllegalMove``."""
    may(actor, Action.STATUS)
    before = uow.incidents.lock(number, actor.viewer)
    words = why.strip()[:TEXT_LIMIT]
    return amend(uow, actor, before, sooner(uow, moved(uow, before, status)), words=words)


def moved(uow: UnitOfWork, incident: Incident, status: Status) -> Incident:
    """The incident in ``status``. Raises ``IllegalMove``, or what a package refuses it with."""
    if status is Status.MERGED:
        raise IllegalMove("Say into which: /incident merge INC-41")
    return allowed(uow, incident, status)


def allowed(uow: UnitOfWork, incident: Incident, status: Status) -> Incident:
    """The same for every verb that moves an incident, by whatever words."""
    refusal = uow.refusal(incident, status)
    if refusal is not None:
        raise refusal
    return move(incident, status, uow.now)


def set_severity(uow: UnitOfWork, actor: Actor, number: IncidentId, severity: Severity) -> Incident:
    may(actor, Action.SEVERITY)
    before = uow.incidents.lock(number, actor.viewer)
    if before.severity is severity:
        return before
    return amend(uow, actor, before, sooner(uow, replace(before, severity=severity)))


def set_major(uow: UnitOfWork, actor: Actor, number: IncidentId, *, major: bool) -> Incident:
    """Say that it is major, or is not, whatever its severity."""
    may(actor, Action.SEVERITY)
    before = uow.incidents.lock(number, actor.viewer)
    after = replace(before, major=Major.YES if major else Major.NO)
    if after.is_major == before.is_major:
        return before
    return amend(uow, actor, before, sooner(uow, after))


def set_services(
    uow: UnitOfWork, actor: Actor, number: IncidentId, services: tuple[ServiceId, ...]
) -> Incident:
    """Say what is affected besides what was said; the first still owns the incident."""
    may(actor, Action.DESCRIBE)
    before = uow.incidents.lock(number, actor.viewer)
    both = tuple(dict.fromkeys((*before.services, *services)))
    return amend(uow, actor, before, replace(before, services=both))


def describe(
    uow: UnitOfWork, actor: Actor, number: IncidentId, what: Description, text: str
) -> Incident:
    """Set title, summary or impact; the old text stays on the timeline."""
    may(actor, Action.DESCRIBE)
    before = uow.incidents.lock(number, actor.viewer)
    words = clean_title(text) if what is Description.TITLE else text.strip()[:2000]
    if not words:
        raise Invalid(f'Say what the {what} is: /incident {what} "text"')
    after = {
        Description.TITLE: replace(before, title=words),
        Description.SUMMARY: replace(before, summary=words),
        Description.IMPACT: replace(before, impact=words),
    }[what]
    return amend(uow, actor, before, after)


def correct(
    uow: UnitOfWork, actor: Actor, number: IncidentId, status: Status, at: datetime
) -> Incident:
    """Correct by hand when a status was first entered."""
    may(actor, Action.STATUS)
    before = uow.incidents.lock(number, actor.viewer)
    return amend(uow, actor, before, correct_time(before, status, at, uow.now))
