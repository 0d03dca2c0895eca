"""What happens at *resolved*: the requester is asked, and the managers get the draft."""

from __future__ import annotations

from bot.core.errors import IllegalMove
from bot.core.events.base import Said
from bot.core.incident import ENDED, Incident, IncidentId, Status
from bot.core.people import SYSTEM, Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, fold
from bot.incidents.closing_rules import Point, WriteUp, lacking, standing_of
from bot.incidents.events import FixConfirmed, PostmortemSettled
from bot.incidents.facts import draft_url
from bot.messages.service import whisper

TEXT_LIMIT = 1000


def ask_reporter(uow: UnitOfWork, number: IncidentId) -> None:
    """*Fixed* or *Still broken*, privately, to whoever reported it."""
    incident = uow.incidents.get(number, SYSTEM)
    if incident.status is Status.RESOLVED:
        whisper(uow, incident.reporter, number, "confirm", {})


def send_draft(uow: UnitOfWork, number: IncidentId) -> None:
    """The link to the draft, to the managers of the owning team; without any, to lead and reporter."""
    incident = uow.incidents.get(number, SYSTEM)
    if incident.status is not Status.RESOLVED:
        return
    url = draft_url(uow.internal_url, incident)
    for person in _readers(uow, incident):
        whisper(uow, person, number, "draft", {"url": url})


def _readers(uow: UnitOfWork, incident: Incident) -> tuple[PersonId, ...]:
    team = uow.org.team_of(incident.services)
    if team is not None and team.managers:
        return team.managers
    return tuple(dict.fromkeys(p for p in (incident.lead, incident.reporter) if p))


def confirm(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """It is fixed, says the requester, or somebody for them. Once for each time it is resolved."""
    may(actor, Action.CONFIRM)
    incident = uow.incidents.lock(number, actor.viewer)
    if incident.status is not Status.RESOLVED:
        raise IllegalMove(
            f"{incident.reference} is not resolved (status: {incident.status}): there is no fix to confirm. First: /incident resolved"
        )
    if Point.CONFIRMATION in _lacking(uow, incident):
        requester = incident.reporter if actor.id != incident.reporter else None
        uow.happened(FixConfirmed(uow.now, actor, incident, requester))
    return incident


def write_up(
    uow: UnitOfWork, actor: Actor, number: IncidentId, outcome: WriteUp, why: str = ""
) -> Incident:
    """The postmortem is done, or explicitly not needed. Raises ``IllegalMove``: a major incident has one."""
    may(actor, Action.POSTMORTEM)
    incident = uow.incidents.lock(number, actor.viewer)
    if incident.is_open or incident.status in ENDED:
        raise IllegalMove(
            f"{incident.reference} is not resolved (status: {incident.status}). First: /incident resolved"
        )
    if outcome is WriteUp.SKIPPED and incident.is_major:
        raise IllegalMove(
            "A major incident needs a postmortem. When it is done: /incident postmortem done"
        )
    if standing_of(_entries(uow, incident)) is not outcome:
        words = Said(why.strip()[:TEXT_LIMIT])
        uow.happened(PostmortemSettled(uow.now, actor, incident, outcome, words))
    return incident


def missing(uow: UnitOfWork, incident: Incident) -> tuple[Point, ...]:
    """What stands between a resolved incident and its close."""
    if incident.status is not Status.RESOLVED:
        return ()
    return _lacking(uow, incident)


def _lacking(uow: UnitOfWork, incident: Incident) -> tuple[Point, ...]:
    return lacking(incident, _entries(uow, incident))


def _entries(uow: UnitOfWork, incident: Incident) -> list[Entry]:
    return fold(uow.timeline.of(incident.id, SYSTEM))


def unready(uow: UnitOfWork, incident: Incident, status: Status) -> IllegalMove | None:
    """Why it may not become ``status`` by saying so, and what to do first; or nothing."""
    if status is Status.CLOSED and incident.status is Status.RESOLVED:
        points = _lacking(uow, incident)
        if points:
            requester = uow.people.name(incident.reporter)
            words = " ".join(point.words(requester) for point in points)
            return IllegalMove(f"{incident.reference} cannot be closed yet. {words}")
    return None
