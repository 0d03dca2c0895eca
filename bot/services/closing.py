"""What happens at *resolved*: the requester is asked, and the managers get the draft."""

from __future__ import annotations

from bot.domain.incident import Incident, IncidentId, Status
from bot.domain.people import SYSTEM, Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import UnitOfWork
from bot.services.facts import draft_url
from bot.services.plans import whisper
from bot.services.recording import changed, record


def ask_reporter(uow: UnitOfWork, number: IncidentId) -> None:
    """*Fixed* or *Still broken*, privately, to whoever reported it."""
    incident = uow.incidents.get(number, SYSTEM)
    if incident.status is Status.RESOLVED:
        whisper(uow, incident.reporter, number, "confirm", {})


def send_draft(uow: UnitOfWork, number: IncidentId, base_url: str) -> None:
    """The link to the draft, to the managers of the owning team; without any, to lead and reporter."""
    incident = uow.incidents.get(number, SYSTEM)
    if incident.status is not Status.RESOLVED:
        return
    url = draft_url(base_url, incident)
    for person in _readers(uow, incident):
        whisper(uow, person, number, "draft", {"url": url})


def _readers(uow: UnitOfWork, incident: Incident) -> tuple[PersonId, ...]:
    team = uow.org.team_of(incident.services)
    if team is not None and team.managers:
        return team.managers
    return tuple(dict.fromkeys(p for p in (incident.lead, incident.reporter) if p))


def confirm(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """The requester says it is fixed. Recorded once."""
    may(actor, Action.CONFIRM)
    incident = uow.incidents.lock(number, actor.viewer)
    entries = uow.timeline.recent(number, 50, SYSTEM)
    if not any(e.kind is Kind.CONFIRMED and e.author == actor.id for e in entries):
        record(uow, number, actor, Kind.CONFIRMED)
        changed(uow, number)
    return incident
