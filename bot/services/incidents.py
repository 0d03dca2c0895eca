"""The verbs of an incident's life: declare, move, describe, people and roles."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import Invalid
from bot.domain.incident import (
    ENDED,
    OPEN,
    Incident,
    IncidentId,
    Mode,
    Role,
    Status,
    Visibility,
    correct_time,
    move,
)
from bot.domain.nudge import Cause
from bot.domain.people import Actor, PersonId, ServiceId
from bot.domain.policy import Action, may
from bot.domain.priority import Severity
from bot.domain.timeline import Kind
from bot.domain.title import TITLE_LIMIT, clean_title
from bot.ports import Membership, PlanStep, UnitOfWork
from bot.services import status as public
from bot.services.answering import settle_pages
from bot.services.closing import ready
from bot.services.following import tell_subscribers
from bot.services.nudges import answered
from bot.services.promises import remind, sooner
from bot.services.reactions import Event
from bot.services.recording import apply, follow, record, room_platforms
from bot.services.rooms import plan_on, widened

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
    remind(uow, incident)
    _record_declared(uow, actor, incident)
    uow.incidents.join(incident.id, actor.id, Membership.JOINED)
    if command.lead is not None and command.lead != actor.id:
        uow.incidents.join(incident.id, command.lead, Membership.INVITED)
    uow.plans.write(_plan(uow, incident))
    follow(uow, _AT_ONCE[incident.mode], incident.id, room_platforms(uow, incident))
    if incident.is_major:
        follow(uow, Event.MAJOR, incident.id, ())
    return incident


def _whole(title: str) -> str:
    """A title too long for a title is kept whole as the summary: no character of it is lost."""
    return title.strip()[:TEXT_LIMIT] if len(title.strip()) > TITLE_LIMIT else ""


# Nobody is woken for what is over.
_AT_ONCE = {
    Mode.STANDARD: Event.DECLARED,
    Mode.TEST: Event.DECLARED,
    Mode.RETROSPECTIVE: Event.WRITTEN_DOWN,
}


def _record_declared(uow: UnitOfWork, actor: Actor, incident: Incident) -> None:
    data = {"severity": incident.severity.label} if incident.severity else {}
    if incident.services:
        data["services"] = ", ".join(incident.services)
    if incident.lead:
        data["lead"] = incident.lead
    record(uow, incident.id, actor, Kind.DECLARED, incident.title, data)


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
    ready(uow, before, status)
    after = sooner(uow, move(before, status, uow.now))
    data = {"from": before.status.value, "to": status.value}
    saved = apply(uow, actor, before, after, Kind.STATUS, why.strip()[:TEXT_LIMIT], data)
    consequences(uow, actor, before, saved)
    tell_subscribers(uow, actor, number, f"{status.capitalize()}. {why.strip()}".strip())
    return saved


def consequences(uow: UnitOfWork, actor: Actor, before: Incident, after: Incident) -> None:
    """What a change of status leads to beyond the cards."""
    if after.next_update_at != before.next_update_at:
        remind(uow, after)
    if after.status is Status.RESOLVED:
        follow(uow, Event.RESOLVED, after.id)
        public.over(uow, actor, after)
    if after.status in (Status.RESOLVED, Status.CLOSED, *ENDED):
        settle_pages(uow, actor, after.id)
    if before.status not in OPEN and after.status in OPEN:
        follow(uow, Event.REOPENED, after.id)
    if after.status in ENDED and before.status not in ENDED:
        follow(uow, Event.ENDED, after.id)
    if after.is_major and not before.is_major:
        follow(uow, Event.MAJOR, after.id)
    widened(uow, before, after)


def set_severity(uow: UnitOfWork, actor: Actor, number: IncidentId, severity: Severity) -> Incident:
    may(actor, Action.SEVERITY)
    before = uow.incidents.lock(number, actor.viewer)
    if before.severity is severity:
        return before
    old = before.severity.label if before.severity else ""
    after = sooner(uow, replace(before, severity=severity))
    data = {"from": old, "to": severity.label}
    saved = apply(uow, actor, before, after, Kind.SEVERITY, "", data)
    answered(uow, number, Cause.SEVERITY)
    consequences(uow, actor, before, saved)
    return saved


def set_major(uow: UnitOfWork, actor: Actor, number: IncidentId, major: str) -> Incident:
    """``major`` is "yes" or "no": a flag of its own beside the severity (PRODUCT 2)."""
    may(actor, Action.SEVERITY)
    before = uow.incidents.lock(number, actor.viewer)
    after = replace(before, major=major)
    if after.is_major == before.is_major:
        return before
    saved = apply(uow, actor, before, sooner(uow, after), Kind.MAJOR, "", {"to": major})
    consequences(uow, actor, before, saved)
    return saved


def set_services(
    uow: UnitOfWork, actor: Actor, number: IncidentId, services: tuple[ServiceId, ...]
) -> Incident:
    """Say what is affected besides what was said; the first still owns the incident."""
    may(actor, Action.DESCRIBE)
    before = uow.incidents.lock(number, actor.viewer)
    both = tuple(dict.fromkeys((*before.services, *services)))
    after, data = replace(before, services=both), {"services": ", ".join(both)}
    saved = apply(uow, actor, before, after, Kind.SERVICES, ", ".join(services), data)
    widened(uow, before, saved)
    return saved


_DESCRIBES = {"title": Kind.TITLE, "summary": Kind.SUMMARY, "impact": Kind.IMPACT}


def describe(uow: UnitOfWork, actor: Actor, number: IncidentId, what: str, text: str) -> Incident:
    """Set title, summary or impact; the old text stays on the timeline."""
    may(actor, Action.DESCRIBE)
    before = uow.incidents.lock(number, actor.viewer)
    words = clean_title(text) if what == "title" else text.strip()[:2000]
    if not words:
        raise Invalid(f'Say what the {what} is: /incident {what} "text"')
    after = {
        "title": replace(before, title=words),
        "summary": replace(before, summary=words),
        "impact": replace(before, impact=words),
    }[what]
    data = {"from": str(getattr(before, what))}
    return apply(uow, actor, before, after, _DESCRIBES[what], words, data)


def correct(
    uow: UnitOfWork, actor: Actor, number: IncidentId, status: Status, at: datetime
) -> Incident:
    """Correct by hand when a status was first entered."""
    may(actor, Action.STATUS)
    before = uow.incidents.lock(number, actor.viewer)
    after = correct_time(before, status, at, uow.now)
    data = {
        "status": status.value,
        "at": at.isoformat(),
        "from": before.times[status].isoformat(),
    }
    return apply(uow, actor, before, after, Kind.TIME, "", data)
