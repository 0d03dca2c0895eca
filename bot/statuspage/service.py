"""Publishing: an explicit, previewed step. Declaring never publishes; resolving resets the components."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, replace

from bot.core.errors import NotAllowed
from bot.core.events.base import Said
from bot.core.incident import Incident, IncidentId, Mode, Status, Visibility
from bot.core.people import SYSTEM, Actor
from bot.core.permissions import Action, may
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.statuspage.events import IncidentPublished
from bot.statuspage.model import (
    ComponentStatus,
    Publication,
    PublicStatus,
    PublicUpdate,
    Snapshot,
    component_status,
    proposal,
    public_status,
    snapshot,
)

TITLE_LIMIT = 120
BODY_LIMIT = 2000
_RECENT = 50
# What customers read when an incident was no incident, or goes on elsewhere.
ENDED_WORDS = "This incident has ended."
_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class Preview:
    """What customers would read."""

    incident: Incident
    title: str
    status: PublicStatus
    body: str
    components: dict[str, ComponentStatus]


def preview(
    uow: UnitOfWork, actor: Actor, number: IncidentId, body: str = "", title: str = ""
) -> Preview:
    """What ``publish`` would show, and nothing changed. Raises ``NotAllowed`` for what stays inside."""
    may(actor, Action.PUBLISH)
    incident = uow.incidents.get(number, actor.viewer)
    _refuse_inside(incident)
    known = uow.status.of(number)
    components = _components(uow, incident)
    names = [uow.org.components[name].name for name in components]
    status = public_status(incident.status)
    proposed = known.title if known else f"Problem with {', '.join(names) or 'our service'}"
    return Preview(
        incident,
        (title.strip() or proposed)[:TITLE_LIMIT],
        status,
        (body.strip() or proposal(status, names))[:BODY_LIMIT],
        components,
    )


def _refuse_inside(incident: Incident) -> None:
    if incident.visibility is Visibility.PRIVATE:
        raise NotAllowed(
            "A private incident is never published. Declare what customers may know as one of its own."
        )
    if incident.mode is Mode.TEST:
        raise NotAllowed(
            "This is a test; nothing of it is published. Declare the real one without --test."
        )


def _components(uow: UnitOfWork, incident: Incident) -> dict[str, ComponentStatus]:
    """The public components of the services, as bad as the severity says; fine again once over."""
    status = component_status(incident.severity)
    found: dict[str, ComponentStatus] = {}
    for name in incident.services:
        service = uow.org.services.get(name)
        if service and service.component in uow.org.components:
            found[str(service.component)] = status
    return found


def publish(
    uow: UnitOfWork, actor: Actor, number: IncidentId, body: str = "", title: str = ""
) -> Publication:
    """Show it to customers. The first time makes the publication, later ones add an update."""
    may(actor, Action.PUBLISH)
    uow.incidents.lock(number, actor.viewer)
    wanted = preview(uow, actor, number, body, title)
    known = uow.status.of(number)
    first = known is None
    if known is None:
        known = Publication(new_id(), number, wanted.title, wanted.components, uow.now)
        uow.status.add(known)
    known = replace(known, title=wanted.title, components=wanted.components)
    return _tell(uow, actor, wanted.incident, known, wanted.status, wanted.body, first=first)


def _tell(
    uow: UnitOfWork,
    actor: Actor,
    incident: Incident,
    known: Publication,
    status: PublicStatus,
    body: str,
    *,
    first: bool = False,
) -> Publication:
    """One more update for customers. The caller has asked whether it may."""
    over = uow.now if status is PublicStatus.RESOLVED else None
    done = replace(known, resolved_at=over)
    update = PublicUpdate(new_id(), status, body, uow.now)
    uow.status.update(done, update)
    uow.happened(IncidentPublished(uow.now, actor, incident, status, Said(body), first))
    return replace(done, updates=(*known.updates, update))


def ended(uow: UnitOfWork, actor: Actor, incident: Incident) -> None:
    """The incident is over: if customers were told of it, they are told so, and all is green again. Of a private one
    nothing is said any more: it is not on the page."""
    known = uow.status.of(incident.id)
    if known is None or known.resolved_at is not None or _inside(incident):
        return
    solved = incident.status is Status.RESOLVED
    body = _proposed(uow, incident, PublicStatus.RESOLVED) if solved else ENDED_WORDS
    now = replace(known, components=_components(uow, incident))
    _tell(uow, actor, incident, now, PublicStatus.RESOLVED, body)


def resumed(uow: UnitOfWork, actor: Actor, incident: Incident) -> None:
    """The incident goes on after all: so does what customers were told was over."""
    known = uow.status.of(incident.id)
    if known is None or known.resolved_at is None or _inside(incident):
        return
    status = public_status(incident.status)
    now = replace(known, components=_components(uow, incident))
    _tell(uow, actor, incident, now, status, _proposed(uow, incident, status))


def _inside(incident: Incident) -> bool:
    return incident.visibility is Visibility.PRIVATE or incident.mode is Mode.TEST


def _proposed(uow: UnitOfWork, incident: Incident, status: PublicStatus) -> str:
    names = [uow.org.components[name].name for name in _components(uow, incident)]
    return proposal(status, names)[:BODY_LIMIT]


def new_id() -> str:
    """Twelve characters of a-z0-9, by chance: what stands in public addresses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def render_soon(uow: UnitOfWork) -> None:
    """Have the page rendered once, after this transaction."""
    uow.jobs.enqueue(JobSpec("render_status", Queue.TIMER, queueing_lock="statuspage"))


def current(uow: UnitOfWork) -> Snapshot:
    """The page as it stands. Publications of incidents that became private are left out."""
    found = [p for p in uow.status.recent(_RECENT) if _public(uow, p)]
    planned = [*uow.maintenances.ahead(), *uow.maintenances.past(_RECENT)]
    return snapshot(uow.org.name, uow.org.components.values(), found, uow.now, planned)


def _public(uow: UnitOfWork, publication: Publication) -> bool:
    incident = uow.incidents.get(publication.incident, SYSTEM)
    return incident.visibility is Visibility.PUBLIC
