"""The postmortem draft of an incident, made from its log whenever it is read: so it is always there."""

from __future__ import annotations

from dataclasses import replace

from bot.core.incident import Incident, IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import DRAFT_SECTION
from bot.core.timeline import fold
from bot.incidents.closing_rules import WriteUp, standing_of
from bot.incidents.facts import draft_url
from bot.postmortems.draft_view import html, markdown
from bot.postmortems.model import Postmortem, draft


def draft_of(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Postmortem:
    """Raises ``NotFound`` for what the viewer may not see."""
    incident = uow.incidents.get(number, viewer)
    entries = uow.timeline.of(number, viewer)
    people = {entry.author for entry in entries if entry.author}
    people |= {PersonId(e.data[k]) for e in entries for k in ("person", "owner") if e.data.get(k)}
    names = {person: uow.people.name(person) for person in sorted(people)}
    made = draft(incident.reference, entries, names)
    return replace(made, sections=(*made.sections, *uow.fill(DRAFT_SECTION, incident, viewer)))


def standing(
    uow: UnitOfWork, incident: Incident, viewer: Viewer
) -> tuple[Postmortem, WriteUp, str]:
    """The draft as it is now, what was said of it, and where it is read."""
    made = draft_of(uow, incident.id, viewer)
    said = standing_of(fold(uow.timeline.of(incident.id, viewer)))
    return made, said, draft_url(uow.internal_url, incident)


def draft_html(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> str:
    return html(draft_of(uow, number, viewer), f"/incidents/INC-{number}")


def draft_markdown(uow: UnitOfWork, number: IncidentId, viewer: Viewer, base_url: str) -> str:
    """Links are whole addresses, since Markdown is sent around."""
    return markdown(draft_of(uow, number, viewer), f"{base_url}/incidents/INC-{number}")
