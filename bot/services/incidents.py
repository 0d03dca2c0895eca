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
    clean_title,
    correct_time,
    move,
)
from bot.domain.people import Actor, PersonId, ServiceId
from bot.domain.policy import Action, may
from bot.domain.priority import Severity
from bot.domain.timeline import Kind
from bot.ports import Membership, PlanStep, UnitOfWork
from bot.services import status as public
from bot.services.paging import settle_pages
from bot.services.reactions import STEPS, Event
from bot.services.recording import change, changed, follow, record, room_platforms


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


def declare(uow: UnitOfWork, actor: Actor, command: Declare) -> Incident:
    """Record the incident, its plan, and every row that follows. Not idempotent: see deliveries."""
    may(actor, Action.DECLARE)
    status = Status.INVESTIGATING
    draft = Incident(
        IncidentId(0),
        clean_title(command.title),
        actor.id,
        uow.now,
        status,
        command.severity,
        services=command.services,
        visibility=command.visibility,
        mode=command.mode,
        summary=command.summary,
        roles={} if command.lead is None else {Role.COMMANDER: command.lead},
        times={status: command.started_at or uow.now},
        call_url=_call(uow),
    )
    incident = uow.incidents.add(draft)
    _record_declared(uow, actor, incident)
    uow.incidents.join(incident.id, actor.id, Membership.JOINED)
    if command.lead is not None and command.lead != actor.id:
        uow.incidents.join(incident.id, command.lead, Membership.INVITED)
    uow.plans.write(_plan(uow, incident))
    follow(uow, Event.DECLARED, incident.id, room_platforms(uow))
    return incident


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
    announced = incident.visibility is Visibility.PUBLIC
    return [
        PlanStep(incident.id, platform, step)
        for platform in room_platforms(uow)
        for step in STEPS
        if announced or step != "announcement"
    ]


def set_status(
    uow: UnitOfWork, actor: Actor, number: IncidentId, status: Status, why: str = ""
) -> Incident:
    """Move along the life cycle; skipped statuses are back-filled. Raises ``IllegalMove``."""
    may(actor, Action.STATUS)
    before = uow.incidents.lock(number, actor.viewer)
    after = move(before, status, uow.now)
    data = {"from": before.status.value, "to": status.value}
    record(uow, number, actor, Kind.STATUS, why, data)
    saved = change(uow, after)
    consequences(uow, actor, before, saved)
    return saved


def consequences(uow: UnitOfWork, actor: Actor, before: Incident, after: Incident) -> None:
    """What a change of status leads to beyond the cards."""
    if after.status is Status.RESOLVED:
        follow(uow, Event.RESOLVED, after.id)
        public.over(uow, actor, after)
    if after.status in (Status.RESOLVED, Status.CLOSED, *ENDED):
        settle_pages(uow, actor, after.id)
    if before.status not in OPEN and after.status in OPEN:
        follow(uow, Event.REOPENED, after.id)


def set_severity(uow: UnitOfWork, actor: Actor, number: IncidentId, severity: Severity) -> Incident:
    may(actor, Action.SEVERITY)
    before = uow.incidents.lock(number, actor.viewer)
    if before.severity is severity:
        return before
    old = before.severity.label if before.severity else ""
    record(uow, number, actor, Kind.SEVERITY, "", {"from": old, "to": severity.label})
    return change(uow, replace(before, severity=severity))


def set_services(
    uow: UnitOfWork, actor: Actor, number: IncidentId, services: tuple[ServiceId, ...]
) -> Incident:
    """Say what is affected besides what was said; the first still owns the incident."""
    may(actor, Action.DESCRIBE)
    before = uow.incidents.lock(number, actor.viewer)
    both = tuple(dict.fromkeys((*before.services, *services)))
    record(uow, number, actor, Kind.SERVICES, ", ".join(services), {"services": ", ".join(both)})
    return change(uow, replace(before, services=both))


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
    record(uow, number, actor, _DESCRIBES[what], words, {"from": str(getattr(before, what))})
    return change(uow, after)


def set_role(
    uow: UnitOfWork, actor: Actor, number: IncidentId, role: Role, person: PersonId
) -> Incident:
    """Give a role; whoever had it hands it over, and both are named on the timeline."""
    may(actor, Action.ROLE)
    before = uow.incidents.lock(number, actor.viewer)
    held = before.roles.get(role)
    if held == person:
        return before
    data = {"role": role.value, "person": person, "from": held or ""}
    record(uow, number, actor, Kind.ROLE, "", data)
    how = Membership.JOINED if person == actor.id else Membership.INVITED
    add_people(uow, number, (person,), how)
    return change(uow, replace(before, roles={**before.roles, role: person}))


def join(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if add_people(uow, number, (actor.id,), Membership.JOINED):
        record(uow, number, actor, Kind.JOINED)
        changed(uow, number)
    return incident


def leave(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent. Roles stay with whoever leaves until somebody takes them."""
    incident = uow.incidents.lock(number, actor.viewer)
    if uow.incidents.join(number, actor.id, Membership.LEFT):
        record(uow, number, actor, Kind.LEFT)
        changed(uow, number)
    return incident


def invite(
    uow: UnitOfWork, actor: Actor, number: IncidentId, people: tuple[PersonId, ...]
) -> tuple[PersonId, ...]:
    """Invite people. Returns those who were not in already."""
    may(actor, Action.INVITE)
    uow.incidents.lock(number, actor.viewer)
    new = add_people(uow, number, people, Membership.INVITED)
    if new:
        record(uow, number, actor, Kind.INVITED, "", {"people": ", ".join(new)})
        changed(uow, number)
    return new


def add_people(
    uow: UnitOfWork, number: IncidentId, people: tuple[PersonId, ...], how: Membership
) -> tuple[PersonId, ...]:
    """Make people members and have the rooms invite them. Returns those for whom it was new."""
    new = tuple(person for person in people if uow.incidents.join(number, person, how))
    if new:
        follow(uow, Event.PEOPLE_ADDED, number)
    return new


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
    record(uow, number, actor, Kind.TIME, "", data)
    return change(uow, after)
